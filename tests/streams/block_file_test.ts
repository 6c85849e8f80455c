import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileDigest, openBlocks, writeBlocks } from "../../lib/streams/block_file.ts";
import { namesIn, newFolder, readBytes, writeFile } from "../files.ts";

const COLUMNS = 3;

/** Writes rows whose features are 10 × row + column, and whose targets are 0, 1, 2, 0 and so on. */
function write(path: string, rows: number, blockRows: number): string {
  using writer = writeBlocks(path, COLUMNS, blockRows, (rows) => new Int32Array(rows));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      writer.block[writer.offset + column] = 10 * row + column;
    }
    writer.add(row % 3);
  }
  assert.equal(writer.rows, rows);
  return writer.finish();
}

Deno.test("rows come back from a file of blocks as they were written", () => {
  for (const [rows, blockRows] of [[1, 4], [4, 4], [10, 4], [9, 1]]) {
    const path = `${newFolder()}/rows.f32`;
    const digest = write(path, rows, blockRows);
    const bytes = readBytes(path);
    assert.equal(bytes.length, 4 * rows * (COLUMNS + 1));
    assert.equal(digest, createHash("sha256").update(bytes).digest("hex"));
    assert.equal(fileDigest(path), digest);
    using reader = openBlocks(path, { rows, columns: COLUMNS, blockRows });
    let row = 0;
    for (let block = 0; row < rows; block++) {
      const features = new Float32Array(blockRows * COLUMNS);
      const targets = new Int32Array(blockRows);
      reader.read(block, features, targets);
      for (let k = 0; k < blockRows && row < rows; k++, row++) {
        assert.deepEqual([...features.subarray(3 * k, 3 * k + 3)], [
          10 * row,
          10 * row + 1,
          10 * row + 2,
        ]);
        assert.equal(targets[k], row % 3);
      }
    }
  }
});

Deno.test("a row without a target is left out", () => {
  const path = `${newFolder()}/rows.f32`;
  using writer = writeBlocks(path, 1, 2, (rows) => new Float32Array(rows));
  for (const target of [0.5, NaN, 2]) {
    writer.block[writer.offset] = target;
    writer.add(target);
  }
  writer.finish();
  assert.equal(writer.rows, 2);
  assert.deepEqual([...new Float32Array(readBytes(path).buffer)], [0.5, 2, 0.5, 2]);
});

Deno.test("a file that is not finished leaves nothing", () => {
  const folder = newFolder();
  const writer = writeBlocks(`${folder}/rows.f32`, 1, 1, (rows) => new Int32Array(rows));
  writer.add(1);
  assert.match(namesIn(folder)[0], /^\.rows\.f32\.\d+-\d+\.tmp$/);
  writer.dispose();
  writer.dispose();
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("a file that is cut short is refused, when it is opened or when it is read", () => {
  const path = `${newFolder()}/rows.f32`;
  write(path, 10, 4);
  const layout = { rows: 10, columns: COLUMNS, blockRows: 4 };
  using reader = openBlocks(path, layout);
  writeFile(path, readBytes(path).subarray(0, 100));
  assert.throws(
    () => reader.read(2, new Float32Array(12), new Int32Array(4)),
    /rows\.f32": found its end after 128 bytes, need 160$/,
  );
  assert.throws(
    () => openBlocks(path, layout),
    /Cannot read ".*rows\.f32": found 100 bytes, need 160 of 10 rows and 3 columns$/,
  );
  assert.throws(() => openBlocks(`${path}.none`, layout), /there is no such file or folder/);
});

Deno.test("a folder that is not there is told when the file is begun", () => {
  assert.throws(
    () => writeBlocks(`${newFolder()}/none/rows.f32`, 1, 1, (rows) => new Int32Array(rows)),
    /Cannot write ".*rows\.f32": there is no such file or folder$/,
  );
});
