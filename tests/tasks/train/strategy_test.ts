/** A strategy of one's own in a file, wherever a person can name one. */
import assert from "node:assert/strict";
import { load } from "../../../mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { isThere, namesIn, readJsonFile, readText, writeFile } from "../../files.ts";
import { killAndResume } from "../../soak/kill_and_resume.ts";
import { ROOT, runTask, type TaskOutput } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinySettings } from "../tiny_run.ts";

/** A module with a strategy: the project's name works from any folder. */
function module(name: string, prune = "pruneSigned"): string {
  return `import { topology, type TopologyStrategy } from "@sparsemble/sparsemble";
    export const ${name}: TopologyStrategy = {
      name: "${name}",
      update: { prune: topology.${prune}, grow: topology.growRandom },
    };`;
}

/** A module whose strategy fails, or is sound, at its second update. */
function failing(what: string): string {
  return `import { pruneSigned, pruneThenGrow, growRandom } from "@sparsemble/sparsemble/topology";
    export default {
      name: "moody",
      begin: () => ({ updates: 0 }),
      when: { every: 3, unit: "epochs" },
      update({ layers }, { pruneRate }, memory) {
        if (memory.updates === 1) { ${what} }
        memory.updates++;
        const change = { prune: pruneSigned, grow: growRandom };
        return layers.map((layer) => pruneThenGrow(layer, change, pruneRate));
      },
    };`;
}

const DATA = ["table.csv", "--target", "class"];
const digestOf = (text: string) =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
    .then((bytes) => new Uint8Array(bytes).toHex());

function assertSentence({ code, stdout, stderr }: TaskOutput, status: number, says: RegExp): void {
  const lines = stderr.trimEnd().split("\n");
  assert.equal(code, status, stderr);
  assert.equal(stdout, "");
  assert.match(lines.at(-1)!, says);
  assert.doesNotMatch(stderr, /\n\s+at /);
}

Deno.test("train --strategy takes each of eight methods from one file by name", async () => {
  const from = folderWithTable();
  const makers = {
    "lib/methods/sparse_to_sparse/deep_r": "deepRTopology",
    "lib/methods/dense_to_sparse/gradual_pruning": "gradualPruning",
    "lib/methods/dense_to_sparse/granet": "granetTopology",
    "lib/methods/sparse_to_sparse/guided_exploration": "guidedTopology",
    "lib/methods/sparse_to_sparse/mest": "mestTopology",
    "tests/strategies/methods/rigl": "rigl",
    "tests/strategies/methods/set": "set",
    "lib/methods/sparse_to_sparse/snfs": "snfsTopology",
  };
  const lines = Object.entries(makers).map(([file, make]) =>
    `import { ${make} } from "file://${ROOT}${file}.ts";
     export const ${make}_ = ${make}();`
  );
  const text = lines.join("\n");
  writeFile(`${from}/methods.ts`, text);
  const sha256 = await digestOf(text);
  for (const file of Object.values(makers)) {
    const args = [...DATA, ...tinyOptions("set", 2), "--strategy", `methods.ts#${file}_`];
    const { code, stdout, stderr } = await runTask("train", [...args, "--out", file, "--json"], {
      from,
    });
    assert.equal(code, 0, stderr);
    const { strategy } = JSON.parse(stdout);
    const { name, ...rest } = strategy;
    assert.deepEqual(rest, { path: `${from}/methods.ts`, sha256, export: `${file}_` });
    assert.ok(stderr.startsWith(`${name} on `), stderr);
    assert.deepEqual(readJsonFile(`${from}/${file}/config.json`).strategy, strategy);
    assert.deepEqual(load(`${from}/${file}/model.safetensors`).strategy, strategy);
  }
});

Deno.test("train --strategy, killed and resumed, ends with the same bytes", async () => {
  const from = folderWithTable();
  writeFile(
    `${from}/mine.ts`,
    `import { deepRTopology } from "file://${ROOT}lib/methods/mod.ts"; export default deepRTopology();`,
  );
  const counts = await killAndResume({
    args: [
      ...[`${from}/table.csv`, "--target", "class", ...tinyOptions("edst", 400)],
      ...["--strategy", `${from}/mine.ts`],
    ],
    kills: 3,
    random: randomStream(5, "kills"),
    checkRecord: ({ strategy }) => assert.equal((strategy as { name: string }).name, "Deep R"),
  });
  assert.equal(counts.kills, 3);
});

