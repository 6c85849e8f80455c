/**
 * Makes the catalogue's tables from the publishers' files.
 *
 * @module
 */
import { balanceClasses, balancedRows } from "./balance.ts";
import type { CatalogueDataset, DataSource } from "./catalogue_entry.ts";
import { datasetCsv, newLabel, nineDigits, relabelled, type TextRow } from "./csv_text.ts";
import { type Dataset, sortClasses } from "../table/mod.ts";
import {
  npyFile,
  readDataset,
  readHeader,
  readNpyHeader,
  readNpyLabels,
  readNpyNumbers,
  zipContent,
  zipEntries,
} from "../formats/mod.ts";
import { quoted, quotedPath } from "../../messages.ts";

/** A table as text, in pieces. */
export type TextPieces = Iterable<string> | AsyncIterable<string>;

/** A number in any of the publishers' formats takes fewer bytes than this. */
const CELL_BYTES = 32;

/**
 * The maximal size of a publisher's file in bytes, compressed or not. It follows from the data set's
 * numbers, or from all rows if the benchmark's rule chooses among them.
 */
export function mostSourceBytes({ rows, features }: CatalogueDataset, source: DataSource): number {
  return 2 ** 20 + (source.balance ? 4 : 1) * rows * (features + 1) * CELL_BYTES;
}

/**
 * The text of each of a data set's files.
 *
 * @param paths The downloaded files, in the source's order.
 * @throws The errors of reading them.
 */
export async function sourceTables(
  dataset: CatalogueDataset,
  source: DataSource,
  paths: readonly string[],
): Promise<TextPieces[]> {
  const { target } = dataset;
  switch (source.form) {
    case "csv":
    case "zip": {
      const path = source.form === "csv"
        ? paths[0]
        : await unpack(paths[0], source.member!, mostSourceBytes(dataset, source));
      return [source.balance ? balancedText(path, source, target) : text(path, source, target)];
    }
    case "parquet":
      return [datasetCsv({ ...await readParquet(paths[0], source), target })];
    case "idx-pairs":
      return await Promise.all(dataset.files.map((_, k) => imagesText(paths[2 * k], target)));
    case "npy-pairs":
      return dataset.files.map((_, k) => arraysText(paths[2 * k], paths[2 * k + 1], target));
  }
}

/**
 * A pair of NumPy arrays as text. The array's 64-bit floats are written with nine digits. Rounding them to
 * 32-bit floats first would change the digits.
 */
async function* arraysText(
  featuresPath: string,
  labelsPath: string,
  target: string,
): AsyncGenerator<string> {
  const [source, labelSource] = await Promise.all([npyFile(featuresPath), npyFile(labelsPath)]);
  const header = await readNpyHeader(source);
  const [rows, columns] = header.shape;
  if (header.shape.length !== 2) {
    throw new TypeError(`${source.where}: found ${header.shape.length} axes, need rows × columns`);
  }
  const numbers = new Float64Array(header.size);
  await readNpyNumbers(source, header, (values, first) => numbers.set(values, first));
  const labels: string[] = [];
  await readNpyLabels(labelSource, rows, (text) => labels.push(text));
  const names = Array.from({ length: columns }, (_, column) => `f${column}`);
  yield `${[...names, target].join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (let column = 0; column < columns; column++) {
      const place = header.fortranOrder ? column * rows + row : row * columns + column;
      line += `${nineDigits(numbers[place])},`;
    }
    yield `${line}${labels[row]}\n`;
  }
}

/** Images as text. Their labels are in the file beside them. */
async function imagesText(path: string, target: string): Promise<TextPieces> {
  const read = await readDataset(path, { target: "labels", missing: "error", categorical: [] });
  return datasetCsv({ ...read.dataset, target });
}

async function readParquet(path: string, source: DataSource): Promise<Dataset> {
  const target = source.label ?? (await readHeader(path)).at(-1)!;
  const read = await readDataset(path, { target, missing: "error", categorical: [] });
  const dataset = source.balance ? balanceClasses(read.dataset) : read.dataset;
  const where = `Cannot read ${quotedPath(path)}`;
  const classes = dataset.classes.map((label) => newLabel(label, source.codes, where));
  return { ...dataset, classes };
}

async function* text(path: string, source: DataSource, target: string): AsyncGenerator<string> {
  for await (const piece of relabelled(path, { ...source, target })) {
    yield typeof piece === "string" ? `${piece}\n` : joined(piece);
  }
}

function joined(rows: readonly TextRow[]): string {
  return rows.map(({ features, label }) => `${features},${label}\n`).join("");
}

/** The rows that the benchmark's rule keeps. Holds all rows in memory. */
async function* balancedText(
  path: string,
  source: DataSource,
  target: string,
): AsyncGenerator<string> {
  const rows: TextRow[] = [];
  for await (const piece of relabelled(path, { ...source, target })) {
    if (typeof piece === "string") yield `${piece}\n`;
    else for (const row of piece) rows.push(row);
  }
  const classes = sortClasses(rows.map(({ label }) => label));
  const codes = new Map(classes.map((label, code) => [label, code]));
  const kept = balancedRows(rows.map(({ label }) => codes.get(label)!));
  yield joined(Array.from(kept, (row) => rows[row]));
}

/** Unpacks a file of a zip archive beside the archive, and returns its path. */
async function unpack(path: string, name: string, mostBytes: number): Promise<string> {
  const entry = (await zipEntries(path)).find((entry) => entry.name === name);
  if (entry === undefined) {
    throw new SyntaxError(
      `Cannot read ${quotedPath(path)}: found no ${quoted(name)} in it, need it`,
    );
  }
  if (entry.bytes > mostBytes) {
    throw new RangeError(
      `Cannot read ${quotedPath(path)}: found ${entry.bytes} bytes in ${
        quoted(name)
      }, need at most ` +
        `${mostBytes}`,
    );
  }
  const unpacked = `${path}.${name}`;
  await Deno.writeFile(unpacked, ReadableStream.from(zipContent(path, entry)));
  return unpacked;
}
