import {
  type ColumnPlan,
  pathOf,
  type ReadDatasetOptions,
  type ReadElsewhereResult,
  recodedPasses,
  type RowBlocks,
} from "../table/mod.ts";
import { quotedPath } from "../../messages.ts";
import { tableReader } from "./table_reader.ts";

/** The formats whose readers keep all rows in memory. */
const IN_MEMORY = /\.npz$|[-.]idx(\d(-ubyte)?)?(\.gz)?$|\.mat$/i;

/**
 * Reads a table whose rows do not stay in memory: they go where `openBlocks` takes them, one after the other.
 * All else is as in `readDataset`.
 *
 * @param openBlocks Called before the first row, and again where the file is read again: rows of before count
 * no more then. Its `join` gives as targets the codes from 0 on, each once, or for numbers nothing.
 * @returns The data set without its rows: its features are empty, and its labels are the classes of the codes.
 * @throws {TypeError} If the format's reader needs all rows in memory, and what `readDataset` throws.
 */
export async function readElsewhere(
  file: string | URL,
  options: ReadDatasetOptions,
  openBlocks: (plan: ColumnPlan) => RowBlocks,
): Promise<ReadElsewhereResult> {
  const path = pathOf(file);
  if (IN_MEMORY.test(path)) {
    throw new TypeError(
      `Cannot stream ${quotedPath(path)}: found a format whose rows are read all at once, ` +
        "need CSV, ARFF, NPY or Parquet",
    );
  }
  const read = tableReader(path);
  const passes = recodedPasses(path, options);
  let step = passes.next();
  while (!step.done) {
    step = passes.next(await read(path, { ...step.value, openBlocks }, options.onProgress));
  }
  return step.value;
}
