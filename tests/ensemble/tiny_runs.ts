/**
 * Training runs that take milliseconds: a few hundred rows of Gaussian blobs, small networks.
 *
 * @module
 */
import { type MethodName, methodNamed, METHODS } from "../../lib/methods/methods.ts";
import {
  activationOf,
  completeSettings,
  defaultSettings,
  type Settings,
} from "../../lib/settings/mod.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { Problem } from "../../lib/ensemble/problem.ts";
import type { TrainingEvent } from "../../lib/ensemble/training_event.ts";
import { train } from "../../lib/ensemble/train.ts";
import { openRun, type OpenRunOptions, type TrainingRun } from "../../lib/ensemble/training_run.ts";
import type { Kernels } from "../../lib/kernels/kernels.ts";
import { ensembleOutputs, openEnsemble } from "../../lib/prediction/prediction.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../lib/random.ts";
import type { Rows } from "../../lib/training/rows.ts";

export { METHODS };

/** The methods whose members come one after the other from one network. */
export const SEQUENTIAL = ["fd", "rd", "dist", "edst"] as const;

/** Rows around the centres of as many blobs as there are classes. */
export function blobs(rows: number, columns: number, classes: number, seed: number): Rows {
  const centres = randomStream(1, "centres");
  const centre = Float64Array.from({ length: classes * columns }, () => 1.5 * centres.normal());
  const random = randomStream(seed, "blobs");
  const labels = Int32Array.from({ length: rows }, () => random.below(classes));
  const features = new Float32Array(rows * columns);
  labels.forEach((label, row) => {
    for (let i = 0; i < columns; i++) {
      features[row * columns + i] = centre[label * columns + i] + random.normal();
    }
  });
  return { rows, columns, features, labels };
}

/** 200 rows to train on and 60 for validation, 6 features, 3 classes. */
export const PROBLEM: Problem = {
  training: blobs(200, 6, 3, 1),
  validation: blobs(60, 6, 3, 2),
  classes: 3,
};

/** Rows whose number follows from two features, in two different ways. */
function curve(rows: number, seed: number): Rows {
  const random = randomStream(seed, "curve");
  const features = Float32Array.from({ length: rows * 6 }, () => random.normal());
  const targets = Float32Array.from(
    { length: rows },
    (_, row) => 0.8 * features[6 * row] + 0.6 * Math.abs(features[6 * row + 1]) - 0.5,
  );
  return { rows, columns: 6, features, labels: new Int32Array(rows), targets };
}

/** The same sizes with a number to predict. */
export const NUMBERS: Problem = {
  training: curve(200, 1),
  validation: curve(60, 2),
  classes: 1,
};

/** The problem for some settings. */
export function problemOf({ task }: Settings): Problem {
  return task === "regression" ? NUMBERS : PROBLEM;
}

/** Tells whether a method's topology is updated every so many steps, with an interval or without. */
function inSteps(method: MethodName, interval?: number): boolean {
  const { published, ignores = [] } = methodNamed(method);
  if (published?.updateSteps === undefined) return false;
  return interval === undefined || ignores.includes("interval");
}

/** Twelve epochs of ten batches; two members where the method has several. */
export function tinySettings(method: MethodName, changes: Partial<Settings> = {}): Settings {
  const { members, explore } = defaultSettings(method);
  return completeSettings({
    method,
    hidden: [30, 30],
    epsilon: 2,
    epochs: 12,
    explore: Math.min(4, explore),
    members: Math.min(2, members),
    batchSize: 20,
    learningRate: 0.05,
    dropout: 0.1,
    refinement: "plain",
    ...inSteps(method, changes.interval) ? { updateSteps: 10 } : {},
    ...changes,
  });
}

/** Opens a run, trains it to its end, and takes its memory back. */
export function trained(
  settings: Settings,
  options: OpenRunOptions & {
    problem?: Problem;
    kernels?: Kernels;
    onEvent?: (event: TrainingEvent, run: TrainingRun) => void;
  } = {},
): { members: readonly Member[]; run: TrainingRun } {
  const { problem = problemOf(settings), kernels = wasmKernels(), onEvent, ...rest } = options;
  using run = openRun(problem, settings, kernels, rest);
  return { members: finish(run, onEvent), run };
}

/**
 * Opens a run whose loss is not a number in the batches that `breaks` picks: a divergence that comes
 * whatever the back end's rounding is.
 */
export function openBreakingRun(
  settings: Settings,
  breaks: (progress: TrainingRun["progress"]) => boolean,
  options: OpenRunOptions = {},
): TrainingRun {
  const real = wasmKernels();
  let run: TrainingRun | undefined = undefined;
  const kernels: Kernels = {
    ...real,
    softmaxCrossEntropy(...args) {
      real.softmaxCrossEntropy(...args);
      if (breaks(run!.progress)) args[7][0] = NaN;
    },
  };
  return run = openRun(PROBLEM, settings, kernels, options);
}

/** Trains a run from where it stands to its end. */
export function finish(
  run: TrainingRun,
  onEvent: (event: TrainingEvent, run: TrainingRun) => void = () => {},
): readonly Member[] {
  const events = train(run);
  for (;;) {
    const { done, value } = events.next();
    if (done) return value;
    onEvent(value, run);
  }
}

/** Three candidates, two trials of each, which stay if they are of the best, and three members proper. */
export function trialSettings(changes: Partial<Settings> = {}): Settings {
  return tinySettings("sparse-ensemble", {
    explore: 0,
    epochs: 3,
    members: 3,
    memberSelection: "last",
    embedding: "periodic",
    frequencies: 2,
    optimizer: "adam",
    learningRate: 0.01,
    trials: 2,
    keepTrials: true,
    candidates: [{ frequency: 0.1 }, { frequency: 1, dropout: 0.5 }, { labelSmoothing: 0.2 }],
    ...changes,
  });
}

/** Four members with the answers of their ensemble on the held-out rows. */
export function ensembleOf(method: MethodName, changes: Partial<Settings> = {}) {
  const settings = tinySettings(method, { members: 4, ...changes });
  const { members, run } = trained(settings);
  const { features, labels, rows } = problemOf(settings).validation!;
  using ensemble = openEnsemble(members, activationOf(settings), wasmKernels());
  return { members, run, labels, rows, outputs: ensembleOutputs(ensemble, features, rows) };
}
