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
 * Reads a table whose rows do not stay in memory. They go to the destination that `openBlocks` opens, one
 * after the other. Everything else is as in `readDataset`.
 *
 * @param openBlocks Called before the first row, and again if the file is read again. Earlier rows then no
 * longer count. The targets that `join` returns are the codes from 0 on, each once. For numbers to predict
 * they are empty.
 * @returns The data set without its rows. Its features are empty; its labels are the class of every code.
 * @throws {TypeError} If the format's reader needs all rows in memory. The other errors are those of
 * `readDataset`.
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
