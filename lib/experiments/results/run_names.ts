/**
 * Names of runs that distinguish them: the method, the sparsity, and the other settings in which runs of
 * one method and sparsity differ.
 *
 * @module
 */
import type { RunConfig } from "../run/mod.ts";
import { varyingKeys } from "./result_groups.ts";
import { settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import { datasetTitle, methodTitle, sparsityTitle } from "./run_labels.ts";

/** A run's name, in parts. */
export interface RunName {
  /** The table. If two tables have the same name, this is the whole path. */
  readonly dataset: string;
  /** The method, with the other settings that distinguish the run. */
  readonly label: string;
  /** The sparsity, such as `"ε = 20"`; `""` where layers are dense. */
  readonly sparsity: string;
}

/** Keys that other parts of a name already show. */
const TOLD = ["dataset", "epsilon", "density", "blockSize", "lambda"];

/**
 * Names runs by the settings that distinguish them. Runs that differ only in the seed have the same name.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, runNames } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const configs = [16, 32].map((batchSize) =>
 *   completeConfig({ file: "table.csv", target: "class", method: "fd", batchSize })
 * );
 * assert.deepEqual(runNames(configs).map(({ label }) => label), [
 *   "FD-TSE, batchSize 16",
 *   "FD-TSE, batchSize 32",
 * ]);
 * ```
 */
export function runNames(configs: readonly RunConfig[]): RunName[] {
  // Of an unfinished run only the configuration is known.
  const runs = configs.map((config) => ({ config, record: {}, hash: "", folder: "" }) as Result);
  const kindOf = ({ config }: Result) => `${methodTitle(config)} ${sparsityTitle(config)}`;
  const extras = new Map(
    Array.from(
      Map.groupBy(runs, kindOf),
      ([kind, own]) => [kind, varyingKeys(own).filter((key) => !TOLD.includes(key))],
    ),
  );
  const files = Map.groupBy(new Set(configs.map(({ file }) => file)), (file) => titleOf(file));
  return runs.map((run) => {
    const { config } = run;
    const title = titleOf(config.file);
    const own = extras.get(kindOf(run))!.map((key) => `${key} ${settingValue(run, key)}`);
    return {
      dataset: files.get(title)!.length > 1 ? config.file : title,
      label: [methodTitle(config), ...own].join(", "),
      sparsity: sparsityTitle(config),
    };
  });
}

function titleOf(file: string): string {
  return datasetTitle({ file });
}

/** A run's name in one line. */
export function nameOfRun({ dataset, label, sparsity }: RunName, seed: number): string {
  return [label, sparsity, `seed ${seed}`].filter((part) => part !== "").join(", ") +
    ` on ${dataset}`;
}
