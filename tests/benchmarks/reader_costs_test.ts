import assert from "node:assert/strict";
import { readerCosts } from "../../lib/benchmarks/readers/mod.ts";
import { readerTables } from "../../lib/benchmarks/tables.ts";
import { newFolder } from "../files.ts";

Deno.test({
  name: "readerCosts reads the same table in every format, small and larger",
  ignore: !hasWriters(),
  fn: async () => {
    const folder = newFolder();
    const shapes = [{ rows: 20, columns: 3 }, { rows: 20, columns: 30 }];
    const told: object[] = [];
    const costs = await readerCosts(shapes, {
      folder,
      deno: Deno.execPath(),
      onShape: (shape) => told.push(shape),
    });
    assert.deepEqual(told, shapes);
    assert.deepEqual(costs.map(({ file }) => file), [
      ...["numbers.csv", "texts.csv", "numbers.arff", "X.npy", "numbers.npz"],
      ...["numbers.parquet", "texts.parquet"],
    ]);
    for (const { points, time, memory } of costs) {
      assert.deepEqual(points.map(({ rows, columns }) => ({ rows, columns })), shapes);
      for (const { seconds, bytes } of points) assert.ok(seconds > 0 && bytes >= 0);
      assert.ok(Number.isFinite(time.exponent));
      assert.ok("lastExponent" in memory);
    }
    const missing = readerCosts(shapes, { folder, deno: Deno.execPath(), files: ["none.csv"] });
    await assert.rejects(missing, /Cannot measure the reading of ".*none.csv": .*Cannot/);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("readerTables have a line for every format and a column for every size", () => {
  const points = [
    { rows: 8, columns: 1000, seconds: 0.02, bytes: 1e6 },
    { rows: 8, columns: 2000, seconds: 0.04, bytes: 3e6 },
  ];
  const time = { exponent: 1, lastExponent: 1.04 };
  const memory = { exponent: 1.58, lastExponent: 1.6 };
  const [times, memories] = readerTables("columns", [{ file: "a.csv", points, time, memory }]);
  assert.match(times.title, /table of 8 rows: ms of the processor by columns$/);
  assert.deepEqual(times.head, ["", "1000", "2000", "exponent", "of last decade"]);
  assert.deepEqual(times.rows, [["a.csv", "20.0", "40.0", "1.00", "1.04"]]);
  assert.match(memories.title, /table of 8 rows: MB at the peak by columns$/);
  assert.deepEqual(memories.rows, [["a.csv", "1.0", "3.0", "1.58", "1.60"]]);
});

function hasWriters(): boolean {
  try {
    const args = ["-c", "import numpy, pyarrow.parquet, pyarrow.csv"];
    return new Deno.Command("python3", { args }).outputSync().success;
  } catch {
    return false;
  }
}
