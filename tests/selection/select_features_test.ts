import assert from "node:assert/strict";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { attentionSampling, selectFeatures } from "../../lib/selection/mod.ts";
import { fitAutoencoder } from "../../lib/autoencoder/mod.ts";
import { relatedRows } from "../autoencoder/related_columns.ts";
import { commonCauses, RELEVANT } from "./common_causes.ts";

const table = commonCauses(1200, 1);

for (const by of ["strength", "attention"] as const) {
  Deno.test(`columns with common causes are chosen among noise, by ${by}`, async () => {
    const found = await selectFeatures(table, { count: 20, by });
    const hits = found.columns.slice(0, 20).filter(({ place }) => RELEVANT.includes(place));
    // By chance it would be one or two of them.
    assert.ok(hits.length >= 14, `${hits.length} of 20`);
    assert.deepEqual(found.chosen, found.columns.slice(0, 20).map(({ column }) => column));
    assert.deepEqual(found.columns.map(({ chosen }) => chosen), [
      ...new Array(20).fill(true),
      ...new Array(280).fill(false),
    ]);
    assert.ok(found.columns.every(({ score }, i, all) => i === 0 || score <= all[i - 1].score));
  });
}

Deno.test("equal seeds choose equally, others may not", async () => {
  const settings = { hidden: [50], epochs: 2 };
  const found = await selectFeatures(table, { count: 20, settings });
  assert.deepEqual(await selectFeatures(table, { count: 20, settings }), found);
  const other = await selectFeatures(table, { count: 20, settings: { ...settings, seed: 2 } });
  assert.notDeepEqual(other.columns, found.columns);
});

Deno.test("columns that tell the target are chosen by importance, related to others or not", async () => {
  const features = relatedRows(600, 3);
  const labels = features.map((row) => row[0] + row[9] > 0 ? "more" : "less");
  const settings = { method: "set", hidden: [40], epsilon: 8, epochs: 30 } as const;
  const labelled = datasetFromArrays({ features, labels });
  const found = await selectFeatures(labelled, { count: 2, by: "importance", settings });
  assert.deepEqual([...found.chosen].sort(), ["x0", "x9"]);
  const targets = features.map((row) => row[0] + row[9]);
  const numbers = datasetFromArrays({ features, targets });
  const ofNumbers = await selectFeatures(numbers, { count: 2, by: "importance", settings });
  assert.deepEqual([...ofNumbers.chosen].sort(), ["x0", "x9"]);
});

Deno.test("a column that does not vary has no strength, and one of categories one score", async () => {
  const features = relatedRows(200, 3).map((row) => [7, ...row]);
  const constant = datasetFromArrays({ features, labels: features.map((_, row) => row % 2) });
  const settings = { hidden: [40], epochs: 2 };
  const { columns } = await selectFeatures(constant, { count: 1, settings });
  const last = columns[columns.length - 1];
  assert.deepEqual([last.column, last.place, last.score], ["x0", 0, 0]);
  assert.equal(columns.length, 13);
});

Deno.test("more columns than there are cannot be chosen", async () => {
  await assert.rejects(selectFeatures(table, { count: 301 }), RangeError);
  await assert.rejects(selectFeatures(table, { count: 0 }), RangeError);
});

Deno.test("attention moves connections to inputs that are related", async () => {
  const gradientDescent = { optimizer: "sgd", learningRate: 0.01 } as const;
  const settings = { hidden: [100], epochs: 10, noise: 2, ...gradientDescent };
  const options = { strategy: attentionSampling() };
  const { members: [{ layers }], strategy } = await fitAutoencoder(table, settings, options);
  assert.equal(strategy?.name, "attention sampling");
  const [first] = layers;
  assert.ok(first.kind === "sparse");
  const degrees = new Float64Array(300);
  for (const column of first.indices) degrees[column]++;
  const related = RELEVANT.reduce((sum, column) => sum + degrees[column], 0) / 20;
  const mean = first.indices.length / 300;
  assert.ok(related > 1.25 * mean, `${related} connections, ${mean} in the mean`);
});
