/**
 * The raw rows of a table in a file of blocks: features unscaled, categories and classes as provisional
 * codes.
 *
 * @module
 */
import { readElsewhere } from "../data/formats/mod.ts";
import {
  type ColumnPlan,
  type ReadDatasetOptions,
  type ReadElsewhereResult,
  type RowBlocks,
  targetArray,
} from "../data/table/mod.ts";
import { type BlockLayout, type BlockWriter, writeBlocks } from "./block_file.ts";
import type { WindowPlan } from "./memory_plan.ts";

/** A table whose rows are in a file of blocks. */
export interface RawRows extends ReadElsewhereResult {
  /** The layout of the rows. */
  readonly layout: BlockLayout;
}

/**
 * Reads a table into a file of blocks. Memory holds one block, and the buffer of the format's reader; for
 * Parquet this is a row group.
 *
 * @param path The file of blocks.
 * @param windows Plans the blocks for a number of columns.
 * @throws {Error} If the file of blocks cannot be written. The other errors are those of `readDataset`.
 */
export async function readRawRows(
  table: string | URL,
  options: ReadDatasetOptions,
  path: string,
  windows: (columns: number) => WindowPlan,
): Promise<RawRows> {
  let writer: BlockWriter | undefined;
  let layout: BlockLayout | undefined;
  const openBlocks = (plan: ColumnPlan): RowBlocks => {
    writer?.dispose();
    const columns = plan.featureNames.length;
    const { blockRows } = windows(columns);
    let codes = 0;
    const newTargets = targetArray(plan);
    const isNumber = newTargets(0) instanceof Float32Array;
    const own = writer = writeBlocks(path, columns, blockRows, newTargets, (targets) => {
      if (isNumber) return;
      for (let k = 0; k < targets.length; k++) codes = Math.max(codes, targets[k] + 1);
    });
    return Object.assign(own, {
      join() {
        own.finish();
        const { rows } = own;
        layout = { rows, columns, blockRows };
        const targets = isNumber
          ? new Float32Array(0)
          : Int32Array.from({ length: codes }, (_, code) => code);
        return { header: plan.names, plan, rows, features: new Float32Array(0), targets };
      },
    });
  };
  try {
    const read = await readElsewhere(table, options, openBlocks);
    return { ...read, layout: layout! };
  } finally {
    writer?.dispose();
  }
}
