/**
 * Makes the catalogue's tables of what publishers offer.
 *
 * @module
 */
import { balanceClasses, balancedRows } from "./balance.ts";
import type { CatalogueDataset, DataSource } from "./catalogue_entry.ts";
import { datasetCsv, nineDigits, relabelled, type TextRow } from "./csv_text.ts";
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

/**
 * The text of each of a data set's files.
 *
 * @param paths The downloaded files, in the source's order.
 * @throws What reading them throws.
 */
export async function sourceTables(
  dataset: CatalogueDataset,
  source: DataSource,
  paths: readonly string[],
): Promise<TextPieces[]> {
  const { target } = dataset;
  switch (source.form) {
    case "csv":
      return [
        source.balance ? balancedText(paths[0], source, target) : text(paths[0], source, target),
      ];
    case "zip": {
      const member = await unpack(paths[0], source.member!);
      return [source.balance ? balancedText(member, source, target) : text(member, source, target)];
    }
    case "parquet": {
      const read = await readParquet(paths[0], source);
      return [datasetCsv({ ...renamed(read, source), target })];
    }
    case "npy-pairs":
      return dataset.files.map((_, k) => arraysText(paths[2 * k], paths[2 * k + 1], target));
  }
}

/**
 * A pair of NumPy arrays as text. Numbers are written from the array's own, with nine digits: through
 * 32-bit floats they would be others.
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

async function readParquet(path: string, source: DataSource): Promise<Dataset> {
  const target = source.label ?? (await readHeader(path)).at(-1)!;
  const { dataset } = await readDataset(path, { target });
  return source.balance ? balanceClasses(dataset) : dataset;
}

/** With the classes called as the catalogue calls them. */
function renamed(dataset: Dataset, { codes }: DataSource): Dataset {
  if (codes === null) return dataset;
  const classes = dataset.classes.map((label) => {
    if (Object.hasOwn(codes, label)) return codes[label];
    throw new SyntaxError(
      `Cannot read ${quotedPath(dataset.source)}: found the class ${quoted(label)}, need one of ${
        Object.keys(codes).map(quoted).join(", ")
      }`,
    );
  });
  return { ...dataset, classes };
}

async function* text(path: string, source: DataSource, target: string): AsyncGenerator<string> {
  for await (const piece of relabelled(path, { ...source, target })) {
    yield "header" in piece ? `${piece.header}\n` : joined(piece.rows);
  }
}

function joined(rows: readonly TextRow[]): string {
  return rows.map(({ features, label }) => `${features},${label}\n`).join("");
}

/** The rows that the benchmark's rule keeps. They are all in memory: only raw tables of its size. */
async function* balancedText(
  path: string,
  source: DataSource,
  target: string,
): AsyncGenerator<string> {
  const rows: TextRow[] = [];
  for await (const piece of relabelled(path, { ...source, target })) {
    if ("header" in piece) yield `${piece.header}\n`;
    else for (const row of piece.rows) rows.push(row);
  }
  const classes = sortClasses(rows.map(({ label }) => label));
  const codes = new Map(classes.map((label, code) => [label, code]));
  const kept = balancedRows(rows.map(({ label }) => codes.get(label)!));
  yield joined(Array.from(kept, (row) => rows[row]));
}

/** Writes a file of a zip archive beside it, and says where. */
async function unpack(path: string, name: string): Promise<string> {
  const entry = (await zipEntries(path)).find((entry) => entry.name === name);
  if (entry === undefined) {
    throw new SyntaxError(
      `Cannot read ${quotedPath(path)}: found no ${quoted(name)} in it, need it`,
    );
  }
  const unpacked = `${path}.${name}`;
  const file = await Deno.open(unpacked, { write: true, create: true, truncate: true });
  try {
    for await (const piece of zipContent(path, entry)) {
      for (let offset = 0; offset < piece.length;) {
        offset += await file.write(piece.subarray(offset));
      }
    }
  } finally {
    file.close();
  }
  return unpacked;
}
