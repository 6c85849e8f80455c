/** NumPy's draws and the benchmark's rule, against what NumPy made (fixtures/make_balance.py). */
import assert from "node:assert/strict";
import { datasetFromArrays } from "../../../mod.ts";
import { balanceClasses, balancedRows } from "../../../lib/data/catalogue/mod.ts";
import { mersenneTwister, numpyPermutation } from "../../../lib/data/catalogue/mt19937.ts";
import { readJsonFile } from "../../files.ts";

const fixture = readJsonFile(new URL("../fixtures/balance.json", import.meta.url));

Deno.test("the Mersenne Twister gives the words of RandomState, over more than one filling", () => {
  for (const [seed, words] of Object.entries<number[]>(fixture.words)) {
    const stream = mersenneTwister(Number(seed));
    const drawn = Array.from({ length: 1300 }, () => stream.uint32());
    assert.deepEqual(fixture.places.map((place: number) => drawn[place]), words, `seed ${seed}`);
  }
  for (const seed of [-1, 0.5, 2 ** 32, NaN]) {
    assert.throws(() => mersenneTwister(seed), RangeError);
  }
});

Deno.test("permutations are those of RandomState", () => {
  for (const { seed, length, order } of fixture.permutations) {
    assert.deepEqual([...numpyPermutation(mersenneTwister(seed), length)], order);
  }
  const { length, first, last } = fixture.large;
  const order = numpyPermutation(mersenneTwister(0), length);
  assert.deepEqual([...order.subarray(0, 20)], first);
  assert.deepEqual([...order.subarray(-20)], last);
});

Deno.test("balancedRows keeps the rows that the benchmark's rule keeps", () => {
  assert.equal(fixture.cases.length, 5);
  for (const { labels, rows } of fixture.cases) assert.deepEqual([...balancedRows(labels)], rows);
  assert.throws(() => balancedRows([1, 1]), {
    name: "RangeError",
    message: "Cannot balance classes: found 1, need at least two",
  });
  assert.throws(() => balancedRows([]), RangeError);
});

Deno.test("balanceClasses has both classes equally often, the larger one first", () => {
  for (const { labels, rows } of fixture.cases) {
    const dataset = datasetFromArrays({
      features: labels.map((_: number, row: number) => [row]),
      labels: labels.map((label: number) => `class ${label}`),
    });
    const balanced = balanceClasses(dataset);
    assert.deepEqual([...balanced.features], rows);
    assert.deepEqual(
      Array.from(balanced.labels, (code) => balanced.classes[code]),
      rows.map((row: number) => `class ${labels[row]}`),
    );
    assert.equal(balanced.labels.reduce((sum, code) => sum + code, 0), rows.length / 2);
    assert.equal(dataset.rows, labels.length);
  }
});
