import { quoted } from "../../messages.ts";

/** The folder for data sets that were fetched, from the working directory. */
export const DATA_CACHE = ".cache/data";

/**
 * The folder with the catalogue's files: the one that the environment variable `SPARSEMBLE_DATA` names, or
 * the cache that `deno task data fetch` fills. Does not ask for missing permissions.
 */
export function dataFolder(): string {
  const named = Deno.permissions.querySync({ name: "env", variable: "SPARSEMBLE_DATA" }).state ===
      "granted"
    ? Deno.env.get("SPARSEMBLE_DATA")
    : undefined;
  return named === undefined || named === "" ? DATA_CACHE : named;
}

/** The path of a catalogue file. */
export function dataFilePath(name: string): string {
  if (name.includes("/") || name.includes("\\") || name === "" || name.startsWith(".")) {
    throw new RangeError(`Cannot find a data file: found ${quoted(name)}, need a plain file name`);
  }
  return `${dataFolder()}/${name}`;
}
