/**
 * The student of a distillation: one member, of the same size as a member of its teacher. It learns the
 * teacher's predicted probabilities or numbers, on all rows and on rows between them.
 *
 * G. Hinton, O. Vinyals and J. Dean, "Distilling the knowledge in a neural network", 2015,
 * https://arxiv.org/abs/1503.02531.
 *
 * @module
 */
import {
  addFlops,
  type FlopCount,
  layerSizeOf,
  noFlops,
  predictionFlops,
  totalFlops,
} from "../../counters/mod.ts";
import { unscaleTargets } from "../../data/preprocessing/mod.ts";
import type { Dataset } from "../../data/table/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";
import type { Model } from "../../model/mod.ts";
import {
  ensembleOutputs,
  mostProbable,
  openEnsemble,
  withTemperature,
} from "../../prediction/mod.ts";
import { randomStream } from "../../random.ts";
import {
  activationOf,
  completeSettings,
  type Settings,
  settingsOfCandidate,
} from "../../settings/mod.ts";
import { inputRows, type PreparedProblem, prepareProblem } from "../problem.ts";
import { mixedRows } from "./mixed_rows.ts";
import type { Teacher } from "./teacher.ts";

/** The number of mixed rows per row of the table, and that of a large table, whose rows take memory. */
const [MIXED, MIXED_OF_LARGE] = [17, 8];

/** The number of rows above which a table is large. */
const LARGE = 50_000;

/** The training data of a student. */
export interface StudentLesson {
  /** The rows with the teacher's predictions for them, and the preprocessing. */
  readonly prepared: PreparedProblem;
  /** The settings of the student. */
  readonly settings: Settings;
  /** The operations of the teacher's predictions. */
  readonly flops: FlopCount;
}

/**
 * Makes the training data of a student: the rows of the table, and 17 mixed rows for each (8 in a large
 * table), all with the teacher's predictions. The teacher is too sure of the rows that it learned from. It
 * did not learn from the mixed rows.
 *
 * @param settings The requested settings, adapted to the table's rows.
 */
export function studentLesson(
  dataset: Dataset,
  settings: Settings,
  teacher: Teacher,
  kernels: Kernels,
): StudentLesson {
  const own = studentSettings(settings, teacher);
  const prepared = prepareProblem(dataset, own);
  const { preprocessing, targetScaling, problem: { training, classes } } = prepared;
  const { rows, columns } = dataset;
  const parts = rows > LARGE ? MIXED_OF_LARGE : MIXED;
  const count = rows * (1 + parts);
  const features = new Float32Array(count * columns);
  features.set(dataset.features);
  for (let part = 1; part <= parts; part++) {
    const random = randomStream(settings.seed, "mixed", part);
    const mixed = mixedRows(dataset, training.features, training.columns, random);
    features.set(mixed, part * rows * columns);
  }
  const asked = { ...dataset, rows: count, features, labels: new Int32Array(count) };
  const flops = noFlops();
  const answers = answersOf(teacher.model, asked, kernels, flops);
  // The label of a mixed row is the class that the teacher finds most probable. No loss uses it.
  const labels = targetScaling === null ? mostProbable(answers, classes) : asked.labels;
  labels.set(dataset.labels);
  const { weights } = dataset;
  const taught = {
    ...asked,
    labels,
    targets: targetScaling === null ? undefined : answers,
    weights: weights && Float32Array.from(labels, (_, row) => weights[row % rows]),
  };
  const inputs = inputRows(preprocessing, taught, targetScaling);
  const learned = targetScaling === null ? { ...inputs, soft: answers } : inputs;
  return {
    prepared: { ...prepared, problem: { training: learned, validation: null, classes } },
    settings: own,
    flops,
  };
}

/** A teacher's predictions: calibrated probabilities, or numbers in the scale of the table. */
function answersOf(model: Model, asked: Dataset, kernels: Kernels, flops: FlopCount): Float32Array {
  const { members, settings, preprocessing, targetScaling } = model;
  using ensemble = openEnsemble(members, activationOf(settings), kernels);
  const { features, rows } = inputRows(preprocessing, asked);
  const outputs = ensembleOutputs(ensemble, features, rows);
  const { classes } = ensemble;
  for (const { layers } of members) {
    const each = predictionFlops(layers.map(layerSizeOf), rows);
    addFlops(flops, { ...noFlops(), validation: totalFlops(each) + 2 * rows * classes });
  }
  if (targetScaling !== undefined) return unscaleTargets(targetScaling, outputs);
  const { temperature } = model;
  return temperature === undefined ? outputs : withTemperature(outputs, classes, temperature);
}

/**
 * The settings of a student. It takes its dropout and its embedding from the candidate with the least loss
 * in the teacher's trials. A student with fewer neurons than its teacher's members has no dropout, because
 * it has few neurons for its task. The teacher's predictions are calibrated and soft already, so the
 * student uses neither label smoothing nor calibration.
 */
export function studentSettings(settings: Settings, { model, trials }: Teacher): Settings {
  const { distil: _distil, keepTrials: _kept, trialEpochs: _share, ...rest } = settings;
  const [best] = trials.toSorted((a, b) => a.loss - b.loss);
  const candidate = settingsOfCandidate(best?.candidate ?? {});
  const neurons = (hidden: readonly number[]) => hidden.reduce((sum, width) => sum + width, 0);
  const isSmaller = neurons(settings.hidden) < neurons(model.settings.hidden);
  const smaller: Partial<Settings> = isSmaller ? { dropout: 0 } : {};
  return completeSettings({
    ...rest,
    ...candidate,
    ...smaller,
    members: 1,
    trials: 0,
    candidates: [],
    validationFraction: 0,
    memberSelection: "last",
    labelSmoothing: 0,
    classWeights: "none",
    memberWeighting: 0,
    calibration: "none",
  });
}

/** A student's model. It records the number of members of its teacher. */
export function studentModel(model: Model, { model: { members } }: Teacher): Model {
  return { ...model, distilled: { members: members.length } };
}
