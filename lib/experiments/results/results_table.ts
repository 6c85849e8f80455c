import { quoted, shown } from "../../messages.ts";
import { deviationOrNull } from "../../reports/mod.ts";
import { mean, tInterval } from "../../statistics/mod.ts";
import { groupResults, varyingKeys } from "./result_groups.ts";
import { type ResultValue, resultValue } from "./result_values.ts";
import type { Result } from "./results.ts";

/** The spread of one value over several runs. */
export interface ResultSpread {
  /** The mean over the runs that have the value. */
  readonly mean: number;
  /** The sample standard deviation; `null` for one run. */
  readonly sd: number | null;
  /**
   * Student's 95 % interval of the mean; `null` for one run or two, and for runs that differ by more than the
   * seed.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** The runs that have the value. */
  readonly count: number;
}

/** A table of runs. */
export interface ResultsTable {
  /** The keys by which runs are grouped. */
  readonly groupBy: readonly string[];
  /** The values that are shown. */
  readonly columns: readonly string[];
  /** One row per group. */
  readonly rows: readonly {
    /** The common values of the group's runs. */
    readonly key: Readonly<Record<string, ResultValue>>;
    /** Runs of the group. */
    readonly runs: number;
    /** The spreads by column; `null` if no run has a number. */
    readonly values: Readonly<Record<string, ResultSpread | null>>;
  }[];
}

/** The options of a table. */
export interface TableOptions {
  /**
   * The keys by which runs are grouped. Left out: the settings in which the runs differ, without the seed.
   */
  readonly groupBy?: readonly string[] | undefined;
  /** The columns. Left out: the columns of {@linkcode resultColumns}. */
  readonly columns?: readonly string[] | undefined;
}

/**
 * The default columns of a table: the accuracy of the ensembles and of their members, RMSE and R² if
 * numbers are predicted, density, and seconds of training.
 */
export function resultColumns(results: readonly Result[]): string[] {
  const tasks = new Set(results.map(({ config }) => config.task));
  return [
    ...tasks.has("classification") ? ["accuracy", "memberAccuracy"] : [],
    ...tasks.has("regression") ? ["rmse", "r2"] : [],
    ...["density", "seconds.train"],
  ];
}

/**
 * Tabulates runs. Every group has a row, with the mean of every column, its standard deviation and its
 * interval over seeds.
 *
 * @param results Finished runs. Two of the same configuration count once.
 * @throws {RangeError} If a run has no value of a key's or column's name.
 * @throws {TypeError} If a column holds text.
 *
 * @example Usage
 * ```ts
 * import {
 *   completeConfig,
 *   type Result,
 *   runHash,
 *   tabulateResults,
 * } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const results = [0.72, 0.73, 0.74].map((accuracy, i) => {
 *   const config = completeConfig({ file: "table.csv", target: "class", seed: i + 1 });
 *   return { hash: runHash(config), folder: "", config, record: { accuracy } } as Result;
 * });
 * const { rows: [row] } = tabulateResults(results, { columns: ["accuracy"] });
 * assert.equal(row.runs, 3);
 * assert.equal(row.values.accuracy?.mean, 0.73);
 * assert.equal(row.values.accuracy?.sd?.toFixed(4), "0.0100");
 * ```
 */
export function tabulateResults(
  results: readonly Result[],
  options: TableOptions = {},
): ResultsTable {
  const runs = distinctResults(results);
  const { groupBy = varyingKeys(runs), columns = resultColumns(runs) } = options;
  const rows = groupResults(runs, groupBy).map(({ key, results }) => {
    const seedsOnly = varyingKeys(results).length === 0;
    const values = columns.map((column) => {
      const known = results.flatMap((result) => numberOf(result, column) ?? []);
      return [column, spread(known, seedsOnly)] as const;
    });
    return { key, runs: results.length, values: Object.fromEntries(values) };
  });
  return { groupBy, columns, rows };
}

/** Keeps one run per configuration. */
export function distinctResults(results: readonly Result[]): Result[] {
  return [...new Map(results.map((result) => [result.hash, result])).values()];
}

/**
 * A column of a run as a number, or `null` if the run has none.
 *
 * @throws {TypeError} If the column holds text.
 */
export function numberOf(result: Result, column: string): number | null {
  const value = resultValue(result, column);
  if (value === null || typeof value === "number") return value;
  throw new TypeError(
    `Cannot take the mean of ${quoted(column)}: found ${shown(value)}, need numbers`,
  );
}

/**
 * The spread of some values. Two values have no interval: Student's interval would be 13 standard
 * deviations wide.
 */
export function spread(values: readonly number[], withInterval: boolean): ResultSpread | null {
  if (values.length === 0) return null;
  const interval = withInterval && values.length > 2 ? tInterval(values) : null;
  return {
    mean: mean(values),
    sd: deviationOrNull(values),
    interval: interval && [interval.low, interval.high],
    count: values.length,
  };
}
