import assert from "node:assert/strict";
import { fit, score } from "../../lib/classifier.ts";
import { datasetFromArrays } from "../../lib/data/from_arrays.ts";
import { splitDataset } from "../../lib/data/split.ts";
import {
  compareOn,
  type ComparisonOptions,
  type ComparisonScore,
} from "../../lib/experiments/comparison.ts";
import { summarizeComparison } from "../../lib/experiments/comparison_summary.ts";
import type { Settings } from "../../lib/ensemble/settings.ts";
import { openTreePeers } from "../../lib/experiments/tree_peers.ts";
import { randomStream } from "../../lib/random.ts";

const rows = datasetFromArrays({
  features: Array.from({ length: 300 }, (_, row) => [row % 20, Math.floor(row / 20), row % 7]),
  labels: Array.from({ length: 300 }, (_, row) => row % 20 < 10 ? "left" : "right"),
});
const settings: Partial<Settings> = {
  hidden: [24, 24],
  epsilon: 6,
  epochs: 12,
  explore: 4,
  members: 2,
  batchSize: 32,
  kernels: "wasm",
};

async function compared(options: Partial<ComparisonOptions>): Promise<ComparisonScore[]> {
  return await Array.fromAsync(compareOn({
    dataset: "halves",
    rows,
    test: null,
    seeds: [1, 2],
    contenders: [{ name: "ours", settings }],
    trees: false,
    ...options,
  }));
}

Deno.test("a recipe's score is that of the same fit on the same split", async () => {
  const scores = await compared({});
  assert.deepEqual(scores.map(({ seed }) => seed), [1, 2]);
  for (const { seed, accuracy, weights, density, testRows } of scores) {
    const { train, test } = splitDataset(rows, 0.2, randomStream(seed, "test"));
    const model = await fit(train, { ...settings, seed });
    assert.equal(accuracy, score(model, test));
    assert.equal(testRows, 60);
    assert.ok(weights! > 0 && density! > 0 && density! < 1);
  }
});

Deno.test("what was scored already is skipped", async () => {
  const scores = await compared({ skip: (name, seed) => name === "ours" && seed === 1 });
  assert.deepEqual(scores.map(({ seed }) => seed), [2]);
});

Deno.test("test rows of their own are the same for every seed", async () => {
  const { train, test } = splitDataset(rows, 0.2, randomStream(5, "test"));
  const scores = await compared({ rows: train, test });
  assert.deepEqual(scores.map(({ testRows }) => testRows), [60, 60]);
});

Deno.test("without an interpreter there are no trees, and a reason", async () => {
  await using peers = await openTreePeers("no-such-interpreter");
  assert.deepEqual(peers.names, []);
  assert.match(peers.reason, /no-such-interpreter/);
  await assert.rejects(peers.ask("any", rows, rows, 1), /^Error: Cannot ask scikit-learn: /);
});

const probe = await openTreePeers();
const { names, reason } = probe;
await probe[Symbol.asyncDispose]();

Deno.test({
  name: "scikit-learn's ensembles learn the rows they are sent",
  ignore: names.length === 0,
  fn: async () => {
    assert.equal(reason, "");
    const scores = await compared({ trees: true, contenders: [], seeds: [3] });
    assert.deepEqual(scores.map(({ name }) => name), [
      "HistGradientBoosting",
      "RandomForest (300)",
      "ExtraTrees (300)",
    ]);
    // One feature alone tells the classes apart.
    for (const { accuracy, modelBytes } of scores) {
      assert.ok(accuracy > 0.95, `${accuracy}`);
      assert.ok(modelBytes > 1000);
    }
  },
});

Deno.test("a summary has means with intervals, ranks and shared wins", () => {
  const scored = (dataset: string, name: string, seed: number, accuracy: number) => ({
    dataset,
    name,
    seed,
    accuracy,
    testRows: 100,
    fitSeconds: seed,
    predictSeconds: 1,
    modelBytes: 10,
    weights: name === "c" ? null : 5,
    density: null,
    flops: null,
  });
  const summary = summarizeComparison([
    scored("x", "a", 1, 0.8),
    scored("x", "a", 2, 0.9),
    scored("x", "b", 1, 0.7),
    scored("x", "b", 2, 0.7),
    scored("x", "c", 1, 0.6),
    scored("y", "a", 1, 0.5),
    scored("y", "b", 1, 0.5),
    scored("y", "c", 1, 0.4),
    scored("z", "a", 1, 0.5),
  ]);
  assert.deepEqual(summary.datasets, ["x", "y"]);
  const [first] = summary.perDataset;
  assert.equal(first.accuracy.estimate.toFixed(10), "0.8500000000");
  // Student's t with one degree of freedom at 0.975 is 12.7062; the standard error is 0.05.
  assert.equal((first.accuracy.high - 0.85).toFixed(4), "0.6353");
  assert.equal(first.medians.fitSeconds, 1.5);
  const { overall, test } = summary;
  assert.deepEqual(overall.map(({ name }) => name), ["a", "b", "c"]);
  assert.deepEqual(overall.map(({ meanRank }) => meanRank), [1.25, 1.75, 3]);
  assert.deepEqual(overall.map(({ wins }) => wins), [1.5, 0.5, 0]);
  assert.equal(overall[0].meanAccuracy.toFixed(10), "0.6750000000");
  assert.ok(test !== null && test.pValue > 0 && test.criticalDifference > 1);
});
