/**
 * A line of a benchmark. It holds all values of a run that reports use, so the run's folder is not needed.
 */
import { type MethodName, methodNamed, METHODS } from "../../methods/mod.ts";
import { RECIPES } from "../../settings/mod.ts";
import * as v from "../../valibot.ts";
import { type Result, resultValue } from "../results/mod.ts";
import { runHash } from "../run/mod.ts";

const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
const amount = v.pipe(finite, v.minValue(0, "a number from 0"));
const share = v.pipe(amount, v.maxValue(1, "a number from 0 to 1"));
const count = v.pipe(amount, v.safeInteger("a whole number"));
const text = v.string("a text");

/** The form of a line. */
export const METHOD_RUN = v.object({
  hash: text,
  dataset: text,
  recipe: v.picklist(RECIPES, "the name of a recipe"),
  method: v.picklist(METHODS, "the name of a method"),
  members: count,
  density: v.nullable(share),
  settings: text,
  seed: count,
  accuracy: share,
  logLoss: amount,
  testRows: count,
  flops: amount,
  cpuSeconds: amount,
  peakMemoryBytes: amount,
  weights: count,
  measured: v.boolean("true or false"),
  explored: v.exactOptional(share),
  nnstd: v.exactOptional(share),
  rollbacks: count,
  kernels: text,
  machine: v.exactOptional(text),
}, "an object");

/** A run of a benchmark. */
export interface MethodRun {
  /** The name of its configuration. */
  readonly hash: string;
  /** The data set. */
  readonly dataset: string;
  /** The recipe of its defaults. */
  readonly recipe: typeof RECIPES[number];
  /** The method. */
  readonly method: MethodName;
  /** Members of the ensemble; 1 for a single network. */
  readonly members: number;
  /** The density of one member in the settings; `null` for dense networks. */
  readonly density: number | null;
  /**
   * A name for all settings except the seed, the density, the back end and additional measurements. Runs
   * with different names belong to different contenders.
   */
  readonly settings: string;
  /** The seed of the split and of the run. */
  readonly seed: number;
  /** The accuracy on test rows, from 0 to 1. */
  readonly accuracy: number;
  /** The log loss on test rows, in nats. */
  readonly logLoss: number;
  /** Number of test rows. */
  readonly testRows: number;
  /** Counted operations of training. */
  readonly flops: number;
  /** Processor seconds of the whole run. */
  readonly cpuSeconds: number;
  /** The largest resident memory. */
  readonly peakMemoryBytes: number;
  /** Stored weights of all members. */
  readonly weights: number;
  /**
   * `true` if the run recorded the positions that it tried. The method itself does not need this time and
   * memory.
   */
  readonly measured: boolean;
  /** The mean share of positions that a member ever connected. Left out: not measured. */
  readonly explored?: number;
  /** The mean topological distance between members. Left out: not measured. */
  readonly nnstd?: number;
  /** The number of divergences after which training went back. */
  readonly rollbacks: number;
  /** The back end. */
  readonly kernels: string;
  /**
   * The processor and the kernels with their instructions. Seconds and memory are compared between runs
   * with the same ones only. Left out: the run does not know its processor.
   */
  readonly machine?: string;
}

/**
 * The line of a finished run.
 *
 * @throws {RangeError} If the run has no test rows, predicts numbers, names no density, or follows a custom
 * strategy.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, methodRunOf, type Result } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const config = completeConfig({ file: "dataset:pol", target: "target", method: "set", density: 0.05 });
 * const record = {
 *   accuracy: 0.9,
 *   probabilities: { logLoss: 0.25 },
 *   members: [{ explored: 0.5 }],
 *   flops: { counted: 7 },
 *   seconds: { cpu: 2 },
 *   rollbacks: [],
 * };
 * const line = methodRunOf({ hash: "1234", folder: "", config, record } as unknown as Result);
 * assert.equal(line.dataset, "pol");
 * assert.equal(line.density, 0.05);
 * assert.equal(line.explored, 0.5);
 * ```
 */
export function methodRunOf(result: Result): MethodRun {
  const { hash, config, record } = result;
  const { accuracy, probabilities, members } = record;
  const refuse = (found: string, need: string) =>
    new RangeError(`Cannot put the run ${hash} beside others: found ${found}, need ${need}`);
  if (config.strategy !== null) throw refuse("a strategy of its own", "a method of the table");
  if (accuracy === null || !probabilities) {
    throw refuse("no accuracy", "classes, and test rows with their probabilities scored");
  }
  const isDense = methodNamed(config.method).layers === "dense";
  if (!isDense && config.density === null) throw refuse("no density", '"density" in its settings');
  const explored = members.flatMap(({ explored }) => explored ?? []);
  const { processor, kernels } = record.execution ?? {};
  const run: MethodRun = {
    hash,
    dataset: `${resultValue(result, "dataset")}`,
    recipe: config.recipe,
    method: config.method,
    members: config.members,
    density: isDense ? null : config.density,
    settings: settingsName(result),
    seed: config.seed,
    accuracy,
    logLoss: probabilities.logLoss,
    testRows: record.testRows,
    flops: record.flops.counted,
    cpuSeconds: record.seconds.cpu,
    peakMemoryBytes: record.peakMemoryBytes,
    weights: record.weights,
    measured: config.countTried === true,
    rollbacks: record.rollbacks.length,
    kernels: record.kernels,
  };
  return {
    ...run,
    ...explored.length > 0 && { explored: explored.reduce((a, b) => a + b) / explored.length },
    ...record.nnstd !== undefined && { nnstd: record.nnstd },
    ...processor !== undefined && { machine: `${processor}, ${kernels}` },
  };
}

function settingsName({ config }: Result): string {
  const { countTried: _tried, measureNnstd: _nnstd, ...others } = config;
  const data = { file: "any", target: "any", test: null };
  const alike = { seed: 1, density: null, kernels: "auto" } as const;
  return runHash({ ...others, ...data, ...alike }).slice(0, 8);
}
