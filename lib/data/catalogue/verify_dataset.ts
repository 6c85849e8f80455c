import { node } from "../../node.ts";
import { catalogueDataset } from "./catalogue.ts";
import type { CatalogueDataset } from "./catalogue_entry.ts";
import { dataFolder } from "./data_folder.ts";
import { filePieces } from "../table/mod.ts";
import { readDataset } from "../formats/mod.ts";
import { numbersDigest } from "./numbers_digest.ts";

/** What is known of a file of the data folder. */
export interface VerifiedFile {
  /** The data set it belongs to. */
  readonly name: string;
  /** Where it is looked for. */
  readonly path: string;
  /**
   * `intact`: the text is the catalogue's, byte for byte. `same numbers`: it is written differently and
   * says the same. `unknown`: it has the catalogue's rows and features, and no checksum of it is known.
   * `changed`: it is something else. `missing`: there is none.
   */
  readonly state: "intact" | "same numbers" | "unknown" | "changed" | "missing";
  /** What was found, in words. */
  readonly found: string;
}

/** Where to look, and whom to tell. */
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
 * @throws {Error} If a file is there and cannot be opened.
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
  { files, target, features }: CatalogueDataset,
  { folder = dataFolder(), onProgress }: VerifyOptions,
): Promise<VerifiedFile[]> {
  const verified: VerifiedFile[] = [];
  for (const file of files) {
    const path = `${folder}/${file.name}`;
    const add = (state: VerifiedFile["state"], found: string) =>
      verified.push({ name, path, state, found });
    if (!await isThere(path)) {
      add("missing", "no such file");
      continue;
    }
    try {
      if (file.csvSha256 !== null) {
        const digest = await textDigest(path, onProgress);
        if (digest === file.csvSha256) {
          add("intact", `${file.rows} rows, SHA-256 of the text as in the catalogue`);
          continue;
        }
      }
      const { dataset } = await readDataset(path, {
        target,
        onProgress: ({ bytesRead, bytesTotal }) => onProgress?.(path, bytesRead, bytesTotal),
      });
      const shape = `${dataset.rows} rows × ${dataset.columns} features`;
      if (file.numbersSha256 !== null && numbersDigest(dataset) === file.numbersSha256) {
        add("same numbers", `${shape}, the catalogue's numbers written differently`);
      } else if (dataset.rows !== file.rows || dataset.columns !== features) {
        add("changed", `${shape}, need ${file.rows} × ${features}`);
      } else if (file.numbersSha256 === null) add("unknown", `${shape}, no checksum is known`);
      else add("changed", `${shape}, other numbers than the catalogue's`);
    } catch (error) {
      // A broken table is what verifying is there to find.
      if (
        !(error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError)
      ) {
        throw error;
      }
      add("changed", error.message);
    }
  }
  return verified;
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

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
