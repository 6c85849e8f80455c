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
    peers: [],
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

Deno.test("what was scored already is not made again", async () => {
  const [first] = await compared({ seeds: [1] });
  const stored = (name: string, seed: number) => name === "ours" && seed === 1 ? first : undefined;
  const scores = await compared({ stored });
  assert.deepEqual(scores.map(({ seed }) => seed), [2]);
});

Deno.test("test rows of their own are the same for every seed", async () => {
  const { train, test } = splitDataset(rows, 0.2, randomStream(5, "test"));
  const scores = await compared({ rows: train, test });
  assert.deepEqual(scores.map(({ testRows }) => testRows), [60, 60]);
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
