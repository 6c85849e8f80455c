import assert from "node:assert/strict";
import { fitPreprocessing, inputCount } from "../../../lib/data/preprocessing/mod.ts";
import { summarizeColumns } from "../../../lib/data/preprocessing/column_summary.ts";
import { datasetFromArrays } from "../../../mod.ts";

Deno.test("every column is described, and its inputs are those that a preprocessing makes", () => {
  const features = Array.from(
    { length: 30 },
    (_, row) => [row, row % 3 ? 0.5 : null, `name ${row}`, "same", row % 2 ? "a" : "b", 7, null],
  );
  const featureNames = ["id", "gaps", "name", "same", "kind", "seven", "none"];
  const labels = features.map((_, row) => row % 2);
  const train = datasetFromArrays({ features, labels, featureNames, missing: "keep" });
  const columns = summarizeColumns(train);
  assert.deepEqual(columns.map(({ inputs, missing, remark }) => [inputs, missing, remark]), [
    [
      1,
      0,
      "it is another whole number in every row: leave it out (--ignore) if it only numbers the rows",
    ],
    [1, 10, "it is 0.5 in all rows that have one"],
    [0, 0, "none of its texts is in 5 rows: it is an identifier, or text to be split into columns"],
    [0, 0, 'it is "same" in all rows'],
    [2, 0, ""],
    [0, 0, "it is 7 in all rows"],
    [0, 30, "all its values are missing"],
  ]);
  assert.deepEqual(columns.map(({ kind }) => kind), [
    ...["numbers", "numbers", "30 categories", "1 category", "2 categories", "numbers", "numbers"],
  ]);
  const inputs = columns.reduce((sum, column) => sum + column.inputs, 0);
  assert.equal(inputs, inputCount(fitPreprocessing(train, { scaling: "standard" })));
});
