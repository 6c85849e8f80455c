import assert from "node:assert/strict";
import type { Result } from "../../../lib/experiments/results/results.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { runHash } from "../../../lib/experiments/run/run_hash.ts";
import type { RunRecord } from "../../../lib/experiments/run/run_record.ts";
import { methodRunOf } from "../../../lib/experiments/side_by_side/method_run.ts";
import {
  addMethodRuns,
  distinctRuns,
  readMethodRuns,
  unrecordedConfigs,
} from "../../../lib/experiments/side_by_side/method_runs.ts";
import { newFolder, readText, writeFile } from "../../files.ts";
import { completeRecord } from "../results/complete_record.ts";

function result(settings: Record<string, unknown>, own: Record<string, unknown> = {}): Result {
  const config = completeConfig({
    ...{ file: "dataset:pol", target: "target", density: 0.05 },
    ...settings,
  });
  const record = completeRecord({
    accuracy: 0.75,
    probabilities: { logLoss: 0.5, brier: 0.1, calibrationError: 0.01 },
    seconds: { cpu: 3 },
    ...own,
  });
  return { hash: runHash(config), folder: "", config, record: record as unknown as RunRecord };
}

Deno.test("a line has all that a report tells", () => {
  const members = [{ explored: 0.25 }, { explored: 0.75 }];
  const { hash, settings, ...line } = methodRunOf(
    result({ method: "bagging", members: 2, seed: 3, countTried: true }, { members, nnstd: 0.9 }),
  );
  assert.match(`${hash} ${settings}`, /^[0-9a-f]{16} [0-9a-f]{8}$/);
  assert.deepEqual(line, {
    ...{ dataset: "pol", recipe: "paper", method: "bagging", members: 2, density: 0.05, seed: 3 },
    ...{ accuracy: 0.75, logLoss: 0.5, testRows: 200, flops: 1000, cpuSeconds: 3 },
    ...{ peakMemoryBytes: 5e7, weights: 3000, measured: true, explored: 0.5, nnstd: 0.9 },
    ...{ rollbacks: 0, kernels: "wasm" },
  });
});

Deno.test("runs of one contender share the name of their settings, whatever they measure", () => {
  const name = (own: Record<string, unknown>) =>
    methodRunOf(result({ method: "set", ...own })).settings;
  for (
    const own of [
      ...[{ seed: 2 }, { density: 0.01 }, { countTried: true }, { kernels: "wasm" }],
      { file: "dataset:heloc" },
    ]
  ) assert.equal(name(own), name({}), JSON.stringify(own));
  for (const own of [{ learningRate: 0.5 }, { members: 2 }, { recipe: "modern" }]) {
    assert.notEqual(name(own), name({}), JSON.stringify(own));
  }
});

Deno.test("what cannot stand beside others is refused", () => {
  for (
    const [run, found] of [
      [result({ method: "set", density: null }), "no density"],
      [result({ method: "set" }, { accuracy: null }), "no accuracy"],
      [result({ method: "set", strategy: { name: "mine" } }), "a strategy of its own"],
    ] as const
  ) {
    assert.throws(
      () => methodRunOf(run),
      (error) => error instanceof RangeError && error.message.includes(`found ${found}, need`),
    );
  }
  assert.equal(methodRunOf(result({ method: "dense", density: null })).density, null);
});

Deno.test("runs are added once, and lines that stand keep their bytes", () => {
  const folder = newFolder();
  assert.deepEqual(readMethodRuns(folder), []);
  const [first, second, third] = [1, 2, 3].map((seed) => result({ method: "set", seed }));
  assert.equal(addMethodRuns(folder, [second, first]), 2);
  const before = readText(`${folder}/runs.jsonl`);
  assert.deepEqual(readMethodRuns(folder).map(({ seed }) => seed), [1, 2]);
  assert.equal(addMethodRuns(folder, [third, first]), 1);
  assert.ok(readText(`${folder}/runs.jsonl`).startsWith(before));
  assert.deepEqual(readMethodRuns(folder), [first, second, third].map(methodRunOf));
  const rigl = result({ method: "rigl" });
  addMethodRuns(folder, [rigl, result({ method: "fd" })]);
  assert.deepEqual(readMethodRuns(folder).map(({ method }) => method), [
    ...["fd", "set", "set", "set", "rigl"],
  ]);
  assert.equal(addMethodRuns(folder, [rigl]), 0);
});

Deno.test("a run repeated on another machine has a line for each", () => {
  const folder = newFolder();
  const on = (processor?: string, kernels = "native (avx2)") =>
    result({ method: "set" }, { execution: { kernels, threads: 1, processor } });
  assert.equal(methodRunOf(on("A")).machine, "A, native (avx2)");
  assert.equal("machine" in methodRunOf(on()), false);
  // The machine of a run without a processor is not known, so it may be the one that is there.
  const added = [on(), on(), on("A"), on("A"), on("B"), on("A", "native (avx512)"), on()];
  assert.deepEqual(added.map((own) => addMethodRuns(folder, [own])), [1, 0, 1, 0, 1, 1, 0]);
  const runs = readMethodRuns(folder);
  assert.deepEqual(runs.map(({ machine }) => machine), [
    ...[undefined, "A, native (avx2)", "A, native (avx512)", "B, native (avx2)"],
  ]);
  assert.deepEqual(distinctRuns(runs), [runs[0]]);
  assert.deepEqual(distinctRuns([...runs].reverse()), [runs[0]]);
  // A sweep that leaves out what is recorded leaves out a run that any machine made.
  assert.deepEqual(unrecordedConfigs([on("C").config], folder), []);
});

Deno.test("a damaged line is named", () => {
  const folder = newFolder();
  addMethodRuns(folder, [result({ method: "set" })]);
  const line = readText(`${folder}/runs.jsonl`);
  writeFile(`${folder}/runs.jsonl`, `${line}{"hash":`);
  assert.throws(
    () => readMethodRuns(folder),
    /^SyntaxError: .*found no JSON in line 2, need a run$/,
  );
  writeFile(`${folder}/runs.jsonl`, `${line}${line.replace("0.75", "75")}`);
  assert.throws(() => readMethodRuns(folder), /^SyntaxError: .*75 as "accuracy" of line 2/);
});
