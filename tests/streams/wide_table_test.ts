/** Tables of so many columns that one argument, or one line of a header, for each is too many. */
import assert from "node:assert/strict";
import { openStream } from "../../lib/streams/stored_stream.ts";
import { newFolder, writeFile } from "../files.ts";
import { tinyRequest } from "./tiny_tables.ts";

const COLUMNS = 170_000;
const ROWS = 8;

Deno.test("a table of very many columns is streamed, and its description is read again", async () => {
  const folder = newFolder();
  const file = `${folder}/wide.npy`;
  const shape = `{'descr': '|u1', 'fortran_order': False, 'shape': (${ROWS}, ${COLUMNS}), }`;
  const bytes = new Uint8Array(128 + ROWS * COLUMNS);
  bytes.set(new TextEncoder().encode(shape.padEnd(117) + "\n"), 10);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      bytes[128 + row * COLUMNS + column] = column === 0 ? row % 2 : (row + column) % 7;
    }
  }
  writeFile(file, bytes);
  const request = tinyRequest(file, { target: "x0" }, { scaling: "min-max" });
  const path = `${folder}/rows.f32`;
  const made = await openStream(request, path);
  assert.equal(made.layout.columns, COLUMNS - 1);
  assert.equal(made.rankError, 0);
  let wasRead = false;
  const again = await openStream(request, path, () => wasRead = true);
  assert.equal(wasRead, false);
  assert.deepEqual(again.layout, made.layout);
  assert.deepEqual(again.summaries.at(-1), made.summaries.at(-1));
  assert.deepEqual(again.preprocessing.kept, made.preprocessing.kept);
});
