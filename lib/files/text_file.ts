import { quotedPath } from "../messages.ts";
import { node } from "../node.ts";
import { fileErrorReason } from "./file_error.ts";

/**
 * The largest allowed size of a text file in bytes. It is more than any run writes, and fits into a string.
 */
const MOST_BYTES = 2 ** 28;

/**
 * Reads a text file whole.
 *
 * @throws {Error} If the file cannot be read or has more than 2²⁸ bytes, or is a pipe or a device, which
 * may never end.
 *
 * @example Usage
 * ```ts
 * import { readTextFile } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/note.txt`;
 * Deno.writeTextFileSync(path, "sparse");
 * assert.equal(readTextFile(path), "sparse");
 * ```
 */
export function readTextFile(path: string): string {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readBoundedFile(path, MOST_BYTES));
  } catch (cause) {
    throw new Error(`Cannot read ${quotedPath(path)}: ${fileErrorReason(cause)}`, { cause });
  }
}

/**
 * Reads a file of at most `most` bytes. A pipe or a device is refused before it is opened: opening a pipe
 * would wait for its other end, and a device may never end.
 *
 * @throws {Error} The system's error, or a reason without a path.
 */
export function readBoundedFile(path: string, most: number): Uint8Array {
  const found = node.fs.statSync(path);
  // For a folder the system reports the error.
  if (!found.isFile() && !found.isDirectory()) {
    throw new Error("found something that is no file, need a file");
  }
  if (found.size > most) throw new Error(`found ${found.size} bytes, need at most ${most}`);
  return node.fs.readFileSync(path);
}
