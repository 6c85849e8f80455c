/**
 * Tables in files, for tests of readers.
 *
 * @module
 */
import { readDataset as readAsTasksDo } from "../../mod.ts";
import { newFolder, writeFile } from "../files.ts";

/** Reads a table. Missing values and text in features are errors, unless the options allow them. */
export const readDataset: typeof readAsTasksDo = (file, options) =>
  readAsTasksDo(file, { missing: "error", categorical: [], ...options });

/** The folder of the tables. It is removed at the end of the test file. */
export const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

let files = 0;

/** Writes a table to a new file and returns its path. */
export function fileOf(content: string | Uint8Array, ending = ".csv"): string {
  const path = `${folder}/table${files++}${ending}`;
  writeFile(path, content);
  return path;
}
