import { statSync } from "node:fs";
import { dirname, extname } from "node:path";
import { ensureWritableFolder } from "../../lib/files/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { userPath } from "./command_line.ts";

/**
 * The path of a file that a task will write after its work. A file that cannot be written is refused before
 * the work.
 *
 * @throws {TypeError} If there is a folder of that name, or its parent folder does not exist.
 * @throws {Error} If the parent folder cannot be written to.
 */
export function fileToWrite(name: string): string {
  const path = userPath(name);
  const folder = dirname(path);
  const intent = `Cannot write ${quotedPath(path)}`;
  if (!isFolder(folder)) throw new TypeError(`${intent}: there is no folder ${quotedPath(folder)}`);
  if (isFolder(path)) throw new TypeError(`${intent}: there is a folder of that name`);
  ensureWritableFolder(folder, 0);
  return path;
}

/** Endings of names that promise another format than CSV. */
const NOT_CSV =
  /^\.(parquet|pq|feather|arrow|npy|npz|mat|arff|jsonl?|xlsx?|ods|html?|gz|zip|pkl|safetensors)$/i;

/**
 * The path of a file that a task will write as CSV.
 *
 * @param json The option that has JSON written instead, if the task has one.
 * @throws {TypeError} If its name promises another format. The other errors are those of `fileToWrite`.
 */
export function csvToWrite(name: string, json?: "--json"): string {
  const ending = extname(name);
  if (NOT_CSV.test(ending)) {
    const isJson = json !== undefined && ending.toLowerCase() === ".json";
    throw new TypeError(
      `Cannot write ${quotedPath(name)}: what is written is CSV, need a name that ends in ".csv"` +
        (isJson ? `, or ${json}` : ""),
    );
  }
  return fileToWrite(name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
