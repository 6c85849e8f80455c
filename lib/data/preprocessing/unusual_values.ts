import { missingCounts } from "./missing_values.ts";
import { isUnseen } from "./one_hot.ts";
import { droppedColumns, type Preprocessing } from "./preprocessing.ts";

/** Counts of a column's values that are missing or did not occur in training. */
export interface UnusualValues {
  /** The column's name. */
  readonly column: string;
  /** The number of rows in which its value is missing. */
  readonly missing: number;
  /** The number of rows with a category that no training row had. */
  readonly unseen: number;
}

/**
 * Counts the missing values and unseen categories in raw rows, column by column; columns without any,
 * and those that contribute nothing, are left out.
 *
 * @param features Length a multiple of the number of columns, row after row.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { fitPreprocessing, unusualValues } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const train = datasetFromArrays({ features: [[1, 5], [2, 6]], labels: ["a", "b"] });
 * const preprocessing = fitPreprocessing(train, { scaling: "standard" });
 * assert.deepEqual(unusualValues(preprocessing, Float32Array.of(1, NaN, 3, 4)), [
 *   { column: "x1", missing: 1, unseen: 0 },
 * ]);
 * ```
 */
export function unusualValues(
  preprocessing: Preprocessing,
  features: Float32Array,
): UnusualValues[] {
  const counts = unusualCounts(preprocessing);
  counts.add(features);
  return counts.counts();
}

/** Counts unusual values in rows that come one part after the other. */
export interface UnusualCounts {
  /** Adds raw rows. */
  add(features: Float32Array): void;
  /** The counts of all rows so far, as {@linkcode unusualValues} gives them. */
  counts(): UnusualValues[];
}

/** Begins the counts of {@linkcode unusualValues}. */
export function unusualCounts(preprocessing: Preprocessing): UnusualCounts {
  const { featureNames, categorical = [] } = preprocessing;
  const columns = featureNames.length;
  const missing = new Float64Array(columns);
  const unseen = new Float64Array(columns);
  return {
    add(features) {
      missingCounts(features, features.length / columns, columns)
        .forEach((count, column) => missing[column] += count);
      for (const column of categorical) {
        for (let i = column.column; i < features.length; i += columns) {
          if (isUnseen(column, features[i])) unseen[column.column]++;
        }
      }
    },
    counts() {
      const unused = new Set(droppedColumns(preprocessing));
      return featureNames.map((column, c) => ({ column, missing: missing[c], unseen: unseen[c] }))
        .filter(({ column, missing, unseen }) => missing + unseen > 0 && !unused.has(column));
    },
  };
}
