import { type ColumnPlan, targetArray } from "./column_plan.ts";
import type { RowBlocks } from "./table_rows.ts";

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
