/**
 * Names of runs that tell them apart: the method and the sparsity, and those other settings in which runs of one
 * method and sparsity differ.
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
  /** The table. Where two have one name, the whole path. */
  readonly dataset: string;
  /** The method, with what else sets it apart. */
  readonly label: string;
  /** The sparsity, such as `"ε = 20"`; `""` where layers are dense. */
  readonly sparsity: string;
}

/** Keys that the other parts of a name show already. */
const TOLD = ["dataset", "epsilon", "density", "blockSize", "lambda"];

/**
 * Names runs, each by what sets it apart from the others. Runs that differ in nothing but the seed have one name.
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
  // Of a run that is not finished, the configuration is all that is known.
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
