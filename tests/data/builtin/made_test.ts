import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { MADE_DATASETS, madeDataset } from "../../../lib/data/builtin/made.ts";
import type { Dataset } from "../../../lib/data/table/mod.ts";

/** The mean of a column in every class, and its variance within the classes. */
function classMeans({ features, rows, columns, labels, classes }: Dataset, column: number) {
  const sums = new Float64Array(classes.length);
  const squares = new Float64Array(classes.length);
  for (let row = 0; row < rows; row++) {
    const value = features[row * columns + column];
    sums[labels[row]] += value;
    squares[labels[row]] += value ** 2;
  }
  const each = rows / classes.length;
  const means = Array.from(sums, (sum) => sum / each);
  const variances = means.map((mean, label) => squares[label] / each - mean ** 2);
  const within = variances.reduce((sum, value) => sum + value, 0) / classes.length;
  return { means, within };
}

Deno.test("a made table has as many rows of every class, and the numbers of its seed", () => {
  const table = madeDataset("narrow");
  const counts = table.classes.map((_, label) => table.labels.filter((it) => it === label).length);
  assert.deepEqual(counts, [100, 100, 100, 100]);
  assert.deepEqual(madeDataset("narrow").features, table.features);
  const bytes = new Uint8Array(table.features.buffer);
  assert.equal(createHash("sha256").update(bytes).digest("hex").slice(0, 16), "ebb0bdac9fbc0244");
});

Deno.test("as many columns as it says differ between the classes, and all vary by 1 within", () => {
  const table = madeDataset("narrow");
  const { informative, classes, rows } = MADE_DATASETS.narrow;
  const spreads = table.featureNames.map((_, column) => {
    const { means, within } = classMeans(table, column);
    assert.ok(within > 0.75 && within < 1.3, `column ${column}: ${within}`);
    const middle = means.reduce((sum, mean) => sum + mean, 0) / classes;
    return means.reduce((sum, mean) => sum + (mean - middle) ** 2, 0) / (classes - 1);
  });
  // The means of noise vary by 1 / rows of a class; six times that is out of its reach.
  const found = spreads.filter((spread) => spread > 6 * classes / rows).length;
  assert.equal(found, informative);
});

Deno.test("an unknown made table is refused with the names of those that there are", () => {
  assert.throws(() => madeDataset("deep"), {
    name: "RangeError",
    message: 'Cannot find a made data set: found "deep", need one of "wide", "narrow"',
  });
});
