import assert from "node:assert/strict";
import { symlinkSync, truncateSync } from "node:fs";
import { readTextFile } from "../../lib/files/text_file.ts";
import { newFolder, writeFile } from "../files.ts";

Deno.test("a text file is read to the letter", () => {
  const path = `${newFolder()}/note.txt`;
  for (const text of ["", "\ufeffε = 20\r\n", "a\0b"]) {
    writeFile(path, text);
    assert.equal(readTextFile(path), text);
  }
});

Deno.test("what is no file, or may never end, is refused before it is opened", () => {
  const folder = newFolder();
  const path = `${folder}/note.txt`;
  assert.throws(
    () => readTextFile(path),
    /^Error: Cannot read ".*note.txt": there is no such file/,
  );
  assert.throws(() => readTextFile(folder), /there is a folder of that name$/);
  symlinkSync("/dev/zero", path);
  assert.throws(() => readTextFile(path), /found something that is no file, need a file$/);
  const pipe = `${folder}/pipe`;
  const made = new Deno.Command("sh", { args: ["-c", 'mkfifo "$0"', pipe] }).outputSync().success;
  if (made) assert.throws(() => readTextFile(pipe), /found something that is no file/);
  const large = `${folder}/large`;
  writeFile(large, "");
  truncateSync(large, 3e9);
  assert.throws(() => readTextFile(large), /found 3000000000 bytes, need at most 268435456$/);
});
