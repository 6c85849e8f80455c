import assert from "node:assert/strict";
import { isThere, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tiny_run.ts";

/** A folder with a run on `table.csv`, whose columns a and b decide. */
async function trained(): Promise<string> {
  const from = folderWithTable();
  writeFile(`${from}/more.csv`, tinyTable({ rows: 70, seed: 2 }));
  const args = ["table.csv", "--target", "class", "--out", "run", ...tinyOptions("fd", 24)];
  const { code, stderr } = await runTask("train", [...args, "--learning-rate", "0.05"], { from });
  assert.equal(code, 0, stderr);
  return from;
}

const model = "run/model.safetensors";

interface Found {
  measure: string;
  score: number;
  rows: number;
  columns: { column: string; loss: number; low: number; high: number; strength: number }[];
}

Deno.test("importance takes the test rows of the model's run, and finds what decides", async () => {
  const from = await trained();
  const { code, stdout, stderr } = await runTask("importance", [model, "--json"], { from });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  const found: Found = JSON.parse(stdout);
  const record = JSON.parse(readText(`${from}/run/record.json`));
  assert.deepEqual(
    [found.measure, found.score, found.rows],
    ["accuracy", record.accuracy, record.testRows],
  );
  assert.deepEqual(found.columns.slice(0, 2).map(({ column }) => column), ["a", 'b, "quoted"']);
  const losses = found.columns.map(({ loss }) => loss);
  assert.deepEqual(losses, losses.toSorted((a, b) => b - a));
  assert.ok(found.columns[0].low > found.columns[2].high, stdout);

  const shown = await runTask("importance", [model], { from });
  const [{ loss, low, high, strength }] = found.columns;
  const percent = (share: number) => (100 * share).toFixed(1);
  const cells = [percent(loss), `${percent(low)} to ${percent(high)}`, percent(strength), "█+"];
  assert.match(shown.stdout, new RegExp(`^a +${cells.join(" +")}$`, "m"));
  for (const line of shown.stdout.split("\n").slice(0, 6)) assert.ok(line.length <= 80, line);
});

Deno.test("importance of another table, as a page with a figure", async () => {
  const from = await trained();
  const args = [model, "more.csv", "--repeats", "3", "--out", "page.html"];
  const { code, stdout, stderr } = await runTask("importance", args, { from });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /on 70 rows\. Loss: of 3 permutations .*\nReport: .*page\.html\n$/);
  assert.match(
    readText(`${from}/page.html`),
    />Neuron strength<.*<td[^>]*>b, &quot;quoted&quot;<\/td>/s,
  );

  const fewer = [model, "more.csv", "--rows", "40", "--repeats", "2", "--json"];
  const some = await runTask("importance", fewer, { from });
  assert.equal(some.stderr, "40 of 70 rows, drawn at random (--rows 70 takes all)\n");
  assert.equal(JSON.parse(some.stdout).rows, 40);
  assert.equal((await runTask("importance", fewer, { from })).stdout, some.stdout);
});

Deno.test("importance leaves rows without a target out where it is told to", async () => {
  const from = await trained();
  writeFile(`${from}/gaps.csv`, tinyTable({ rows: 70, seed: 2 }).replace(/(no|yes)\n$/, "\n"));
  const args = [model, "gaps.csv", "--repeats", "2", "--json"];
  const refused = await runTask("importance", args, { from });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /line 71, .*; --missing-target skip leaves such rows out\n$/);
  const skip = await runTask("importance", [...args, "--missing-target", "skip"], { from });
  assert.equal(skip.stderr, 'Rows that are left out, without "class": 1\n');
  assert.equal(JSON.parse(skip.stdout).rows, 69);
});

Deno.test("importance says what it lacks, and what rows it should not be given", async () => {
  const from = await trained();
  const known = await runTask("importance", [model, "table.csv", "--repeats", "2"], { from });
  assert.match(known.stderr, /^The model was trained on rows of this table.*without FILE/);
  await Deno.rename(`${from}/run/model.safetensors`, `${from}/alone.safetensors`);
  const alone = await runTask("importance", ["alone.safetensors"], { from });
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /^Cannot tell importance: found no config\.json .*, need FILE: .*\n$/);
  // Nothing is read first: there is no such table.
  const once = ["alone.safetensors", "no.csv", "--repeats", "1", "--out", "page.html"];
  const { code, stderr } = await runTask("importance", once, { from });
  assert.equal(code, 2);
  assert.equal(stderr, "Cannot tell importance: found 1 repeats, need an integer from 2 to 1000\n");
  assert.ok(!isThere(`${from}/page.html`));
});
