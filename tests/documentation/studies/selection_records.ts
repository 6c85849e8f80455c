/**
 * The study of feature selection by its records: results/feature_selection/scores.csv.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  holm,
  standardDeviation,
  studentTUpperTail,
  tInterval,
} from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";

/** The columns that one selection chose of one data set with one seed. */
export interface SelectionRecord {
  readonly data: string;
  readonly seed: string;
  readonly selection: string;
  readonly columns: number;
  /** The share of the relevant columns that it found; NaN where none are known. */
  readonly recall: number;
  /** The accuracy of extra trees on these columns, on held-out rows. */
  readonly accuracy: number;
  /** Processor seconds of the selection. */
  readonly seconds: number;
  /** Its peak memory. */
  readonly megabytes: number;
}

/** All records, in the order of the file. */
export function selectionRecords(): SelectionRecord[] {
  const [head, ...lines] = readText(`${ROOT}results/feature_selection/scores.csv`).trim().split(
    "\n",
  );
  assert.equal(head, "data,seed,selection,columns,recall,accuracy,seconds,megabytes");
  return lines.map((line) => {
    // The name of a selection may have a comma.
    const found = /^(\w+),(\d+),(?:"([^"]+)"|([^,]+)),(\d+),([\d.]*),([\d.]+),([\d.]+),(\d+)$/
      .exec(line);
    assert.ok(found !== null, line);
    const [, data, seed, quoted, plain, columns, recall, accuracy, seconds, megabytes] = found;
    return {
      ...{ data, seed, selection: quoted ?? plain, columns: Number(columns) },
      ...{ recall: recall === "" ? NaN : Number(recall), accuracy: Number(accuracy) },
      ...{ seconds: Number(seconds), megabytes: Number(megabytes) },
    };
  });
}

const RECORDS = selectionRecords();

/** The numbers of a selection over the seeds, in the order of these. */
export function overSeeds(
  data: string,
  selection: string,
  of: "recall" | "accuracy" | "seconds" | "megabytes",
): number[] {
  return RECORDS.filter((record) => record.data === data && record.selection === selection)
    .map((record) => record[of]);
}

/** The mean of some numbers. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The difference in accuracy of two selections, paired by seed: its 95 % interval, and its p-value. */
export interface SelectionDifference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
}

/** The difference in accuracy of two selections of the columns of some data. */
export function difference(data: string, selection: string, other: string): SelectionDifference {
  const [ours, theirs] = [selection, other].map((name) => overSeeds(data, name, "accuracy"));
  const differences = ours.map((accuracy, seed) => accuracy - theirs[seed]);
  const { estimate, low, high, count } = tInterval(differences);
  const t = Math.abs(estimate) * Math.sqrt(count) / standardDeviation(differences);
  return { estimate, low, high, pValue: 2 * studentTUpperTail(t, count - 1) };
}

/** Whether each of some differences is shown, by the rule of results/README.md. */
export function areShown(differences: readonly SelectionDifference[]): boolean[] {
  const adjusted = holm(differences.map(({ pValue }) => pValue));
  return differences.map(({ low, high }, k) => (low > 0 || high < 0) && adjusted[k] < 0.05);
}

/** The table of the page: a row for every selection. */
export function selectionTable(): Table {
  const data = [...new Set(RECORDS.map(({ data }) => data))];
  const selections = [...new Set(RECORDS.map(({ selection }) => selection))];
  const percent = (values: readonly number[]) => {
    if (values.length === 0) return "";
    const { estimate, low, high } = tInterval(values);
    const half = (high - low) / 2;
    return `${(100 * estimate).toFixed(1)} ± ${(100 * half).toFixed(1)} %`;
  };
  const head = ["selection", "found of 20"];
  for (const name of data) head.push(`accuracy, ${name}`);
  const rows = selections.map((selection) => {
    // NaN where the selection is not on record, or takes all columns.
    const found = 20 * meanOf(overSeeds("made", selection, "recall"));
    return [
      selection,
      Number.isNaN(found) ? "" : found.toFixed(1),
      ...data.map((name) => percent(overSeeds(name, selection, "accuracy"))),
    ];
  });
  return [head, ...rows];
}

/** The table of costs: processor seconds and peak memory. */
export function selectionCosts(): Table {
  const data = [...new Set(RECORDS.map(({ data }) => data))];
  const selections = [...new Set(RECORDS.map(({ selection }) => selection))]
    .filter((selection) => !["at random", "all columns"].includes(selection));
  const rows = selections.map((selection) => [
    selection,
    ...data.map((name) => {
      if (overSeeds(name, selection, "seconds").length === 0) return "";
      const [seconds, megabytes] = (["seconds", "megabytes"] as const)
        .map((of) => meanOf(overSeeds(name, selection, of)));
      return `${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`;
    }),
  ]);
  return [["selection", ...data], ...rows];
}
