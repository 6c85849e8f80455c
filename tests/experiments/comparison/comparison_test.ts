import assert from "node:assert/strict";
import { fit } from "../../../lib/ensemble/fit.ts";
import { score, scoreMembers } from "../../../lib/model/score.ts";
import { datasetFromArrays } from "../../../lib/data/table/from_arrays.ts";
import { splitDataset } from "../../../lib/data/table/split.ts";
import {
  compareOn,
  type ComparisonOptions,
  type ComparisonScore,
} from "../../../lib/experiments/comparison/comparison.ts";
import { summarizeComparison } from "../../../lib/experiments/comparison/comparison_summary.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { treeInputs } from "../../../lib/experiments/comparison/tree_inputs.ts";
import { openTreePeers } from "../../../lib/experiments/comparison/tree_peers.ts";
import { randomStream } from "../../../lib/random.ts";

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
  const contenders = [
    { name: "ours", settings },
    { name: "calibrated", settings: { ...settings, calibration: "temperature" as const } },
  ];
  const scores = await compared({ contenders });
  assert.deepEqual(scores.map(({ seed }) => seed), [1, 1, 2, 2]);
  for (const { name, seed, value, logLoss, weights, density, testRows } of scores) {
    const { train, test } = splitDataset(rows, 0.2, randomStream(seed, "test"));
    const own = contenders.find((contender) => contender.name === name)!;
    const model = await fit(train, { ...own.settings, seed });
    const expected = scoreMembers(model, test);
    assert.equal(value, expected.accuracy);
    // Summed in another order.
    assert.ok(Math.abs(logLoss! - expected.logLoss) < 1e-6, `${logLoss}`);
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
    for (const { value, logLoss, modelBytes } of scores) {
      assert.ok(value > 0.95, `${value}`);
      assert.ok(logLoss! > 0 && logLoss! < 0.2, `${logLoss}`);
      assert.ok(modelBytes > 1000);
    }
  },
});

Deno.test({
  name: "where nothing can be learnt, the log loss is that of the classes' shares",
  ignore: names.length === 0,
  fn: async () => {
    const plain = datasetFromArrays({
      features: Array.from({ length: 200 }, () => [7]),
      labels: Array.from({ length: 200 }, (_, row) => row % 4 === 0 ? "rare" : "common"),
    });
    const scores = await compared({ rows: plain, trees: true, contenders: [], seeds: [1] });
    const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    for (const { name, logLoss } of scores) {
      // A forest of bootstrapped rows knows the shares nearly.
      const tolerance = name.startsWith("RandomForest") ? 1e-3 : 1e-6;
      assert.ok(Math.abs(logLoss! - entropy) < tolerance, `${name}: ${logLoss}`);
    }
  },
});

Deno.test({
  name:
    "a probability of 0 costs every method the same in the log loss: 1 / (training rows + classes)",
  ignore: names.length === 0,
  fn: async () => {
    const make = (features: number[][], labels: string[]) =>
      datasetFromArrays({ features, labels, classes: ["a", "b"] });
    const every = Array.from({ length: 200 }, (_, row) => [row % 2]);
    const train = make(every, every.map(([x]) => x === 0 ? "a" : "b"));
    const test = make([[0], [1]], ["b", "b"]);
    const scores = await compared({ rows: train, test, trees: true, contenders: [], seeds: [1] });
    assert.equal(scores.length, 3);
    for (const { name, logLoss } of scores) {
      // Forests are sure of both rows, and wrong with the first.
      assert.ok(Math.abs(logLoss! - Math.log(202) / 2) < 0.01, `${name}: ${logLoss}`);
    }
  },
});

/** A number from two columns of numbers, one with gaps, and one of text. */
const mixed = (() => {
  const features = Array.from({ length: 300 }, (_, row) => [
    row % 20,
    row % 11 === 0 ? null : Math.floor(row / 20),
    ["red", "green", "blue"][row % 3],
  ]);
  const targets = features.map(([x, , colour]) => 100 + (x as number) * (colour === "red" ? 3 : 1));
  return datasetFromArrays({ features, targets, missing: "keep" });
})();

