import { type Interval, mean, tInterval, wilsonInterval } from "../../statistics/mod.ts";
import type { RunConfig, RunRecord } from "../run/mod.ts";
import { groupResults, varyingKeys } from "./result_groups.ts";
import { settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import { distinctResults } from "./results_table.ts";
import { type RunName, runNames } from "./run_names.ts";

/** Runs of one configuration. */
export interface RunGroup extends RunName {
  /** The runs by seed. */
  readonly runs: readonly Result[];
  /**
   * The mean test accuracy with its 95 % interval: Student's over seeds, or with one seed Wilson's over
   * test rows. `null` if there was no test, or numbers are predicted.
   */
  readonly accuracy: GroupScore | null;
  /** The mean R² of test rows, with Student's interval over seeds; `null` if there is none. */
  readonly r2: GroupScore | null;
  /** The mean RMSE of test rows, in the unit of the target. */
  readonly rmse: number | null;
}

/** The mean of a score over runs, with the ends of its interval; `null` if there is no interval. */
export interface GroupScore {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The settings that all runs of a folder share, and the others. */
export interface SettingsInCommon {
  /** Keys and values of the settings that all runs share. */
  readonly shared: readonly (readonly [key: string, value: string])[];
  /** Keys and all values of the settings that differ, in order. */
  readonly varied: readonly (readonly [key: string, values: readonly string[]])[];
}

/** Sorts runs into groups: by data set, sparsity and accuracy, the best first. */
export function groupRuns(results: readonly Result[]): RunGroup[] {
  const distinct = distinctResults(results);
  const names = runNames(distinct.map(({ config }) => config));
  const nameOf = new Map(distinct.map((result, r) => [result, names[r]]));
  return groupResults(distinct, varyingKeys(distinct)).map(({ results: runs }): RunGroup => ({
    ...nameOf.get(runs[0])!,
    runs,
    accuracy: scoreOfRuns(runs, ({ accuracy }) => accuracy, wilsonOf),
    r2: scoreOfRuns(runs, ({ regression }) => regression?.r2),
    rmse: meanOfRuns(runs, ({ regression }) => regression?.rmse),
  })).sort((a, b) =>
    compare(a.dataset, b.dataset) || a.runs[0].config.epsilon - b.runs[0].config.epsilon ||
    rank(b) - rank(a) || compare(a.label, b.label)
  );
}

/** Separates the settings that all runs share from the others. */
export function settingsInCommon(results: readonly Result[]): SettingsInCommon {
  // Some settings are stored only with the runs that have them.
  const names = results.flatMap(({ config }) => Object.keys(config));
  const all = [...new Set(names as (keyof RunConfig)[])].map((key) => {
    const values = new Set(
      results.map((result) =>
        textOf(DERIVED.includes(key) ? settingValue(result, key) : result.config[key] ?? null)
      ),
    );
    return [key, [...values].sort((a, b) => Number(a) - Number(b) || compare(a, b))] as const;
  });
  return {
    shared: all.flatMap(([key, [value, ...others]]) => others.length === 0 ? [[key, value]] : []),
    varied: all.filter(([, values]) => values.length > 1),
  };
}

/** Settings whose stored value is not the effective value. */
const DERIVED: readonly string[] = ["strategy", "blockSize", "fold"];

/** A setting's value as text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

type ScoreOf = (record: RunRecord) => number | null | undefined;

/** The scores of all runs, or `null` if a run has none. */
function scoresOf(runs: readonly Result[], scoreOf: ScoreOf): number[] | null {
  const known = runs.flatMap(({ record }) => scoreOf(record) ?? []);
  return known.length < runs.length ? null : known;
}

function meanOfRuns(runs: readonly Result[], scoreOf: ScoreOf): number | null {
  const scores = scoresOf(runs, scoreOf);
  return scores === null ? null : mean(scores);
}

/** @param ofOne The interval of a single run. Left out: it has none. */
function scoreOfRuns(
  runs: readonly Result[],
  scoreOf: ScoreOf,
  ofOne: (record: RunRecord) => Interval | null = () => null,
): GroupScore | null {
  const scores = scoresOf(runs, scoreOf);
  if (scores === null) return null;
  const interval = runs.length > 1 ? tInterval(scores) : ofOne(runs[0].record);
  const { low = null, high = null } = interval ?? {};
  return {
    estimate: mean(scores),
    // Neither score can rise above 1, and an accuracy cannot fall below 0.
    low: low !== null && runs[0].record.regression === undefined ? Math.max(0, low) : low,
    high: high === null ? null : Math.min(1, high),
  };
}

/** Wilson's interval of an accuracy counts rows. There is none if rows have different weights. */
function wilsonOf({ accuracy, testRows, weighted }: RunRecord): Interval | null {
  return accuracy === null || weighted
    ? null
    : wilsonInterval(Math.round(accuracy * testRows), testRows);
}

/** The score by which groups of a table are sorted. */
function rank({ accuracy, r2 }: RunGroup): number {
  return accuracy?.estimate ?? r2?.estimate ?? 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
