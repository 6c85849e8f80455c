/**
 * Columns whose values 32-bit floats cannot distinguish well, such as times in seconds since 1970 or long
 * identifiers. A 32-bit float has 24 significant bits: it is exact for whole numbers up to 16,777,216.
 *
 * @module
 */
import type { Dataset } from "../table/mod.ts";

/** A column of large numbers that lie close together. */
export interface CoarseColumn {
  /** The column's name. */
  readonly column: string;
  /** Its smallest value. */
  readonly lowest: number;
  /** Its largest value. */
  readonly highest: number;
  /** The difference of neighbouring 32-bit floats at this size. */
  readonly step: number;
}

/** A column that spans fewer steps than this is coarse. */
const FEWEST_STEPS = 256;

/**
 * Finds the columns of numbers beyond ±16,777,216 that span fewer than 256 steps of a 32-bit float.
 * Different values in the file may become equal as 32-bit floats.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { coarseColumns } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const features = Array.from({ length: 60 }, (_, second) => [1_700_000_000 + second]);
 * const [{ step }] = coarseColumns(datasetFromArrays({ features, targets: new Float32Array(60) }));
 * assert.equal(step, 128);
 * ```
 */
export function coarseColumns(
  { features, rows, columns, featureNames, categories }: Dataset,
): CoarseColumn[] {
  return featureNames.flatMap((column, c) => {
    if ((categories?.[c] ?? null) !== null) return [];
    let [lowest, highest] = [Infinity, -Infinity];
    for (let i = c; i < rows * columns; i += columns) {
      if (features[i] < lowest) lowest = features[i];
      if (features[i] > highest) highest = features[i];
    }
    const step = 2 ** (Math.floor(Math.log2(Math.max(-lowest, highest))) - 23);
    return step > 1 && highest - lowest < FEWEST_STEPS * step
      ? [{ column, lowest, highest, step }]
      : [];
  });
}
