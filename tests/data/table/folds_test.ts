import assert from "node:assert/strict";
import {
  type Fold,
  groupFolds,
  stratifiedFolds,
  timeFolds,
  timesOf,
} from "../../../lib/data/table/folds.ts";
import { randomStream } from "../../../lib/random.ts";

/** Labels of three classes, one of them rare, in no order. */
const LABELS = Int32Array.from(
  { length: 103 },
  (_, row) => row % 17 === 0 ? 2 : row % 3 === 0 ? 1 : 0,
);
const CLASSES = { rows: 103, labels: LABELS, classes: ["a", "b", "c"], source: "t.csv" };

/** Every row is tested once, or not at all, and never learned from where it is tested. */
function assertApart(folds: readonly Fold[], rows: number): void {
  const tested = folds.flatMap(({ test }) => [...test]);
  assert.equal(new Set(tested).size, tested.length);
  for (const { train, test } of folds) {
    const learned = new Set(train);
    assert.ok(test.every((row) => !learned.has(row) && row < rows));
  }
}

function countsOf(rows: Int32Array): number[] {
  const counts = [0, 0, 0];
  for (const row of rows) counts[LABELS[row]]++;
  return counts;
}

const differ = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

for (const count of [2, 3, 5, 10, 103]) {
  Deno.test(`${count} stratified folds test every row once, and classes and sizes differ by one at most`, () => {
    const folds = stratifiedFolds(CLASSES, count, randomStream(1, "folds"));
    assertApart(folds, 103);
    assert.equal(folds.reduce((sum, { test }) => sum + test.length, 0), 103);
    assert.ok(folds.every(({ train, test }) => train.length + test.length === 103));
    assert.ok(differ(folds.map(({ test }) => test.length)) <= 1);
    const counts = folds.map(({ test }) => countsOf(test));
    for (const label of [0, 1, 2]) assert.ok(differ(counts.map((own) => own[label])) <= 1);
  });
}

Deno.test("folds are random, by their stream alone", () => {
  const of = (seed: number) => stratifiedFolds(CLASSES, 5, randomStream(seed, "folds"));
  assert.deepEqual(of(1), of(1));
  assert.notDeepEqual(of(1), of(2));
});

Deno.test("no group is in two folds, and every row is tested once", () => {
  const groups = Array.from({ length: 97 }, (_, row) => `patient ${(row * row) % 23}`);
  const folds = groupFolds(groups, 4, randomStream(1, "folds"), "t.csv");
  assertApart(folds, 97);
  assert.equal(folds.reduce((sum, { test }) => sum + test.length, 0), 97);
  for (const { train, test } of folds) {
    const learned = new Set(Array.from(train, (row) => groups[row]));
    assert.ok(test.every((row) => !learned.has(groups[row])));
  }
});

Deno.test("no training row is later than a test row, and tests follow each other", () => {
  const random = randomStream(4, "times");
  const times = Array.from({ length: 50 }, () => random.below(30));
  const folds = timeFolds(times, 4, "t.csv");
  assertApart(folds, 50);
  folds.forEach(({ train, test }, k) => {
    assert.equal(test.length, 10);
    assert.equal(train.length, 10 * (k + 1));
    const latest = Math.max(...Array.from(train, (row) => times[row]));
    assert.ok(test.every((row) => times[row] >= latest));
  });
});

