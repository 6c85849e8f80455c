import { pathOfFileUrl } from "../../files/mod.ts";
import { quoted, quotedList, shown } from "../../messages.ts";

/** A data set that comes with the library. */
export interface BuiltinDataset {
  /** The file, beside this module. */
  readonly file: string;
  /** The target column. */
  readonly target: string;
  /** The content of the rows, and their source. */
  readonly description: string;
}

/** The data sets that come with the library, by name. `builtin/README.md` names their sources. */
export const BUILTIN_DATASETS: Readonly<Record<string, BuiltinDataset>> = {
  segment: {
    file: "segment.csv.gz",
    target: "class",
    description: "UCI Image Segmentation: 2310 outdoor image regions, 19 features, 7 classes " +
      "(DOI 10.24432/C5GP4N, CC BY 4.0)",
  },
};

/**
 * The path of a built-in data set's file. The file exists if the library itself is read from files.
 *
 * @throws {RangeError} If there is no data set of that name.
 * @throws {TypeError} If the library was imported by another protocol than `file:`; the message
 * holds the address to download the data from.
 *
 * @example
 * ```ts
 * import { builtinDatasetPath } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.match(builtinDatasetPath("segment"), /segment\.csv\.gz$/);
 * ```
 */
export function builtinDatasetPath(name: string): string {
  return builtinPathFrom(name, import.meta.url);
}

/**
 * Like {@linkcode builtinDatasetPath}, for a library at the address `base`.
 *
 * @throws {RangeError | TypeError} As `builtinDatasetPath`.
 */
export function builtinPathFrom(name: string, base: string): string {
  if (!Object.hasOwn(BUILTIN_DATASETS, name)) {
    throw new RangeError(
      `Cannot find a built-in data set: found ${shown(name)}, need one of ${
        quotedList(Object.keys(BUILTIN_DATASETS))
      }`,
    );
  }
  const address = new URL(BUILTIN_DATASETS[name].file, base);
  if (address.protocol !== "file:") {
    throw new TypeError(
      `Cannot read the built-in data set ${quoted(name)} from ${address.href}: ` +
        `found "${address.protocol}", need a local file (download it first)`,
    );
  }
  return pathOfFileUrl(address);
}
