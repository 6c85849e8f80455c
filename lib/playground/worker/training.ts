/**
 * Training in the worker: the loop of `fit`. It also shows the network in training, and keeps the finished
 * members if it is stopped.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import { modelOf, openRun, prepareProblem, train, type TrainingRun } from "../../ensemble/mod.ts";
import { type Kernels, wasmKernels } from "../../kernels/mod.ts";
import type { Model } from "../../model/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Answer, Plan } from "../messages.ts";
import { type FirstLayerWatch, watchFirstLayer } from "./first_layer.ts";

/** The longest time in which training hears no requests, in milliseconds. */
const LONGEST_BLOCK = 40;

/** The time between two pictures of the first layer, in milliseconds. */
const BETWEEN_PICTURES = 120;

/** The outcome of training. */
export interface Trained {
  /** The ensemble; `null` if training was stopped before the first member was finished. */
  readonly model: Model | null;
  readonly seconds: number;
}

/** The data, listeners and stop signal of training. */
export interface Training {
  readonly tell: (answer: Answer) => void;
  /** Returns `true` if a stop was requested. */
  readonly isStopped: () => boolean;
  /** The beginning of the plan, which training completes. */
  readonly plan: Pick<Plan, "testRows" | "remarks">;
}

/**
 * Trains an ensemble.
 *
 * @throws {TypeError | RangeError} If the settings do not fit the rows.
 * @throws {TrainingDiverged} If the loss is no longer a finite number.
 */
export async function trainHere(
  dataset: Dataset,
  settings: Settings,
  { tell, isStopped, plan }: Training,
): Promise<Trained> {
  const kernels: Kernels = wasmKernels();
  const prepared = prepareProblem(dataset, settings);
  using run = openRun(prepared.problem, settings, kernels);
  tell({ type: "began", plan: { ...plan, ...planOf(run, dataset) } });
  const watch = watchFirstLayer(prepared.preprocessing);
  const began = performance.now();
  await trainRun(run, watch, began, tell, isStopped);
  const seconds = (performance.now() - began) / 1000;
  const { members } = run.progress;
  if (members.length === 0) return { model: null, seconds };
  const model = modelOf(run, prepared, dataset);
  // The settings of the same model with only the finished members.
  return {
    model: { ...model, settings: { ...model.settings, members: members.length } },
    seconds,
  };
}

async function trainRun(
  run: TrainingRun,
  watch: FirstLayerWatch,
  began: number,
  tell: Training["tell"],
  isStopped: Training["isStopped"],
): Promise<void> {
  let resumed = performance.now();
  let pictured = resumed;
  const picture = () => tell({ type: "layer", news: watch.look(run) });
  picture();
  for (const event of train(run)) {
    const now = performance.now();
    if (event.type === "epoch") {
      tell({
        type: "epoch",
        news: {
          epoch: event.epoch,
          epochs: event.epochs,
          member: event.member,
          loss: event.loss,
          heldOutLoss: event.validationLoss,
          accuracy: event.accuracy,
          heldOutAccuracy: event.validationAccuracy,
          seconds: (now - began) / 1000,
        },
      });
    }
    const isNext = event.type === "member" && run.progress.epoch < run.schedule.epochs;
    const isChanged = event.type === "topology" || event.type === "updates";
    if (isNext || isChanged && now - pictured > BETWEEN_PICTURES) {
      picture();
      pictured = now;
    }
    if (now - resumed > LONGEST_BLOCK) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (isStopped()) return;
      resumed = performance.now();
    }
  }
}

function planOf(
  { problem, settings, schedule, stage }: TrainingRun,
  { classes }: Dataset,
): Omit<Plan, "testRows" | "remarks"> {
  const { layers } = stage.network;
  return {
    task: settings.task === "regression" ? settings.task : "classification",
    members: schedule.members,
    epochs: schedule.epochs,
    trainingRows: problem.training.rows,
    heldOutRows: problem.validation?.rows ?? 0,
    classes,
    connections: layers.reduce((sum, { weights }) => sum + weights.length, 0),
    denseConnections: layers.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
  };
}
