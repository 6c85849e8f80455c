import { type ColumnPlan, targetArray } from "./column_plan.ts";
import type { RowBlocks, TableRows } from "./table_rows.ts";

/** A block holds at least one row and about this many floats (4 MiB). */
const BLOCK_FLOATS = 2 ** 20;

/** An empty collection of rows. */
export function rowBlocks(plan: ColumnPlan): RowBlocks {
  const width = plan.featureNames.length;
  const newTargets = targetArray(plan);
  const height = Math.max(1, Math.floor(BLOCK_FLOATS / width));
  const blocks: { features: Float32Array; targets: Int32Array | Float32Array }[] = [];
  let targets = newTargets(0);
  let used = 0;
  const begin = () => {
    const size = Math.min(height, Math.max(64, collected.rows));
    const features = new Float32Array(size * width);
    targets = newTargets(size);
    blocks.push({ features, targets });
    used = 0;
    collected.block = features;
    collected.offset = 0;
  };
  // Properties, not getters: they are asked for at every row.
  const collected = {
    rows: 0,
    block: new Float32Array(0),
    offset: 0,
    add(target: number) {
      if (Number.isNaN(target)) return;
      targets[used++] = target;
      collected.rows++;
      collected.offset += width;
      if (used === targets.length) begin();
    },
    join() {
      const { rows } = collected;
      const all = new Float32Array(rows * width);
      const allTargets = newTargets(rows);
      let row = 0;
      for (const block of blocks.splice(0)) {
        const count = Math.min(block.targets.length, rows - row);
        all.set(block.features.subarray(0, count * width), row * width);
        allTargets.set(block.targets.subarray(0, count), row);
        row += count;
      }
      return { header: plan.names, plan, rows, features: all, targets: allTargets };
    },
  };
  begin();
  return collected;
}

/** Neighbouring rows of a table. The next block reuses its arrays. */
export interface PassingBlock {
  /** The number of rows before these. */
  readonly first: number;
  /** Number of rows. */
  readonly rows: number;
  /** Length rows × features, row after row. */
  readonly features: Float32Array;
  /** Length rows: the codes of classes (0 without a target), or the numbers to predict. */
  readonly targets: Int32Array | Float32Array;
}

/** The rows of a batch of predictions. A passing block holds whole batches, and at most so many rows. */
const BATCH = 128;
const MOST_BATCHES = 128;

/** The number of rows of a block of rows with `width` features. */
export function passingBlockRows(width: number): number {
  const batches = Math.floor(BLOCK_FLOATS / (BATCH * Math.max(1, width)));
  return BATCH * Math.max(1, Math.min(MOST_BATCHES, batches));
}

/**
 * Passes rows on while a table is read, and keeps none of them. They come in blocks of `blockRows` rows.
 * The last block may have another number of rows, up to one more. It is a single row only if the table has
 * one row: a single row is predicted by other kernels, with other last bits.
 *
 * @param take Receives every block in order.
 * @returns The rows. Their `join` returns no features. The targets that it returns are the codes from 0 on,
 * each once; for numbers to predict they are empty.
 */
export function passingRows(
  plan: ColumnPlan,
  take: (block: PassingBlock) => void,
  blockRows: number = passingBlockRows(plan.featureNames.length),
): RowBlocks {
  const width = plan.featureNames.length;
  const newTargets = targetArray(plan);
  // The last two rows wait for later ones, so that no block has a single row.
  const block = new Float32Array((blockRows + 2) * width);
  const targets = newTargets(blockRows + 2);
  const isNumber = targets instanceof Float32Array;
  let used = 0;
  let codes = 0;
  const give = (count: number) => {
    const first = passing.rows - used;
    const part = {
      features: block.subarray(0, count * width),
      targets: targets.subarray(0, count),
    };
    take({ first, rows: count, ...part });
    block.copyWithin(0, count * width, used * width);
    targets.copyWithin(0, count, used);
    used -= count;
    passing.offset = used * width;
  };
  // Properties, not getters: they are asked for at every row.
  const passing = {
    rows: 0,
    block,
    offset: 0,
    add(target: number) {
      if (Number.isNaN(target)) return;
      if (!isNumber && target >= codes) codes = target + 1;
      targets[used++] = target;
      passing.rows++;
      passing.offset += width;
      if (used === targets.length) give(blockRows);
    },
    join(): TableRows {
      if (used > 0) give(used);
      const features = new Float32Array(0);
      const found = isNumber
        ? new Float32Array(0)
        : Int32Array.from({ length: codes }, (_, code) => code);
      return { header: plan.names, plan, rows: passing.rows, features, targets: found };
    },
  };
  return passing;
}