Deno.test("a run whose strategy fails keeps what was trained, and goes on with a sound one", async () => {
  const from = folderWithTable();
  const path = `${from}/my strategy.ts`;
  const [broken, sound] = [failing("return 7;"), failing("")];
  writeFile(path, broken);
  const args = [...DATA, ...tinyOptions("set", 12), "--strategy", "my strategy.ts"];
  const failed = await runTask("train", [...args, "--out", "run"], { from });
  assertSentence(
    failed,
    1,
    /^Cannot change the topology: the strategy "moody" failed: .*need a list of changes, one a layer;/,
  );
  const command = `--resume ${from}/run --strategy '${path}'`;
  assert.ok(
    failed.stderr.endsWith(`: deno task --config ${ROOT}deno.json train ${command}\n`),
    failed.stderr,
  );
  assert.ok(isThere(`${from}/run/checkpoint.safetensors`));
  const again = await runTask("train", ["--resume", "run"], { from });
  assertSentence(again, 1, /the strategy "moody" failed/);

  // Another content is no accident only if somebody says so.
  writeFile(path, sound);
  const config = readText(`${from}/run/config.json`);
  const digests = await Promise.all([sound, broken].map(digestOf));
  assertSentence(
    await runTask("train", ["--resume", "run"], { from }),
    2,
    new RegExp(
      `^Cannot use the strategy "${path}": the file has changed: found SHA-256 ${digests[0]}, ` +
        `need ${digests[1]}; .*: deno task --config ${ROOT}deno.json train ${command}$`,
    ),
  );
  await Deno.rename(path, `${from}/moved.ts`);
  assertSentence(
    await runTask("train", ["--resume", "run"], { from }),
    2,
    new RegExp(
      `^Cannot use the strategy "${path}": there is no such file or folder; ` +
        `.*: deno task --config ${ROOT}deno.json train --resume ${from}/run --strategy FILE$`,
    ),
  );
  assert.equal(readText(`${from}/run/config.json`), config);

  const resumed = await runTask("train", ["--resume", "run", "--strategy", "moved.ts"], { from });
  assert.equal(resumed.code, 0, resumed.stderr);
  const { strategy } = readJsonFile(`${from}/run/record.json`);
  const now = { name: "moody", path: `${from}/moved.ts`, sha256: digests[0] };
  assert.deepEqual(strategy, { ...now, earlier: [digests[1]] });
  assert.deepEqual(readJsonFile(`${from}/run/config.json`).strategy, strategy);
  // The configuration repeats a run from beginning to end, here with the sound strategy alone.
  const repeated = await runTask("train", ["--config", "run/config.json", "--out", "repeated"], {
    from,
  });
  assert.equal(repeated.code, 0, repeated.stderr);
  assert.deepEqual(readJsonFile(`${from}/repeated/record.json`).strategy, now);
  const weights = (run: string) => JSON.stringify(load(`${from}/${run}/model.safetensors`).members);
  assert.equal(weights("repeated"), weights("run"));
});

