/** `deno task data`, with the permissions of deno.json and a publisher on 127.0.0.1. */
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { CATALOGUE } from "../../lib/data/catalogue/mod.ts";
import { type Offer, serveFiles } from "../data/catalogue/file_server.ts";
import { isThere, namesIn, newFolder, readBytes, readText, writeFile } from "../files.ts";
import { runTask, taskProcess } from "./run_task.ts";

const shared = Deno.env.get("SPARSEMBLE_DATA");

Deno.test("data list shows every data set, whether it is a part, and whether it is here", async () => {
  const folder = newFolder();
  writeFile(`${folder}/pol.csv.gz`, "");
  const { code, stdout, stderr } = await runTask("data", ["list", "--folder", folder]);
  assert.equal(code, 0, stderr);
  for (const name of Object.keys(CATALOGUE)) assert.match(stdout, new RegExp(` ${name} `));
  assert.match(stdout, /│ jannis-subset +│ 20730 +│ 54 +│ 2 +│ a part of 57580 │ no +│ nobody/);
  assert.match(stdout, /│ higgs-subset +│ 35298 +│ 28 +│ 2 +│ a part /);
  assert.match(stdout, /│ pol +│ 10082 +│ 26 +│ 2 +│ all +│ yes +│ hugging-face, openml/);

  const json = await runTask("data", ["list", "--folder", folder, "--json"]);
  const { datasets } = JSON.parse(json.stdout);
  assert.equal(datasets.length, Object.keys(CATALOGUE).length);
  assert.deepEqual(
    datasets.filter(({ here }: { here: boolean }) => here).map(({ name }: { name: string }) =>
      name
    ),
    ["pol"],
  );
});

Deno.test("data show says where a data set comes from, and that a part is a part", async () => {
  const { stdout } = await runTask("data", ["show", "miniboone-subset"]);
  assert.match(stdout, /^MiniBooNE \(subset\): 3628 rows × 50 features, 2 classes\n/);
  assert.match(stdout, /ONLY A PART: the paper has 72998 rows × 50 features; results on it are no/);
  const whole = await runTask("data", ["show", "california", "--json"]);
  const shown = JSON.parse(whole.stdout);
  assert.equal(shown.name, "california");
  assert.deepEqual(shown.paper, { rows: 20634, features: 8 });
  assert.match(
    shown.sources[0].downloads[0].address,
    /^https:\/\/huggingface\.co\/.*california\.csv$/,
  );
});

