import { quotedPath } from "../messages.ts";
import { node } from "../node.ts";
import { fileErrorReason } from "./file_error.ts";

/** The most bytes of a text file: more than any run writes, and as much as a text can hold in memory. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads a text file whole.
 *
 * @throws {Error} If it cannot be read, is no file but a pipe or a device, which may never end, or has more
 * than 2²⁸ bytes.
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
 * Reads a file of at most so many bytes. Others than files are refused before they are opened: a pipe
 * would wait for its other end, and a device may have none.
 *
 * @throws {Error} What the system says, or a reason without a path.
 */
export function readBoundedFile(path: string, most: number): Uint8Array {
  const found = node.fs.statSync(path);
  // The system says it of a folder.
  if (!found.isFile() && !found.isDirectory()) {
    throw new Error("found something that is no file, need a file");
  }
  if (found.size > most) throw new Error(`found ${found.size} bytes, need at most ${most}`);
  return node.fs.readFileSync(path);
}