Deno.test("targets that are numbers are scored by R², missing values and text included", async () => {
  const [{ value, task, logLoss }] = await compared({ rows: mixed, seeds: [1] });
  const { train, test } = splitDataset(mixed, 0.2, randomStream(1, "test"));
  const model = await fit(train, { ...settings, seed: 1 });
  assert.equal(task, "regression");
  assert.equal(logLoss, undefined);
  assert.equal(value, score(model, test));
});

Deno.test({
  name: "scikit-learn's regressors take missing values and text",
  ignore: names.length === 0,
  fn: async () => {
    const scores = await compared({ rows: mixed, trees: true, contenders: [], seeds: [3] });
    assert.deepEqual(scores.map(({ task }) => task), Array(3).fill("regression"));
    for (const { name, value } of scores) assert.ok(value > 0.9, `${name}: ${value}`);
  },
});

Deno.test("trees get numbers as they are and a column for every category of the training rows", () => {
  const rows = datasetFromArrays({
    features: [
      ...Array.from({ length: 5 }, () => [1, "a", 2]),
      ...Array.from({ length: 6 }, () => [NaN, "b", 3]),
      [4, "rare", 5],
      [6, "seldom", 7],
      [8, null, 9],
    ],
    labels: Array.from({ length: 14 }, (_, row) => row % 2),
    missing: "keep",
  });
  const { columns, train, test } = treeInputs(rows, rows);
  // Number, a, b, what rare ones share, number.
  assert.equal(columns, 5);
  const row = (place: number) => [...train.slice(5 * place, 5 * place + 5)];
  assert.deepEqual(row(0), [1, 1, 0, 0, 2]);
  assert.deepEqual(row(5), [NaN, 0, 1, 0, 3]);
  assert.deepEqual(row(11), [4, 0, 0, 1, 5]);
  assert.deepEqual(row(12), [6, 0, 0, 1, 7]);
  assert.deepEqual(row(13), [8, 0, 0, 0, 9]);
  assert.deepEqual(test, train);
  // Of categories that only test rows have, the training rows know nothing.
  const features = rows.features.map((value, i) => i === 1 ? -1 : value);
  assert.deepEqual([...treeInputs(rows, { ...rows, features }).test.slice(0, 5)], [1, 0, 0, 1, 2]);
});

Deno.test("a summary has means with intervals, ranks and shared wins", () => {
  const scored = (dataset: string, name: string, seed: number, value: number) => ({
    dataset,
    name,
    seed,
    value,
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
    scored("x", "b", 1, 0.9),
    scored("x", "b", 2, 0.5),
    scored("x", "b", 3, 0.7),
    scored("x", "c", 1, 0.6),
    scored("y", "a", 1, 0.5),
    scored("y", "b", 1, 0.5),
    scored("y", "c", 1, 0.4),
    scored("z", "a", 1, 0.5),
  ]);
  assert.deepEqual(summary.datasets, ["x", "y"]);
  const [first] = summary.perDataset;
  assert.equal(first.score.estimate.toFixed(10), "0.8500000000");
  // Two values have no interval, which would be from 21 % to 149 %.
  assert.deepEqual([first.score.low, first.score.high], [NaN, NaN]);
  assert.deepEqual(first.values, [0.8, 0.9]);
  // Student's t with two degrees of freedom at 0.975 is 4.3027; the standard error is 0.11547.
  const [, { score }, single] = summary.perDataset;
  assert.deepEqual([score.estimate, score.low, score.high].map((x) => x.toFixed(4)), [
    ...["0.7000", "0.2032", "1.0000"],
  ]);
  assert.ok(single.score.low > 0.5 && single.score.high < 0.7);
  assert.equal(first.medians.fitSeconds, 1.5);
  const { overall, test } = summary;
  assert.deepEqual(overall.map(({ name }) => name), ["a", "b", "c"]);
  assert.deepEqual(overall.map(({ meanRank }) => meanRank), [1.25, 1.75, 3]);
  assert.deepEqual(overall.map(({ wins }) => wins), [1.5, 0.5, 0]);
  assert.equal(overall[0].meanScore.toFixed(10), "0.6750000000");
  assert.ok(test !== null && test.pValue > 0 && test.criticalDifference > 1);
});