Deno.test("times are numbers or dates, and nothing else", () => {
  assert.deepEqual([...timesOf(["2", " 1e3", "-4"])], [2, 1000, -4]);
  const dates = timesOf(["2024-01-05", "2024-01-04 23:59", "2023-12", "2024-01-05T00:00:01Z"]);
  assert.deepEqual([0, 1, 2, 3].sort((a, b) => dates[a] - dates[b]), [2, 1, 0, 3]);
  assert.deepEqual([...timesOf(["1", "soon", "", "inf"])], [1, NaN, NaN, NaN]);
  // One day beyond 12 tells the order of all; where none does, no date is told.
  const ordered = timesOf(["01/02/2026", "31/12/2025", "2026-01-01"]);
  assert.deepEqual([...ordered], ["2026-02-01", "2025-12-31", "2026-01-01"].map(Date.parse));
  assert.deepEqual([...timesOf(["01/02/2026", "03/02/2026"])], [NaN, NaN]);
  // Most are dates: the number among them is the one that is wrong.
  assert.deepEqual([...timesOf(["20240105", "1970-01-01", "1970-01-02"])], [NaN, 0, 864e5]);
});

Deno.test("folds need rows and groups enough", () => {
  const random = randomStream(1, "folds");
  const cases: [() => unknown, RegExp][] = [
    [() => stratifiedFolds(CLASSES, 1, random), /found 103 rows, need 2 folds or more$/],
    [() => stratifiedFolds(CLASSES, 104, random), /found 103 rows, need at least 104$/],
    [() => groupFolds(["a", "b", "a"], 3, random, "t.csv"), /found 2 groups, need at least 3$/],
    [() => timeFolds([1, 2], 2, "t.csv"), /found 1 row behind the first, need at least 2$/],
  ];
  for (const [make, message] of cases) assert.throws(make, { name: "RangeError", message });
});

/** What scikit-learn makes of the same tables: sizes and counts, which chance does not change. */
const SCIKIT_LEARN = `
import json, sys, warnings
import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedKFold, TimeSeriesSplit
warnings.simplefilter("ignore")
asked = json.load(sys.stdin)
labels, groups, times = (np.array(asked[name]) for name in ("labels", "groups", "times"))
count = asked["count"]
def sizes(splits):
    return [[len(train), len(test)] for train, test in splits]
stratified = list(StratifiedKFold(count, shuffle=True, random_state=0).split(labels, labels))
order = np.argsort(times, kind="stable")
print(json.dumps({
    "sizes": sorted(sizes(stratified)),
    "classes": [sorted(int((labels[test] == c).sum()) for _, test in stratified) for c in range(3)],
    "groups": sorted(sizes(GroupKFold(count).split(labels, groups=groups))),
    "times": [[sorted(map(int, order[rows])) for rows in split]
              for split in TimeSeriesSplit(count).split(order)],
}))
`;

function hasScikitLearn(): boolean {
  try {
    const args = ["-c", "import sklearn"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "folds are as scikit-learn's: StratifiedKFold, GroupKFold, TimeSeriesSplit (needs python3 " +
    "with scikit-learn)",
  ignore: !hasScikitLearn(),
  fn: async () => {
    const count = 5;
    const labels = [...LABELS];
    const groups = labels.map((_, row) => (row * row) % 23);
    const times = labels.map((_, row) => (row * 37) % 41);
    const child = new Deno.Command("python3", {
      args: ["-c", SCIKIT_LEARN],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify({ labels, groups, times, count })));
    await writer.close();
    const { stdout } = await child.output();
    const expected = JSON.parse(new TextDecoder().decode(stdout));
    const random = randomStream(1, "folds");
    const sizes = (folds: readonly Fold[]) =>
      folds.map(({ train, test }) => [train.length, test.length]).sort();
    const stratified = stratifiedFolds(CLASSES, count, random);
    assert.deepEqual(sizes(stratified), expected.sizes);
    const counts = stratified.map(({ test }) => countsOf(test));
    const byClass = [0, 1, 2].map((c) => counts.map((own) => own[c]).sort((a, b) => a - b));
    assert.deepEqual(byClass, expected.classes);
    assert.deepEqual(
      sizes(groupFolds(groups.map(String), count, random, "t.csv")),
      expected.groups,
    );
    const timed = timeFolds(times, count, "t.csv");
    assert.deepEqual(timed.map(({ train, test }) => [[...train], [...test]]), expected.times);
  },
});
