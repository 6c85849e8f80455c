import { catalogueDataset } from "./catalogue.ts";
import type { CatalogueDataset, DataSource } from "./catalogue_entry.ts";
import { dataFolder } from "./data_folder.ts";
import { download, type DownloadEvent } from "./download.ts";
import { ensureWritableFolder, fileErrorCode } from "../../files/mod.ts";
import { node } from "../../node.ts";
import { quoted, quotedList, quotedPath } from "../../messages.ts";
import { readDataset } from "../formats/mod.ts";
import { mostSourceBytes, sourceTables, type TextPieces } from "./source_rows.ts";
import { numbersDigest, verifyEntry } from "./verify_dataset.ts";

/** An event of fetching a data set. */
export type FetchEvent =
  /** A file is asked for. */
  | { readonly type: "ask"; readonly address: string }
  | { readonly type: "download"; readonly address: string; readonly event: DownloadEvent }
  /** One of the catalogue's files is being written. */
  | { readonly type: "convert"; readonly file: string };

/** Options of {@linkcode fetchDataset}. */
export interface FetchOptions {
  /** The folder for the files. Default: the data folder. */
  readonly folder?: string | undefined;
  /** The publisher to ask. Default: the first that offers the data set. */
  readonly publisher?: DataSource["publisher"] | undefined;
  /** A server to ask instead of the publisher's server, such as `http://127.0.0.1:8000`. */
  readonly mirror?: string | undefined;
  /** Stops fetching. What was downloaded is kept, and fetching again continues it. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every event. */
  readonly onEvent?: ((event: FetchEvent) => void) | undefined;
  /** Milliseconds before the first further attempt after a failed connection. Default: 1000. */
  readonly pause?: number | undefined;
  /** Milliseconds without a byte that count as a failed connection. Default: 60,000. */
  readonly stall?: number | undefined;
}

/** A data set that was fetched. */
export interface FetchedDataset {
  /** Its name in the catalogue. */
  readonly name: string;
  /** `true` if the files were there before, and nothing was downloaded. */
  readonly alreadyThere: boolean;
  /** The paths of its files. */
  readonly files: readonly string[];
  /** The downloads. Empty if the files were there before. */
  readonly downloads: readonly {
    readonly address: string;
    readonly bytes: number;
    readonly sha256: string;
    /** `true` if the catalogue states a checksum, and the download has it. */
    readonly checked: boolean;
  }[];
}

/**
 * Downloads a data set of the catalogue from its publisher and writes it in the catalogue's form, so that
 * it can be used as `dataset:NAME`. Intact files are left as they are. Downloads and the files made of them
 * are checked by their SHA-256, if it is known. A download that is larger than the rows can need is
 * stopped. Needs permission to read and write the folder and for the publisher's hosts.
 *
 * @throws {RangeError} If there is no such data set, or no publisher (or not the chosen one) offers it.
 * @throws {Error} If it cannot be downloaded or written, or differs from the catalogue.
 * @throws The reason of the signal.
 *
 * @example Of a part that nobody offers, the whole is named
 * ```ts
 * import { fetchDataset } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * await assert.rejects(fetchDataset("jannis-subset", { folder }), /need "jannis" itself/);
 * ```
 */
export async function fetchDataset(
  name: string,
  options: FetchOptions = {},
): Promise<FetchedDataset> {
  return await fetchEntry(name, catalogueDataset(name), options);
}

/**
 * Fetches a data set that need not be in the catalogue.
 *
 * @throws {Error} If a different file is there already. The other errors are those of {@linkcode
 * fetchDataset}.
 */
