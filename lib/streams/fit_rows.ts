/**
 * One pass over the rows of a table. It fits preprocessing to the training rows, and collects the held-out
 * rows.
 *
 * @module
 */
import type {
  ColumnSummary,
  Preprocessing,
  Scaling,
  TargetScaling,
} from "../data/preprocessing/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import { quoted, quotedPath } from "../messages.ts";
import { blockCount, openBlocks, rowsOfBlock, type Targets } from "./block_file.ts";
import { addRows, type ColumnStatistics, columnStatistics } from "./column_statistics.ts";
import { type Parts, rowSet } from "./held_out_rows.ts";
import { sketchCapacity } from "./memory_plan.ts";
import type { RawRows } from "./raw_rows.ts";
import { streamedPreprocessing, streamedSummaries } from "./streamed_preprocessing.ts";

/** The preprocessing that was learned from the training rows, and the rows that are held out. */
export interface Fitted {
  readonly preprocessing: Preprocessing;
  readonly targetScaling: TargetScaling | null;
  readonly summaries: readonly ColumnSummary[];
  readonly rankError: number;
  readonly test: Dataset;
  readonly validation: Dataset;
}

/** Reads all rows once, in their order. */
export async function fitRows(
  { layout, dataset, recode }: RawRows,
  raw: string,
  parts: Parts,
  { memory, scaling }: { readonly memory: number; readonly scaling: Scaling },
  onBlock: () => Promise<void>,
): Promise<Fitted> {
  const { rows, columns, blockRows } = layout;
  using reader = openBlocks(raw, layout);
  const { categories, classes } = dataset;
  const isNumber = dataset.targets !== undefined;
  const numbers = dataset.featureNames.filter((_, c) => (categories?.[c] ?? null) === null).length;
  const statistics = columnStatistics(
    dataset.featureNames.map((_, column) => categories?.[column]?.length ?? null),
    sketchCapacity(memory, numbers, rows),
  );
  const [ofTargets] = columnStatistics([0], 2);
  const test = heldOut(dataset, parts.test);
  const validation = heldOut(dataset, parts.validation);
  const isHeld = rowSet(rows, parts.test, parts.validation);
  const features = new Float32Array(blockRows * columns);
  const targets: Targets = isNumber ? new Float32Array(blockRows) : new Int32Array(blockRows);
  for (let block = 0; block < blockCount(layout); block++) {
    const [first, count] = [block * blockRows, rowsOfBlock(layout, block)];
    reader.read(block, features, targets);
    recode(features, first, count);
    addRows(statistics, features, count, (row) => !isHeld(first + row));
    test.take(features, targets, first, count);
    validation.take(features, targets, first, count);
    for (let row = 0; isNumber && row < count; row++) {
      if (!isHeld(first + row)) addMoment(ofTargets, targets[row]);
    }
    if (block % 16 === 0) await onBlock();
  }
  const training = rows - parts.test.length - parts.validation.length;
  const table = { ...dataset, rows: training };
  const preprocessing = streamedPreprocessing(table, statistics, scaling);
  // A table may have more columns than a function may have arguments.
  const error = statistics.reduce((most, { sketch }) => Math.max(most, sketch?.rankError ?? 0), 0);
  return {
    preprocessing,
    targetScaling: isNumber ? scaleOf(ofTargets, dataset) : null,
    summaries: streamedSummaries(table, statistics),
    rankError: error / training,
    test: test.rows(classes.length === 0 ? null : dataset.labels),
    validation: validation.rows(classes.length === 0 ? null : dataset.labels),
  };
}

/** Welford's recurrence, as in the scaling of a target in memory. */
function addMoment(own: ColumnStatistics, value: number): void {
  own.present++;
  const delta = value - own.mean;
  own.mean += delta / own.present;
  own.squares += delta * (value - own.mean);
}

function scaleOf({ present, mean, squares }: ColumnStatistics, table: Dataset): TargetScaling {
  const deviation = Math.sqrt(squares / present);
  if (deviation > 0) return { mean, deviation };
  throw new RangeError(
    `Cannot learn from ${quotedPath(table.source)}, column ${
      quoted(table.target)
    }: found the one number ` +
      `${mean} in all ${present} training rows, need at least two`,
  );
}

/** Collects the rows of a list during a pass over all rows. */
export function heldOut(dataset: Dataset, list: Int32Array) {
  const { columns } = dataset;
  const isNumber = dataset.targets !== undefined;
  const features = new Float32Array(list.length * columns);
  const targets: Targets = isNumber ? new Float32Array(list.length) : new Int32Array(list.length);
  let next = 0;
  return {
    take(from: Float32Array, own: Targets, first: number, count: number): void {
      while (next < list.length && list[next] < first + count) {
        const row = list[next] - first;
        features.set(from.subarray(row * columns, (row + 1) * columns), next * columns);
        targets[next++] = own[row];
      }
    },
    /** Returns the rows. Codes of classes become classes. */
    rows(classOf: Int32Array | null): Dataset {
      return {
        ...dataset,
        rows: list.length,
        features,
        labels: classOf === null
          ? new Int32Array(list.length)
          : Int32Array.from(targets, (code) => classOf[code]),
        targets: targets instanceof Float32Array ? targets : undefined,
      };
    },
  };
}
