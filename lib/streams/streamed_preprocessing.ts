/**
 * Makes preprocessing from the statistics of columns. The result equals that of `fitPreprocessing` for the
 * same rows in memory, with two exceptions: quantiles of more values than a sketch keeps, and the last bits
 * of means of columns with missing values.
 *
 * @module
 */
import {
  type ColumnSummary,
  oneHotOf,
  type Preprocessing,
  quantilesByRank,
  RARE_ROWS,
  type Scaling,
} from "../data/preprocessing/mod.ts";
import { type Dataset, notationText } from "../data/table/mod.ts";
import { quoted, quotedPath } from "../messages.ts";
import type { ColumnStatistics } from "./column_statistics.ts";
import type { Ranks, WeightedValue } from "./quantile_sketch.ts";

/** The columns of a table whose rows are not in memory. */
export type StreamedColumns = Pick<
  Dataset,
  "featureNames" | "categories" | "notations" | "source" | "rows"
>;

/**
 * Makes the preprocessing of columns.
 *
 * @throws {RangeError} If no column varies.
 */
export function streamedPreprocessing(
  table: StreamedColumns,
  statistics: readonly ColumnStatistics[],
  scaling: Scaling,
): Preprocessing {
  const { featureNames, categories, notations, source } = table;
  const all = [...statistics.keys()];
  const isNumber = (column: number) => statistics[column].counts === null;
  const kept = all.filter((column) => isNumber(column) && varies(statistics[column]));
  const indicators = all.filter((column) => {
    const { missing, present } = statistics[column];
    return missing > 0 && present > 0;
  });
  const categorical = all.filter((column) => !isNumber(column))
    .map((column) => oneHotOf(column, categories![column]!, statistics[column].counts!));
  if (kept.length + indicators.length === 0 && categorical.every(({ inputs }) => inputs === 0)) {
    throw new RangeError(
      `Cannot learn from ${
        quotedPath(source)
      }: found no feature that varies among ${table.rows} rows ` +
        `and ${all.length} columns, need at least one`,
    );
  }
  const filled = kept.map((column) => withMedian(statistics[column]));
  const parameters = filled.map((own) => PARAMETERS[scaling](own));
  return {
    featureNames: [...featureNames],
    kept: Int32Array.from(kept),
    scaling: {
      kind: scaling,
      columns: kept.length,
      parameters: Float64Array.from(parameters.flatMap((own) => [...own])),
    },
    medians: Float32Array.from(filled, ({ median }) => median),
    indicators: Int32Array.from(indicators),
    categorical,
    notations: notations?.flatMap((own, column) => own === null ? [] : [{ column, ...own }]),
  };
}

/** A column whose missing values are replaced by the median of the others. */
interface FilledColumn {
  readonly statistics: ColumnStatistics;
  readonly median: number;
}

function withMedian(statistics: ColumnStatistics): FilledColumn {
  return { statistics, median: medianOf(statistics.sketch!.ranks()) };
}

function medianOf({ count, at }: Ranks): number {
  const middle = count >> 1;
  return count % 2 === 1 ? at(middle) : Math.fround((at(middle - 1) + at(middle)) / 2);
}

function filling({ statistics: { missing }, median }: FilledColumn): WeightedValue {
  return { value: median, weight: missing };
}

/** The parameters that a scaling takes from a column. */
const PARAMETERS: Readonly<Record<Scaling, (column: FilledColumn) => Iterable<number>>> = {
  none: () => [],
  "min-max": ({ statistics: { lowest, highest } }) => [lowest, highest],
  standard: (column) => moments(column),
  quantile: quantiles,
  "bounded-quantile": quantiles,
};

function quantiles(column: FilledColumn): Float64Array {
  const { count, at } = column.statistics.sketch!.ranks(filling(column));
  return quantilesByRank(count, at);
}

/**
 * Mean and deviation with missing values replaced by the median. They follow from the sums over both parts.
 */
function moments({ statistics: { present, missing, mean, squares }, median }: FilledColumn) {
  const rows = present + missing;
  const delta = median - mean;
  return [
    missing === 0 ? mean : mean + delta * missing / rows,
    Math.sqrt((squares + delta * delta * present * missing / rows) / rows),
  ];
}

function varies({ lowest, highest }: ColumnStatistics): boolean {
  return lowest < highest;
}

/** The columns as they are understood, for people. */
export function streamedSummaries(
  { featureNames, categories, notations }: StreamedColumns,
  statistics: readonly ColumnStatistics[],
): ColumnSummary[] {
  return featureNames.map((column, c) => {
    const own = statistics[c];
    const { present, missing, lowest, highest, counts } = own;
    const names = categories?.[c] ?? null;
    const notation = notations?.[c] ?? null;
    const inputs = counts === null ? Number(varies(own)) : oneHotOf(c, names!, counts).inputs;
    const kind = names !== null
      ? names.length === 1 ? "1 category" : `${names.length} categories`
      : notation === null
      ? "numbers"
      : notationText(notation);
    const single = counts === null
      ? lowest === highest ? `${lowest}` : null
      : counts.filter((count) => count > 0).length === 1
      ? quoted(names![counts.findIndex((count) => count > 0)])
      : null;
    const remark = present === 0
      ? "all its values are missing"
      : single !== null
      ? `it is ${single} in all rows${missing > 0 ? " that have one" : ""}`
      : inputs === 0
      ? `none of its texts is in ${RARE_ROWS} rows: it is an identifier, or text to be split into columns`
      : "";
    return {
      column,
      kind,
      inputs: inputs + (missing > 0 && present > 0 ? 1 : 0),
      missing,
      remark,
    };
  });
}