export async function fetchEntry(
  name: string,
  dataset: CatalogueDataset,
  options: FetchOptions,
): Promise<FetchedDataset> {
  const { folder = dataFolder(), signal, onEvent } = options;
  const files = dataset.files.map((file) => `${folder}/${file.name}`);
  const before = await verifyEntry(name, dataset, { folder });
  if (before.every(({ state }) => state !== "missing" && state !== "changed")) {
    return { name, alreadyThere: true, files, downloads: [] };
  }
  const changed = before.find(({ state }) => state === "changed");
  if (changed !== undefined) {
    throw new Error(
      `Cannot fetch ${quoted(name)}: found another file as ${quotedPath(changed.path)} ` +
        `(${changed.found}), need it moved away first`,
    );
  }
  const source = chooseSource(name, dataset, options);
  ensureWritableFolder(folder);

  const temporary: string[] = [];
  const downloads = [];
  for (const { address, sha256 } of source.downloads) {
    const path = `${folder}/${name}-${address.split("/").at(-1)!}`;
    const from = options.mirror === undefined
      ? address
      : `${options.mirror.replace(/\/$/, "")}${new URL(address).pathname}`;
    onEvent?.({ type: "ask", address: from });
    const found = await download(from, path, {
      sha256,
      signal,
      onEvent: (event) => onEvent?.({ type: "download", address: from, event }),
      pause: options.pause,
      mostBytes: mostSourceBytes(dataset, source),
      stall: options.stall,
    });
    downloads.push({ address: from, ...found, checked: sha256 !== null });
    temporary.push(path);
  }
  const tidy = async () => {
    const unpacked = source.member === undefined ? [] : [`${temporary[0]}.${source.member}`];
    for (const path of [...temporary, ...unpacked]) {
      await node.fs.promises.rm(path, { force: true });
    }
  };
  try {
    const tables = await sourceTables(dataset, source, temporary);
    for (let k = 0; k < tables.length; k++) {
      signal?.throwIfAborted();
      onEvent?.({ type: "convert", file: files[k] });
      await writeChecked(dataset, k, files[k], tables[k], signal);
    }
  } catch (error) {
    // The downloads are complete but have the wrong content. If they were kept, the next attempt would use
    // them.
    if (signal?.aborted !== true) await tidy();
    throw error;
  }
  await tidy();
  return { name, alreadyThere: false, files, downloads };
}

function chooseSource(
  name: string,
  { sources, whole, files }: CatalogueDataset,
  { publisher }: FetchOptions,
): DataSource {
  const found = publisher === undefined
    ? sources[0]
    : sources.find((source) => source.publisher === publisher);
  if (found !== undefined) return found;
  if (sources.length > 0) {
    throw new RangeError(
      `Cannot fetch ${quoted(name)} from ${quoted(publisher!)}: need one of ${
        quotedList(sources.map((source) => source.publisher))
      }`,
    );
  }
  throw new RangeError(
    `Cannot fetch ${quoted(name)}: found nobody who offers this part of ${quoted(whole!)}, need ` +
      `${quoted(whole!)} itself, or a folder with ${quoted(files[0].name)} as SPARSEMBLE_DATA`,
  );
}

/** Writes a file under another name, and renames it if it is what the catalogue says. */
async function writeChecked(
  dataset: CatalogueDataset,
  place: number,
  path: string,
  table: TextPieces,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { csvSha256, numbersSha256, rows } = dataset.files[place];
  const unchecked = path.replace(/\.csv\.gz$/, `.${Deno.pid}.unchecked.csv.gz`);
  try {
    const found = await writeGzipText(unchecked, table, signal);
    if (csvSha256 === null || found !== csvSha256) {
      const { dataset: read } = await readDataset(unchecked, {
        target: dataset.target,
        missing: "error",
        categorical: [],
      });
      const wrong = numbersSha256 === null
        ? read.rows !== rows || read.columns !== dataset.features
        : numbersDigest(read) !== numbersSha256;
      if (wrong) {
        throw new Error(
          `Cannot use what was downloaded as ${quotedPath(path)}: found ${read.rows} rows × ` +
            `${read.columns} features with other numbers than the catalogue's ${rows} × ` +
            `${dataset.features}, need those`,
        );
      }
    }
    await Deno.rename(unchecked, path);
  } finally {
    await node.fs.promises.rm(unchecked, { force: true });
  }
}

/** Writes text as a gzip file, flushes it to the disk, and returns the SHA-256 of the text. */
async function writeGzipText(
  path: string,
  pieces: TextPieces,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = node.crypto.createHash("sha256");
  const encoder = new TextEncoder();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      const encoded = encoder.encode(piece);
      hash.update(encoded);
      yield encoded;
    }
  }
  try {
    const file = node.fs.createWriteStream(path);
    await node.stream.promises.pipeline(bytes, node.zlib.createGzip({ level: 9 }), file);
    using written = await Deno.open(path, { write: true });
    await written.sync();
  } catch (cause) {
    const code = fileErrorCode(cause) ?? "";
    if (!/^E(?!RR_)/.test(code)) throw cause;
    throw new Error(`Cannot write ${quotedPath(path)}: ${(cause as Error).message}`, { cause });
  }
  return hash.digest("hex");
}
