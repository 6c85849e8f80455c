/**
 * Training in one call: from a table to a model, or to another result of a finished run.
 *
 * @module
 */
import { foundValue, requireKind, requireOptions } from "../arguments.ts";
import { type Dataset, requireDataset } from "../data/table/mod.ts";
import { type KernelChoice, type Kernels, openKernels, requireKernels } from "../kernels/mod.ts";
import type { Model } from "../model/mod.ts";
import {
  completeSettings,
  requireSettings,
  type Settings,
  settingsForRows,
  teamworkOf,
} from "../settings/mod.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import { modelOf } from "./finished_model.ts";
import { keepWithin, type PlannedProblem, preparePlanned } from "./budget.ts";
import { distil } from "./distillation/mod.ts";
import { hasIndependentMembers, openMembersAtATime, trainSideBySide } from "./side_by_side/mod.ts";
import type { PreparedProblem } from "./problem.ts";
import { train } from "./train.ts";
import type { TrainingEvent } from "./training_event.ts";
import { openRun, type TrainingRun } from "./training_run.ts";
import { openTeam, trainTogether } from "./workers/mod.ts";

/** Options of {@linkcode fit} that are not settings. */
export interface FitOptions {
  /** Called with every event of training. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** A topology strategy that replaces the method's. */
  readonly strategy?: TopologyStrategy | undefined;
  /** A back end that replaces the one the settings name. */
  readonly kernels?: Kernels | undefined;
  /**
   * The number of threads. It does not change the result. Independent members are then trained side by
   * side, each in its own worker, and `onEvent` hears of some of their batches only. With the setting
   * `workers`, it is the number of threads for these workers. The result of an asynchronous exchange
   * between workers depends on their speed. Left out: 1.
   */
  readonly threads?: number | undefined;
  /** Stops training between two batches. `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An entry for every option of {@linkcode fit}. */
export const FIT_OPTIONS: Readonly<Record<keyof FitOptions, true>> = {
  onEvent: true,
  strategy: true,
  kernels: true,
  threads: true,
  signal: true,
};

/**
 * Checks that the table is a data set, and that every option exists and has the right type.
 *
 * @param known An entry for every existing option.
 * @throws {TypeError} If the table is no data set, or an option is unknown or of the wrong type.
 */
export function requireTraining(
  dataset: unknown,
  options: FitOptions,
  known: Readonly<Record<string, true>> = FIT_OPTIONS,
): asserts dataset is Dataset {
  requireDataset("train", dataset);
  requireOptions("train", options, known);
  const { onEvent, kernels, signal } = options;
  if (kernels !== undefined) requireKernels("train", kernels);
  if (onEvent !== undefined && typeof onEvent !== "function") {
    throw new TypeError(`Cannot train: found ${foundValue(onEvent)} as onEvent, need a function`);
  }
  if (signal !== undefined) {
    requireKind("train", signal, {
      name: "a signal",
      has: ["throwIfAborted"],
      makers: ["AbortController"],
      within: "signal",
    });
  }
}

/** The maximal time for which training blocks the event loop, in milliseconds. */
const LONGEST_BLOCK = 50;

/**
 * Trains an ensemble.
 *
 * @param dataset The training rows, with classes or numbers to predict. Some of them are held out to choose
 * settings or members.
 * @param settings Any of the settings. Missing settings come from the paper's recipe if a method is given,
 * and from the modern recipe if not.
 * @throws {TypeError | RangeError} If the settings are wrong or do not fit the data.
 * @throws {TrainingDiverged} If the loss is no longer a finite number.
 * @throws {StrategyError} If the strategy in the options throws, or its answer is not valid.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, predict } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]),
 *   labels: Array.from({ length: 400 }, (_, row) => row % 20 < 10 ? "left" : "right"),
 * });
 * const model = await fit(dataset, { hidden: [32, 32], members: 2, trials: 1 });
 * assert.deepEqual(predict(model, [[1, 5], [18, 5]]), ["left", "right"]);
 * ```
 *
 * With the setting `distil`, the model is one member that was trained on an ensemble's predictions.
 * `onEvent` first hears the events of the ensemble, then those of this member.
 */
export async function fit(
  dataset: Dataset,
  settings: Partial<Settings> = {},
  options: FitOptions = {},
): Promise<Model> {
  requireTraining(dataset, options);
  requireSettings(settings);
  // The target determines the task. A different task in the settings is an error.
  const task = dataset.targets === undefined ? "classification" : "regression";
  const complete = completeSettings({ ...settings, task: settings.task ?? task });
  if (complete.task === "reconstruction") {
    throw new TypeError(
      'Cannot fit a model: found task "reconstruction", need fitAutoencoder for it',
    );
  }
  if (complete.distil) return await fitDistilled(dataset, complete, options);
  return await trainOn(
    dataset,
    complete,
    options,
    (run, prepared) => modelOf(run, prepared, dataset),
  );
}

/**
 * Trains on a table, and passes the finished run to `finish`.
 *
 * @param settings The settings of the run. With `adaptToRows` they are adapted to the table's number of
 * rows.
 * @param finish Makes the result from the finished run. Afterwards the run's memory is freed.
 * @throws What {@linkcode fit} throws.
 */
export async function trainOn<Result>(
  dataset: Dataset,
  settings: Settings,
  options: FitOptions,
  finish: (run: TrainingRun, prepared: PreparedProblem) => Result,
): Promise<Result> {
  const complete = settingsForRows(settings, dataset.rows);
  const prepare = (kernels: Kernels, threads: number) =>
    preparePlanned(dataset, complete, kernels, threads);
  const { strategy } = options;
  const isApart = strategy === undefined && hasIndependentMembers(complete) ||
    teamworkOf(complete) !== null;
  return await trainPrepared(complete.kernels, isApart, prepare, options, finish);
}

/**
 * Trains on a problem, and passes the finished run to `finish`.
 *
 * @param choice The back end, if the options name none.
 * @param isApart `true` if members are trained in workers, each with its own network.
 * @param prepare Makes the problem, and the settings for its training.
 * @throws What {@linkcode fit} throws.
 */
export async function trainPrepared<Result>(
  choice: KernelChoice,
  isApart: boolean,
  prepare: (kernels: Kernels, threads: number) => PlannedProblem,
  options: FitOptions,
  finish: (run: TrainingRun, prepared: PreparedProblem) => Result,
): Promise<Result> {
  const { strategy, threads = 1 } = options;
  using opened = options.kernels === undefined
    ? await openKernels(choice, isApart ? 1 : threads)
    : null;
  const kernels = options.kernels ?? opened!.kernels;
  const began = performance.now();
  const { prepared, settings: planned } = prepare(kernels, threads);
  using run = openRun(prepared.problem, planned, kernels, { strategy });
  using members = await openMembersAtATime(run, opened === null ? 1 : threads, false);
  using team = await openTeam(run, opened === null ? 1 : threads, false);
  const { workers } = members;
  const events = team !== null
    ? trainTogether(run, team)
    : workers === null
    ? train(run)
    : trainSideBySide(run, workers);
  let resumed = performance.now();
  for await (const event of events) {
    if (event.type === "state") continue;
    options.onEvent?.(event);
    if (event.type === "batch") {
      keepWithin(run, (performance.now() - began) / 1000, members.count);
    }
    if (performance.now() - resumed > LONGEST_BLOCK) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      options.signal?.throwIfAborted();
      resumed = performance.now();
    }
  }
  return finish(run, prepared);
}

/** Trains an ensemble, and then one member on the ensemble's predictions. */
async function fitDistilled(
  dataset: Dataset,
  settings: Settings,
  options: FitOptions,
): Promise<Model> {
  const { strategy, onEvent, signal } = options;
  using opened = options.kernels === undefined ? await openKernels(settings.kernels, 1) : null;
  let resumed = performance.now();
  return await distil(dataset, settings, options.kernels ?? opened!.kernels, {
    teach: (own, hear) =>
      fit(dataset, own, {
        ...options,
        onEvent(event) {
          hear(event);
          onEvent?.(event);
        },
      }),
    async onEvent(event) {
      onEvent?.(event);
      if (performance.now() - resumed <= LONGEST_BLOCK) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      resumed = performance.now();
    },
    strategy,
  });
}
