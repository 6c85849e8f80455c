import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { type Dataset, datasetFromArrays, randomStream, splitDataset } from "../../../mod.ts";
import { selectRows } from "../../../lib/data/table/mod.ts";

/** A data set of classes of these sizes, in mixed order, whose only feature is the row's number. */
function datasetOf(sizes: readonly number[], seed = 1): Dataset {
  const random = randomStream(seed, "order");
  const labels = sizes.flatMap((size, label) => new Array<string>(size).fill(`c${label}`))
    .map((label) => ({ label, key: random.float() }))
    .sort((a, b) => a.key - b.key).map(({ label }) => label);
  return datasetFromArrays({
    features: labels.map((_, row) => [row]),
    labels,
    classes: sizes.map((_, label) => `c${label}`),
  });
}

function countsOf({ labels, classes }: Dataset): number[] {
  return classes.map((_, code) => labels.filter((label) => label === code).length);
}

Deno.test("splitDataset gives every row to one part, in order, with its label", () => {
  const sizes = fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 2, maxLength: 6 });
  const fraction = fc.double({ min: 0.1, max: 0.6, noNaN: true });
  fc.assert(
    fc.property(sizes, fraction, fc.nat(), (sizes, fraction, seed) => {
      const dataset = datasetOf(sizes, seed);
      fc.pre(Math.round(dataset.rows * fraction) >= 1);
      fc.pre(Math.round(dataset.rows * fraction) <= dataset.rows - sizes.length);
      const { train, test } = splitDataset(dataset, fraction, randomStream(seed, "split"));
      assert.equal(test.rows, Math.round(dataset.rows * fraction));
      for (const part of [train, test]) {
        part.features.forEach((row, k) => {
          assert.equal(part.labels[k], dataset.labels[row]);
          assert.ok(k === 0 || part.features[k - 1] < row);
        });
      }
      const all = [...train.features, ...test.features].sort((a, b) => a - b);
      assert.deepEqual(all, [...dataset.features]);
      assert.ok(countsOf(train).every((count) => count >= 1));
    }),
    { seed: 6, numRuns: 300 },
  );
});

Deno.test("splitDataset rounds every class's share up or down, by largest remainder", () => {
  // Shares 2.75, 1.25 and 6: the first has the largest remainder.
  const { test } = splitDataset(datasetOf([11, 5, 24]), 0.25, randomStream(1));
  assert.deepEqual(countsOf(test), [3, 1, 6]);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 4, max: 60 }), { minLength: 2, maxLength: 8 }),
      (sizes) => {
        const counts = countsOf(splitDataset(datasetOf(sizes), 0.3, randomStream(2)).test);
        counts.forEach((count, label) => assert.ok(Math.abs(count - 0.3 * sizes[label]) < 1));
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

Deno.test("splitDataset keeps a class of one row and lets the others give its share", () => {
  const { train, test } = splitDataset(datasetOf([1, 1, 1, 9]), 0.5, randomStream(3));
  assert.deepEqual(countsOf(train), [1, 1, 1, 3]);
  assert.deepEqual(countsOf(test), [0, 0, 0, 6]);
});

Deno.test("splitDataset draws the same rows from the same stream and others from another", () => {
  const dataset = datasetOf([30, 30]);
  const rowsOf = (
    seed: number,
  ) => [...splitDataset(dataset, 0.5, randomStream(seed)).test.features];
  assert.deepEqual(rowsOf(1), rowsOf(1));
  assert.notDeepEqual(rowsOf(1), rowsOf(2));
});

Deno.test("splitDataset draws every row of a class equally often", () => {
  const dataset = datasetOf([4, 8]);
  const counts = new Array(12).fill(0);
  const random = randomStream(9);
  for (let draw = 0; draw < 2000; draw++) {
    for (const row of splitDataset(dataset, 0.25, random).test.features) counts[row]++;
  }
  // Expected 500 of 2000 with a standard deviation of 19.4.
  assert.ok(counts.every((count) => Math.abs(count - 500) < 100), counts.join());
});

Deno.test("splitDataset refuses fractions out of range and parts without rows", () => {
  for (const fraction of [0, 1, -0.1, 1.5, NaN]) {
    assert.throws(() => splitDataset(datasetOf([5, 5]), fraction, randomStream(1)), {
      name: "RangeError",
      message:
        `Cannot split a data set: found the fraction ${fraction}, need one above 0 and below 1`,
    });
  }
  const many = datasetOf([2, ...Array.from({ length: 24 }, () => 1)]);
  assert.throws(() => splitDataset(many, 0.2, randomStream(1)), {
    name: "RangeError",
    message:
      "Cannot hold out 5 of 26 rows: found 25 classes in them, need one row of each to learn " +
      "from; are the 25 classes numbers (--task regression), or names of rows?",
  });
  assert.throws(() => splitDataset(datasetOf([5, 5]), 0.04, randomStream(1)), {
    name: "RangeError",
    message: /found 10 rows, of which a share of 0\.04 is none, need more .* holds out none$/,
  });
  assert.throws(() => splitDataset(datasetOf([5, 5]), 0.9, randomStream(1)), {
    name: "RangeError",
    message: /found 9 of 10 rows to hold out, need 1 to 8 \(every class keeps a row\)$/,
  });
});

Deno.test("selectRows copies the rows wanted, repeated ones too, and keeps the rest", () => {
  const dataset = datasetFromArrays({
    features: [[1, 2], [3, 4], [5, 6]],
    labels: ["b", "a", "b"],
    featureNames: ["p", "q"],
  });
  const selected = selectRows(dataset, Int32Array.of(2, 0, 2));
  assert.deepEqual([...selected.features], [5, 6, 1, 2, 5, 6]);
  assert.deepEqual([...selected.labels], [1, 1, 1]);
  assert.equal(selected.rows, 3);
  assert.deepEqual(selected.classes, ["a", "b"]);
  assert.deepEqual(selected.featureNames, ["p", "q"]);
  assert.equal(selectRows(dataset, new Int32Array(0)).rows, 0);
  for (const row of [-1, 3]) {
    assert.throws(() => selectRows(dataset, Int32Array.of(0, row)), {
      name: "RangeError",
      message: `Cannot select rows: found row ${row} at position 1, need 0 to 2`,
    });
  }
});

Deno.test("splitDataset looks at a label as often for many classes as for few", () => {
  const readsOf = (classes: number): number => {
    const dataset = datasetOf(new Array(classes).fill(2000 / classes));
    let reads = 0;
    const labels = new Proxy(dataset.labels, {
      get(target, key) {
        reads++;
        return Reflect.get(target, key);
      },
    });
    splitDataset({ ...dataset, labels }, 0.25, randomStream(3));
    return reads;
  };
  assert.equal(readsOf(500), readsOf(4));
});

Deno.test("splitDataset takes what classes of one row cannot give from the large one", () => {
  const { test } = splitDataset(datasetOf([...new Array(50).fill(1), 50]), 0.2, randomStream(4));
  assert.deepEqual(countsOf(test), [...new Array(50).fill(0), 20]);
});