Deno.test("a file without a strategy is told in one sentence, and leaves nothing behind", async () => {
  const from = folderWithTable();
  const files: [name: string, text: string | null, says: RegExp][] = [
    ["none.ts", null, /^Cannot use the strategy ".*none\.ts": there is no such file or folder$/],
    ["syntax.ts", "export default {{;", /syntax\.ts": SyntaxError: .* \(line 1\)$/],
    ["static.ts", `export default { name: "x" };`, /static\.ts": .*found no update, need/],
    [
      "two.ts",
      `${module("one")}\nexport const two = one;`,
      /two\.ts": .*need one, such as ".*#one"$/,
    ],
    ["thrown.ts", `throw new Error("no");`, /thrown\.ts": Error: no \(line 1\)$/],
    // No task may read the environment at will, and neither may what it loads.
    [
      "greedy.ts",
      "Deno.env.get('HOME');",
      /greedy\.ts": NotCapable: Requires env access to "HOME"/,
    ],
  ];
  for (const [name, text] of files) if (text !== null) writeFile(`${from}/${name}`, text);
  const names = namesIn(from);
  for (const [name, , says] of files) {
    const args = [...DATA, ...tinyOptions("set", 2), "--strategy", name, "--out", "run"];
    assertSentence(await runTask("train", args, { from }), 2, says);
    assert.deepEqual(namesIn(from), names);
  }
  writeFile(`${from}/mine.ts`, module("mine"));
  const dense = [...DATA, ...tinyOptions("dense", 2), "--strategy", "mine.ts", "--out", "run"];
  assertSentence(
    await runTask("train", dense, { from }),
    2,
    /^Cannot follow the strategy "mine" with the method "dense": found dense layers, need a method/,
  );
  assert.deepEqual(namesIn(from), ["mine.ts", ...names].sort());
});

Deno.test("sweep crosses strategies with seeds, and a file that changes makes other runs", async () => {
  const from = folderWithTable();
  await Deno.mkdir(`${from}/studies`);
  const base = { ...tinySettings(), file: "../table.csv", method: "edst" };
  const grid = { strategy: ["one.ts", "two.ts#two"], seed: [1, 2] };
  writeFile(`${from}/studies/study.json`, JSON.stringify({ base, grid }));
  writeFile(`${from}/studies/one.ts`, module("one"));
  writeFile(`${from}/studies/two.ts`, `export const x = 7;\n${module("two", "pruneMagnitude")}`);
  const args = ["studies/study.json", "--workers", "2", "--out", "runs"];
  const listed = await runTask("sweep", [...args.slice(0, 1), "--list", "--out", "listed"], {
    from,
  });
  assert.equal(listed.code, 0, listed.stderr);
  const swept = await runTask("sweep", args, { from });
  assert.equal(swept.code, 0, swept.stderr);
  assert.match(swept.stderr, /\(one\.ts, ε = 2, seed 1 on table\) finished\n/);
  const hashes = namesIn(`${from}/runs`);
  assert.equal(hashes.length, 4);
  const { strategy, ...config } = readJsonFile(`${from}/runs/${hashes[0]}/config.json`);
  const straight = ["--out", "straight", "--strategy", `${strategy.path}#${strategy.name}`];
  writeFile(`${from}/config.json`, JSON.stringify(config));
  const alone = await runTask("train", ["--config", "config.json", ...straight], { from });
  assert.equal(alone.code, 0, alone.stderr);
  const weights = (run: string) => JSON.stringify(load(`${from}/${run}/model.safetensors`).members);
  assert.equal(weights("straight"), weights(`runs/${hashes[0]}`));

  const tabulated = await runTask("results", ["runs"], { from });
  assert.match(tabulated.stdout, /│ strategy +│ runs │/);
  assert.match(tabulated.stdout, /│ one \([0-9a-f]{8}\) +│ 2 +│/);
  assert.match(tabulated.stdout, /│ two \([0-9a-f]{8}#two\) +│ 2 +│/);
  const report = await runTask("report", ["runs", "--out", "report.html"], { from });
  assert.equal(report.code, 0, report.stderr);
  assert.match(readText(`${from}/report.html`), />two</);
  assert.doesNotMatch(readText(`${from}/report.html`), /EDST/);

  // What was listed, or lies in a queue, means the file as it was.
  writeFile(`${from}/studies/one.ts`, module("one", "pruneMagnitude"));
  const command = /'(\{.*\})'$/m.exec(listed.stdout)![1];
  const late = await runTask("sweep-run", ["listed", command], { from });
  assertSentence(late, 1, /^Cannot use the strategy ".*one\.ts": the file has changed: found SHA-/);
  const other = await runTask("sweep", args, { from });
  assert.match(other.stderr, /^4 runs: 2 finished before, 2 to do\n/);
  assert.equal(namesIn(`${from}/runs`).length, 6);

  writeFile(`${from}/studies/one.ts`, "oops(");
  const broken = await runTask("sweep", [...args, "--json"], { from });
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /^[0-9a-f]{16}: Cannot use the strategy ".*one\.ts": SyntaxError: /m);
});

Deno.test("compare takes strategies among its contenders, and knows when one has changed", async () => {
  const from = folderWithTable();
  const { target: _, ...tiny } = tinySettings();
  const settings = { ...tiny, method: "edst" };
  await Deno.mkdir(`${from}/recipes`);
  const contenders = { plain: settings, ours: { ...settings, strategy: "./mine.ts" } };
  writeFile(`${from}/recipes/contenders.json`, JSON.stringify(contenders));
  writeFile(`${from}/recipes/mine.ts`, module("mine", "pruneMagnitude"));
  const args = [...DATA, "--contenders", "recipes/contenders.json", "--no-trees", "--seeds", "1"];
  const { code, stdout, stderr } = await runTask("compare", [...args, "--out", "out"], { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ plain [^]*│ ours /);
  const described = readJsonFile(`${from}/out/comparison.json`).contenders;
  const sha256 = await digestOf(module("mine", "pruneMagnitude"));
  assert.deepEqual(described.ours.strategy, { name: "mine", sha256 });
  assert.ok(!("strategy" in described.plain));
  assert.match(
    readText(`${from}/out/report.md`),
    /ours follows a strategy of its own, "mine \([0-9a-f]{8}\)"\./,
  );
  const again = await runTask("compare", [...args, "--out", "out"], { from });
  assert.equal(again.code, 0, again.stderr);
  writeFile(`${from}/recipes/mine.ts`, module("mine"));
  const changed = await runTask("compare", [...args, "--out", "out"], { from });
  assertSentence(changed, 2, /^Cannot go on with the comparison: "ours" had other settings when/);
  await Deno.remove(`${from}/recipes/mine.ts`);
  const gone = await runTask("compare", [...args, "--out", "out"], { from });
  assertSentence(
    gone,
    2,
    /^Cannot use the strategy ".*mine\.ts": there is no such file or folder$/,
  );
  writeFile(`${from}/recipes/contenders.json`, JSON.stringify({ ours: { strategy: 7 } }));
  const wrong = await runTask("compare", [...args, "--out", "out"], { from });
  assertSentence(wrong, 2, /^Cannot use the contender "ours": found 7 as strategy, need a path$/);
});

Deno.test("nothing but training loads a strategy's file", async () => {
  const from = folderWithTable();
  const trace = `Deno.writeTextFileSync(${JSON.stringify(`${from}/trace`)}, "loaded");`;
  writeFile(`${from}/mine.ts`, `${module("mine")}\n${trace}`);
  const args = [...DATA, ...tinyOptions("set", 2), "--strategy", "mine.ts", "--out", "runs/a"];
  const trained = await runTask("train", args, { from });
  assert.equal(trained.code, 0, trained.stderr);
  assert.ok(isThere(`${from}/trace`));
  await Deno.remove(`${from}/trace`);
  const model = "runs/a/model.safetensors";
  const study = { base: { ...tinySettings(), file: "table.csv", strategy: "mine.ts" } };
  writeFile(`${from}/study.json`, JSON.stringify(study));
  for (
    const [task, ...args] of [
      ["inspect", model],
      ["evaluate", model, "table.csv"],
      ["predict", model, "table.csv"],
      ["results", "runs"],
      ["report", "runs"],
      ["report", "runs/a", "--out", "a.html"],
      ["sweep", "study.json", "--list"],
    ]
  ) {
    const { code, stdout, stderr } = await runTask(task, args, { from });
    assert.equal(code, 0, stderr);
    if (task === "inspect") {
      assert.match(stdout, /^Strategy "mine", from ".*mine\.ts" with SHA-256/);
    }
    assert.ok(!isThere(`${from}/trace`), task);
  }
});

Deno.test("a strategy that ends the process, or leaves a promise behind, ends with a sentence, and its run goes on", async () => {
  const from = folderWithTable();
  const path = `${from}/moody.ts`;
  const options = [...DATA, ...tinyOptions("set", 12), "--strategy", "moody.ts"];
  writeFile(path, failing(""));
  const whole = await runTask("train", [...options, "--out", "whole"], { from });
  assert.equal(whole.code, 0, whole.stderr);
  const ends = {
    "Deno.exit(0);": "it ended the process",
    'import("node:process").then(({ default: process }) => process.exit(0)); await 1;':
      "it ended the process",
    'void Promise.reject(new Error("later\\nand more"));':
      "it rejected a promise, which nothing handled: Error: later",
    "queueMicrotask(() => { throw 7; });": "it threw an error, which nothing handled: 7",
  };
  for (const [number, [what, fault]] of Object.entries(ends).entries()) {
    // Within an update there is no moment at which the process could hear of it: the load has one.
    const isAsync = what.includes("await");
    writeFile(path, isAsync ? `${what}\n${failing("")}` : failing(what));
    const run = `run-${number}`;
    const { code, stdout, stderr } = await runTask("train", [...options, "--out", run], { from });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.equal(
      stderr.trimEnd().split("\n").at(-1)!,
      `Cannot go on: code that the task runs, such as a strategy in a file, is at fault: ${fault}; ` +
        `a run that had begun goes on with: deno task --config ${ROOT}deno.json train --resume RUN`,
    );
    assert.doesNotMatch(stderr, /\n\s+at /);
    if (isAsync) continue;
    writeFile(path, failing(""));
    const again = ["--resume", run, "--strategy", "moody.ts"];
    const { code: end, stderr: said } = await runTask("train", again, { from });
    assert.equal(end, 0, said);
    assert.deepEqual(
      load(`${from}/${run}/model.safetensors`).members,
      load(`${from}/whole/model.safetensors`).members,
    );
  }
});