Deno.test("data tells mistakes in one sentence", async () => {
  const folder = newFolder();
  const mistakes: [args: string[], code: number, says: RegExp][] = [
    [["show", "poll"], 2, /found "poll", need one of .*; did you mean "pol"\?$/],
    [["fetch"], 2, /^Cannot fetch: need names of data sets, or --all$/],
    [["fetch", "pol", "nothing"], 2, /found "nothing", need one of/],
    [["fetch", "jannis-subset", "--folder", folder], 2, /nobody who offers this part of "jannis"/],
    [["fetch", "pol", "--from", "ucl"], 2, /'ucl' is invalid/],
    [
      ["fetch", "pol", "--from", "uci", "--folder", folder],
      2,
      /need one of "hugging-face", "openml"$/,
    ],
    [["verify", "pol", "--folder", folder], 1, /^Cannot vouch for ".*pol\.csv\.gz"$/],
    [["fetsch"], 2, /unknown command 'fetsch' \(Did you mean fetch\?\)/],
    [
      ["balance", "missing.csv", "--target", "y", "--out", "x.csv"],
      2,
      /missing\.csv": found no such/,
    ],
  ];
  for (const [args, expected, says] of mistakes) {
    const { code, stderr } = await runTask("data", args, { from: folder });
    const line = stderr.trimEnd();
    assert.equal(line.split("\n").length, 1, stderr);
    assert.match(line, says);
    assert.equal(code, expected, line);
  }
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("data fetch tells a missing file and a wrong one, and leaves nothing", async () => {
  const folder = newFolder();
  const path = new URL(CATALOGUE.pol.sources[0].downloads[0].address).pathname;
  await using server = serveFiles({});
  const args = ["fetch", "pol", "--folder", folder, "--mirror", server.origin];
  const missing = await runTask("data", args);
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /\nCannot download "http:.*\/pol\.csv": found status 404 \(Not Found\), need 200\n$/,
  );
  server.offers[path] = { content: "f1,binaryClass\n1,P\n" };
  const wrong = await runTask("data", args);
  assert.equal(wrong.code, 1);
  assert.match(
    wrong.stderr,
    /\nCannot use "http:.*": found 19 bytes with SHA-256 \w+, need \w+; nothing was kept\n$/,
  );
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("data fetch goes to no host that is not a publisher's", async () => {
  const folder = newFolder();
  const path = new URL(CATALOGUE.pol.sources[0].downloads[0].address).pathname;
  const elsewhere = new Response(null, {
    status: 302,
    headers: { location: "http://elsewhere.example/pol.csv" },
  });
  await using server = serveFiles({ [path]: { content: "", instead: [elsewhere] } });
  const args = ["fetch", "pol", "--folder", folder, "--mirror", server.origin];
  const { code, stderr } = await runTask("data", args);
  assert.notEqual(code, 0);
  assert.match(stderr, /permission is missing: .*elsewhere\.example/);
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("data balance keeps the rows that the benchmark's rule keeps", async () => {
  const from = newFolder();
  const labels = ["b", "a", "b", "b", "a", "c", "b", ""];
  writeFile(
    `${from}/raw.csv`,
    `x,kind\n${labels.map((label, row) => `${row},${label}\n`).join("")}`,
  );
  const args = ["balance", "raw.csv", "--target", "kind", "--out", "balanced.csv"];
  const refused = await runTask("data", args, { from });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /line 9, column "kind": found .*; --missing-target skip .*leaves/);
  const skip = [...args, "--missing-target", "skip"];
  const { code, stdout, stderr } = await runTask("data", skip, { from });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, 'Rows that are left out, without "kind": 1\n');
  // numpy.random.RandomState(0).choice([0, 2, 3, 6], 2, replace=False), then all of a.
  assert.equal(readText(`${from}/balanced.csv`), "x,kind\n3,b\n6,b\n1,a\n4,a\n");
  assert.equal(stdout, "4 of 7 rows: 2 of class b drawn, and all of class a\n");
});

Deno.test({
  name: "data fetch brings what train, evaluate and verify then use; stopped, it goes on",
  ignore: shared === undefined,
  fn: async () => {
    const folder = newFolder();
    const { file, sources } = CATALOGUE.electricity;
    const original = gunzipSync(readBytes(`${shared}/${file}`)).toString()
      .replace(/target\n/, "class\n").replaceAll(/,0\n/g, ",DOWN\n").replaceAll(/,1\n/g, ",UP\n");
    const path = new URL(sources[0].downloads[0].address).pathname;
    const never = Promise.withResolvers<void>();
    const offers: Record<string, Offer> = { [path]: { content: original, pause: never.promise } };
    await using server = serveFiles(offers);
    const args = ["fetch", "electricity", "--folder", folder, "--mirror", server.origin];

    const process = taskProcess("data", args).spawn();
    const part = `${folder}/electricity-electricity.csv.part`;
    while (!isThere(part) || (await Deno.stat(part)).size === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.kill("SIGINT");
    const stopped = await process.output();
    assert.equal(stopped.code, 130);
    assert.match(
      new TextDecoder().decode(stopped.stderr),
      /\nStopped\. What was downloaded is kept; go on with: deno task .*data fetch .*\n$/,
    );
    never.resolve();
    assert.deepEqual(namesIn(folder), [
      "electricity-electricity.csv.part",
      "electricity-electricity.csv.part.json",
    ]);
    const kept = (await Deno.stat(part)).size;

    offers[path] = { content: original };
    const fetched = await runTask("data", [...args, "--json"]);
    assert.equal(fetched.code, 0, fetched.stderr);
    const [{ alreadyThere, downloads }] = JSON.parse(fetched.stdout);
    assert.equal(alreadyThere, false);
    assert.equal(downloads[0].checked, true);
    assert.match(fetched.stderr, /electricity: going on after/);
    assert.equal(server.asked.at(-1)!.range, `bytes=${kept}-`);
    assert.deepEqual(namesIn(folder), ["electricity.csv.gz"]);

    const verified = await runTask("data", ["verify", "--folder", folder]);
    assert.equal(verified.code, 0, verified.stderr);
    assert.match(verified.stdout, /│ electricity +│ electricity\.csv\.gz │ intact +│/);
    const again = await runTask("data", args);
    assert.equal(again.stdout, "electricity: is there\n");

    const text = gunzipSync(readBytes(`${folder}/electricity.csv.gz`)).toString();
    writeFile(`${folder}/electricity.csv.gz`, gzipSync(text.replace("0.898987", "0.898988")));
    const changed = await runTask("data", ["verify", "electricity", "--folder", folder]);
    assert.equal(changed.code, 1);
    assert.match(changed.stdout, /│ changed +│ 38474 rows × 7 features, other numbers than/);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("train says how to get a data set that is not here", async () => {
  const out = `${newFolder()}/run`;
  const { code, stderr } = await runTask("train", ["dataset:jannis", "--out", out]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /jannis\.csv\.gz": found no such file; "deno task .*data fetch jannis" gets it, SPARSEMBLE_DATA names/,
  );
});
