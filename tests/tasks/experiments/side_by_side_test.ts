import assert from "node:assert/strict";
import { namesIn, newFolder, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";

/** Three methods on the built-in data, at 20 % together: a single network, and ensembles of two. */
const STUDY = {
  base: {
    ...{ file: "builtin:segment", target: "class", hidden: [16, 16], epochs: 2 },
    ...{ learningRate: 0.1, countTried: true, kernels: "wasm" },
  },
  parts: [
    { base: { members: 1, density: 0.2 }, grid: { method: ["set", "rigl"], seed: [1] } },
    {
      base: { members: 2, density: 0.1, measureNnstd: true },
      grid: { method: ["bagging"], seed: [1] },
    },
  ],
};

Deno.test("a study's runs go into a benchmark, whose report needs no run folder", async () => {
  const from = newFolder();
  writeFile(`${from}/study.json`, JSON.stringify(STUDY));
  const swept = await runTask("sweep", ["study.json", "--workers", "1", "--out", "runs"], { from });
  assert.equal(swept.code, 0, swept.stderr);
  const added = await runTask("results", ["runs", "--side-by-side", "bench"], { from });
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stderr + added.stdout, /Added 3 runs of 3\n.*Report on 3 runs: .*report\.md/s);
  const names = [
    "accuracy-flops-20.svg",
    "accuracy-seconds-20.svg",
    "methods.csv",
    "report.md",
    "runs.jsonl",
  ];
  assert.deepEqual(namesIn(`${from}/bench`), names);
  const report = readText(`${from}/bench/report.md`);
  assert.match(report, /^# Methods side by side, paper recipe\n\n3 runs of 3 methods/);
  assert.ok(!report.includes(from));
  const [head, ...rows] = readText(`${from}/bench/methods.csv`).trim().split("\n")
    .map((line) => line.split(","));
  const bagging = Object.fromEntries(
    rows.find((row) => row[1] === "Bagging")!.map((cell, i) => [head[i], cell]),
  );
  assert.equal(bagging.density, "0.2");
  for (const name of ["explored", "nnstd", "flops", "seconds", "memory", "accuracy", "logLoss"]) {
    assert.ok(Number(bagging[name]) > 0, name);
  }

  // Without the run folders, the report is made again; nothing is added twice.
  const contents = names.map((name) => readText(`${from}/bench/${name}`));
  const again = await runTask("results", ["runs", "--side-by-side", "bench"], { from });
  assert.match(again.stderr + again.stdout, /Added 0 runs of 3/);
  await Deno.remove(`${from}/runs`, { recursive: true });
  await Deno.remove(`${from}/bench/report.md`);
  const alone = await runTask("results", ["--side-by-side", "bench"], { from });
  assert.equal(alone.code, 0, alone.stderr);
  assert.deepEqual(names.map((name) => readText(`${from}/bench/${name}`)), contents);

  // Nor is a recorded run made again: of a wider study, the rest is missing.
  const recorded = (...more: string[]) =>
    runTask("sweep", ["study.json", "--recorded", "bench", ...more], { from });
  const nothing = await recorded("--json");
  assert.equal(nothing.code, 0, nothing.stderr);
  assert.match(nothing.stderr, /Left out: 3 runs of 3, recorded in bench/);
  assert.deepEqual(JSON.parse(nothing.stdout).total, 0);
  STUDY.parts[1].grid.seed.push(2);
  writeFile(`${from}/study.json`, JSON.stringify(STUDY));
  const listed = await recorded("--list");
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stderr, /Left out: 3 runs of 4/);
  const [line, ...others] = listed.stdout.trim().split("\n");
  assert.deepEqual(others, []);
  assert.match(line, /"method":"bagging".*"seed":2/);
});

Deno.test("a folder without recorded runs leaves nothing out, and says so", async () => {
  const from = newFolder();
  writeFile(`${from}/study.json`, JSON.stringify(STUDY));
  const { code, stderr } = await runTask("sweep", ["study.json", "--recorded", "none"], { from });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /Cannot leave out recorded runs: found none in ".*none", need a folder with/,
  );
});

Deno.test("what is missing is said in one line", async () => {
  const from = newFolder();
  for (
    const [args, found] of [
      [[], "missing required argument 'FOLDER'"],
      [["--reference", "RigL"], "found no --side-by-side"],
      [["--side-by-side", "bench"], "found no runs in it"],
    ] as const
  ) {
    const { code, stderr } = await runTask("results", [...args], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(found));
  }
});
