import assert from "node:assert/strict";
import { readerCosts } from "../../lib/benchmarks/readers/mod.ts";
import { readerTable } from "../../lib/benchmarks/tables.ts";
import { newFolder } from "../files.ts";

Deno.test({
  name: "readerCosts reads the same table in every format, small and larger",
  ignore: !hasWriters(),
  fn: async () => {
    const folder = newFolder();
    const shapes = [{ rows: 20, columns: 3 }, { rows: 20, columns: 30 }];
    const told: object[] = [];
    const costs = await readerCosts(shapes, folder, (shape) => told.push(shape));
    assert.deepEqual(told, shapes);
    assert.deepEqual(costs.map(({ file }) => file), [
      ...["numbers.csv", "texts.csv", "numbers.arff", "X.npy", "numbers.npz"],
      ...["numbers.parquet", "texts.parquet"],
    ]);
    for (const { points, exponent } of costs) {
      assert.deepEqual(points.map(({ rows, columns }) => ({ rows, columns })), shapes);
      assert.ok(Number.isFinite(exponent));
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("readerTable has a line for every format and a column for every size", () => {
  const points = [{ rows: 8, columns: 1000, seconds: 0.02 }, {
    rows: 8,
    columns: 2000,
    seconds: 0.04,
  }];
  const cost = { file: "a.csv", points, exponent: 1, lastExponent: 1.04, bytes: 3e6 };
  const { title, head, rows } = readerTable("columns", [cost]);
  assert.match(title, /table of 8 rows: ms of the processor by columns$/);
  assert.deepEqual(head, ["", "1000", "2000", "exponent", "of last decade", "MB"]);
  assert.deepEqual(rows, [["a.csv", "20.0", "40.0", "1.00", "1.04", "3"]]);
});

function hasWriters(): boolean {
  try {
    const args = ["-c", "import numpy, pyarrow.parquet, pyarrow.csv"];
    return new Deno.Command("python3", { args }).outputSync().success;
  } catch {
    return false;
  }
}
