/**
 * Training from a table to a model in one call, and to anything else that a finished run can make.
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
   * The number of threads. It does not change the result. Independent members are trained side by side,
   * each in a worker with a network of its own; of their batches only some are told. With the setting
   * `workers`, they are the threads of the workers: the result of an asynchronous exchange depends on their
   * speed, and on nothing else does it. Left out: 1.
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
 * Refuses a table that is no data set, and options that training does not have.
 *
 * @param known An entry for every option that there is.
 * @throws {TypeError} If something is of another kind.
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

/** The longest time for which training blocks the event loop, in milliseconds. */
const LONGEST_BLOCK = 50;

/**
 * Trains an ensemble.
 *
 * @param dataset The rows to learn from, with classes or numbers to predict. Some are held out to choose
 * settings or members.
 * @param settings Any of the settings. The others are those of the modern recipe, or where a method is named,
 * the paper's for it.
 * @throws {TypeError | RangeError} If the settings are wrong or do not fit the data.
 * @throws {TrainingDiverged} If the loss is no longer a finite number.
 * @throws {StrategyError} If a strategy of one's own throws, or its answer is not valid.
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
 * With the setting `distil`, the model is one member that learned from an ensemble: `onEvent` hears the events
 * of both, first those of the ensemble.
 */
export async function fit(
  dataset: Dataset,
  settings: Partial<Settings> = {},
  options: FitOptions = {},
): Promise<Model> {
  requireTraining(dataset, options);
  requireSettings(settings);
  // The target decides the task. A task in the settings that contradicts it is an error.
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
 * Trains on a table, and hands the finished run to whoever makes something of it.
 *
 * @param settings The settings of the run, which are adapted to the table's rows if they ask for it.
 * @param finish Makes the result. The run's memory is given back afterwards.
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
 * Trains on a problem, and hands the finished run to whoever makes something of it.
 *
 * @param choice The back end, unless the options have one.
 * @param isApart `true` if the members are trained in workers, each with a network of its own.
 * @param prepare Makes the problem, and says which settings it is trained with.
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

/** Trains one member on what an ensemble says, which is trained as any other. */
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
