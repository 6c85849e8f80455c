/**
 * The networks of results/why_sparse are compared in pairs: what one has, all have. Every seed has the
 * same data sets.
 */
import assert from "node:assert/strict";
import { records } from "../records.ts";
import { DENSE, SPARSE } from "./widths.ts";

Deno.test("every network of the study has the same seeds on the same data sets", () => {
  const scores = records("why_sparse/comparison.jsonl");
  const of = (wanted: string) =>
    scores.filter(({ name }) => name === wanted).map(({ dataset, seed }) => `${dataset}/${seed}`);
  const sparse = of(SPARSE);
  assert.equal(new Set(sparse).size, sparse.length);
  assert.equal(scores.length, 4 * sparse.length);
  for (const name of Object.values(DENSE)) assert.deepEqual(of(name), sparse, name);
  const seeds = [...new Set(scores.map(({ seed }) => seed))];
  assert.deepEqual(seeds, [1, 2, 3]);
  const [first, ...later] = seeds.map((wanted) =>
    sparse.filter((name) => name.endsWith(`/${wanted}`)).map((name) => name.split("/")[0]).sort()
  );
  for (const datasets of later) assert.deepEqual(datasets, first);
});
