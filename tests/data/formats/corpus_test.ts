/**
 * Tables at which the reader, or the obvious one that judges it, once went wrong, or where it is
 * easy to. `deno task soak --only tables` finds new ones.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { namesIn, readBytes } from "../../files.ts";
import { checkReading } from "../../soak/tables.ts";

/** The files that hold a table. */
const TABLES = [
  "blank_lines_at_the_end.csv",
  "byte_order_mark.csv",
  "return_as_the_last_byte.csv",
  "smallest_and_largest.csv",
  // The second mark is a part of the first name.
  "two_byte_order_marks.csv",
  "two_members.csv.gz",
];

Deno.test("every table of the corpus is read as it is, or refused in a sentence", async () => {
  const folder = fileURLToPath(new URL("../corpus", import.meta.url));
  const read: string[] = [];
  for (const name of namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (await checkReading(path, readBytes(path))) read.push(name);
  }
  assert.deepEqual(read, TABLES);
  assert.ok(namesIn(folder).length >= 12);
});
