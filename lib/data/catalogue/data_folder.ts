import { quoted } from "../../messages.ts";

/** The folder for data sets that were fetched, from the working directory. */
export const DATA_CACHE = ".cache/data";

/**
 * The folder with the catalogue's files. The environment variable `SPARSEMBLE_DATA` names it. Without the
 * variable it is the cache that `deno task data fetch` fills. Does not ask for missing permissions.
 */
export function dataFolder(): string {
  const named = Deno.permissions.querySync({ name: "env", variable: "SPARSEMBLE_DATA" }).state ===
      "granted"
    ? Deno.env.get("SPARSEMBLE_DATA")
    : undefined;
  return named === undefined || named === "" ? DATA_CACHE : named;
}

/**
 * The path of a catalogue file.
 *
 * @throws {RangeError} If the name is not a plain file name.
 */
export function dataFilePath(name: string): string {
  if (name.includes("/") || name.includes("\\") || name === "" || name.startsWith(".")) {
    throw new RangeError(`Cannot find a data file: found ${quoted(name)}, need a plain file name`);
  }
  return `${dataFolder()}/${name}`;
}
