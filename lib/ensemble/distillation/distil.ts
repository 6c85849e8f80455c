import type { Dataset } from "../../data/table/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";
import type { Model } from "../../model/mod.ts";
import { type Settings, settingsForRows } from "../../settings/mod.ts";
import { modelOf } from "../finished_model.ts";
import { openRun } from "../training_run.ts";
import { train } from "../train.ts";
import type { TrainingEvent } from "../training_event.ts";
import type { TopologyStrategy } from "../../topology/mod.ts";
import { studentLesson, studentModel } from "./student.ts";
import { type Teacher, teacherSettings } from "./teacher.ts";

/** The options of a distillation, in addition to table and settings. */
export interface DistilOptions {
  /** Trains the teacher, and also passes its events to the second argument. */
  readonly teach: (
    settings: Settings,
    onEvent: (event: TrainingEvent) => void,
  ) => Promise<Model>;
  /** Receives the student's events. It may return a promise, for which the training waits. */
  readonly onEvent: (event: TrainingEvent) => void | Promise<void>;
  /** The topology strategy that replaces the method's. */
  readonly strategy?: TopologyStrategy | undefined;
}

/**
 * Trains an ensemble on a table, and then one member that learns from the ensemble.
 *
 * @param settings Complete, with `distil`, not yet adapted to the table's rows.
 */
export async function distil(
  dataset: Dataset,
  settings: Settings,
  kernels: Kernels,
  { teach, onEvent, strategy }: DistilOptions,
): Promise<Model> {
  let trials: Teacher["trials"] = [];
  const model = await teach(teacherSettings(settings), (event) => {
    if (event.type !== "choice") return;
    trials = event.scores.filter(({ candidates }) => candidates.length === 1)
      .map(({ candidates: [candidate], loss }) => ({ candidate, loss }));
  });
  const teacher = { model, trials };
  const adapted = settingsForRows(settings, dataset.rows);
  const { prepared, settings: own } = studentLesson(dataset, adapted, teacher, kernels);
  using run = openRun(prepared.problem, own, kernels, { strategy });
  for (const event of train(run)) await onEvent(event);
  return studentModel(modelOf(run, prepared, dataset), teacher);
}
