import { type Interval, tInterval, wilsonInterval } from "../../statistics/mod.ts";
import type { RunConfig } from "../run/mod.ts";
import { groupResults, varyingKeys } from "./result_groups.ts";
import { settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import { distinctResults } from "./results_table.ts";
import { datasetTitle, methodTitle, sparsityTitle } from "./run_labels.ts";

/** Runs of one configuration. */
export interface RunGroup {
  readonly dataset: string;
  /** The method, with what else sets it apart within the folder. */
  readonly label: string;
  /** The sparsity, such as `"ε = 20"`. */
  readonly sparsity: string;
  /** The runs by seed. */
  readonly runs: readonly Result[];
  /**
   * The mean test accuracy with its 95 % interval: Student's over seeds, or Wilson's over test rows
   * where there is one seed; `null` where there was no test.
   */
  readonly accuracy: Interval | null;
}

/** The settings that all runs of a folder share, and the others. */
export interface SettingsInCommon {
  /** Key and value of what is the same in all. */
  readonly shared: readonly (readonly [key: string, value: string])[];
  /** Key and all values of what differs, in their order. */
  readonly varied: readonly (readonly [key: string, values: readonly string[]])[];
}

/** Sorts runs into groups: by data set, sparsity and accuracy, the best first. */
export function groupRuns(results: readonly Result[]): RunGroup[] {
  const distinct = distinctResults(results);
  const kinds = Map.groupBy(distinct, kindOf);
  return groupResults(distinct, varyingKeys(distinct)).map(({ results: runs }): RunGroup => {
    const [{ config }] = runs;
    // What sets it apart from others of the same method and sparsity.
    const extras = varyingKeys(kinds.get(kindOf(runs[0]))!).filter((key) => !TOLD.includes(key))
      .map((key) => `${key} ${settingValue(runs[0], key)}`);
    return {
      dataset: datasetTitle(config),
      label: [methodTitle(config), ...extras].join(", "),
      sparsity: sparsityTitle(config),
      runs,
      accuracy: accuracyOfRuns(runs),
    };
  }).sort((a, b) =>
    compare(a.dataset, b.dataset) || a.runs[0].config.epsilon - b.runs[0].config.epsilon ||
    (b.accuracy?.estimate ?? 0) - (a.accuracy?.estimate ?? 0) || compare(a.label, b.label)
  );
}

/** Separates the settings that all runs share from the others. */
export function settingsInCommon(results: readonly Result[]): SettingsInCommon {
  // Some settings are stored with the runs alone that have them.
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

/** Settings whose value is not the one that is stored. */
const DERIVED: readonly string[] = ["strategy", "blockSize", "fold"];

/** A setting's value as text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Keys that other columns and names show already. */
const TOLD = ["dataset", "epsilon", "density", "blockSize", "lambda"];

function kindOf({ config }: Result): string {
  return `${methodTitle(config)} ${sparsityTitle(config)}`;
}

function accuracyOfRuns(runs: readonly Result[]): Interval | null {
  const accuracies = runs.map(({ record }) => record.accuracy);
  if (accuracies.some((accuracy) => accuracy === null)) return null;
  if (runs.length > 1) {
    const interval = tInterval(accuracies as number[]);
    return { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
  }
  const { testRows } = runs[0].record;
  return wilsonInterval(Math.round(accuracies[0]! * testRows), testRows);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
