import { node } from "../../node.ts";
import { catalogueDataset } from "./catalogue.ts";
import type { CatalogueDataset, CatalogueFile } from "./catalogue_entry.ts";
import { dataFolder } from "./data_folder.ts";
import { type Dataset, filePieces } from "../table/mod.ts";
import { readDataset } from "../formats/mod.ts";

/** A file of the data folder, compared with the catalogue. */
export interface VerifiedFile {
  /** The data set it belongs to. */
  readonly name: string;
  /** Its path. */
  readonly path: string;
  /**
   * `intact`: the text is the catalogue's, byte for byte. `same numbers`: only the spelling of the numbers
   * differs. `unknown`: it has the catalogue's rows and features, and no checksum is known. `changed`: it
   * is another table. `missing`: there is no such file.
   */
  readonly state: "intact" | "same numbers" | "unknown" | "changed" | "missing";
  /** The finding, in words. */
  readonly found: string;
}

/** Options of {@linkcode verifyDataset}. */
export interface VerifyOptions {
  /** The folder. Default: the data folder. */
  readonly folder?: string | undefined;
  /** Called after every piece of a file. */
  readonly onProgress?: ((path: string, bytesRead: number, bytesTotal: number) => void) | undefined;
}

/**
 * Compares the files of a catalogue data set with their checksums. Needs permission to read them.
 *
 * @throws {RangeError} If there is no data set of that name.
 * @throws {Error} If a file exists and cannot be opened.
 *
 * @example Usage
 * ```ts
 * import { verifyDataset } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const [file] = await verifyDataset("pol", { folder });
 * assert.equal(file.state, "missing");
 * ```
 */
export async function verifyDataset(
  name: string,
  options: VerifyOptions = {},
): Promise<VerifiedFile[]> {
  return await verifyEntry(name, catalogueDataset(name), options);
}

/** Verifies a data set that need not be in the catalogue. */
export async function verifyEntry(
  name: string,
  dataset: CatalogueDataset,
  { folder = dataFolder(), onProgress }: VerifyOptions,
): Promise<VerifiedFile[]> {
  const verified: VerifiedFile[] = [];
  for (const file of dataset.files) {
    const path = `${folder}/${file.name}`;
    const state = await verifyFile(path, file, dataset, onProgress).catch((error) => {
      // A broken table is a result of verifying, not an error.
      const isBroken = [SyntaxError, RangeError, TypeError].some((type) => error instanceof type);
      if (isBroken) return { state: "changed" as const, found: error.message };
      throw error;
    });
    verified.push({ name, path, ...state });
  }
  return verified;
}

async function verifyFile(
  path: string,
  file: CatalogueFile,
  { target, features }: CatalogueDataset,
  onProgress: VerifyOptions["onProgress"],
): Promise<Pick<VerifiedFile, "state" | "found">> {
  const isThere = await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  if (!isThere) return { state: "missing", found: "no such file" };
  if (file.csvSha256 !== null && await textDigest(path, onProgress) === file.csvSha256) {
    return { state: "intact", found: `${file.rows} rows, SHA-256 of the text as in the catalogue` };
  }
  const { dataset } = await readDataset(path, {
    target,
    missing: "error",
    categorical: [],
    onProgress: ({ bytesRead, bytesTotal }) => onProgress?.(path, bytesRead, bytesTotal),
  });
  const shape = `${dataset.rows} rows × ${dataset.columns} features`;
  if (file.numbersSha256 !== null && numbersDigest(dataset) === file.numbersSha256) {
    return {
      state: "same numbers",
      found: `${shape}, the catalogue's numbers written differently`,
    };
  }
  if (dataset.rows !== file.rows || dataset.columns !== features) {
    return { state: "changed", found: `${shape}, need ${file.rows} × ${features}` };
  }
  return file.numbersSha256 === null
    ? { state: "unknown", found: `${shape}, no checksum is known` }
    : { state: "changed", found: `${shape}, other numbers than the catalogue's` };
}

async function textDigest(
  path: string,
  onProgress: VerifyOptions["onProgress"],
): Promise<string> {
  const hash = node.crypto.createHash("sha256");
  for await (const { bytes, bytesRead, bytesTotal } of filePieces(path, () => "")) {
    hash.update(bytes);
    onProgress?.(path, bytesRead, bytesTotal);
  }
  return hash.digest("hex");
}

/**
 * SHA-256 of the numbers of a table, however they are written: rows and columns (32-bit each), all features
 * (32-bit floats, row after row), all labels (32-bit), little-endian.
 */
export function numbersDigest({ features, labels, rows, columns }: Dataset): string {
  const hash = node.crypto.createHash("sha256");
  for (
    const { buffer, byteOffset, byteLength } of [Int32Array.of(rows, columns), features, labels]
  ) {
    hash.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
