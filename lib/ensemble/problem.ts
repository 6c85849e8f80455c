import {
  fitPreprocessing,
  fitTargetScaling,
  inputCount,
  preprocess,
  type Preprocessing,
  scaleTargets,
  type TargetScaling,
} from "../data/preprocessing/mod.ts";
import { type Dataset, splitDataset } from "../data/table/mod.ts";
import { quoted, quotedPath } from "../messages.ts";
import type { OutputKind } from "../nn/mod.ts";
import { suffices } from "../prediction/mod.ts";
import { randomStream } from "../random.ts";
import type { Settings } from "../settings/mod.ts";
import type { Rows } from "../training/mod.ts";

/** The rows to learn from. */
export interface Problem {
  /** The training rows. */
  readonly training: Rows;
  /** The validation rows, which choose the members; `null` without validation. */
  readonly validation: Rows | null;
  /**
   * The number of outputs: the number of classes; 1 for a regression; the number of columns for an
   * autoencoder.
   */
  readonly classes: number;
}

/** Returns the kind of outputs of a problem's networks. */
export function outputKind({ training }: Problem): OutputKind {
  return training.targets === undefined ? "classes" : "numbers";
}

/** A problem, and the preprocessing of its rows. */
export interface PreparedProblem {
  /** The preprocessed rows. */
  readonly problem: Problem;
  /** The preprocessing, fitted to the rows that members learn from. */
  readonly preprocessing: Preprocessing;
  /** The scale of the target, fitted to the same rows; `null` for classes, and for autoencoders. */
  readonly targetScaling: TargetScaling | null;
}

/**
 * Makes a problem from a table. It holds out validation rows (stratified by class), fits the preprocessing
 * to the other rows, and applies it to all rows.
 *
 * @throws {RangeError} If there are too few rows to hold some out, or no feature varies, or the numbers to
 * predict do not vary.
 * @throws {TypeError} If the settings' task is not the table's.
 *
 * @example Usage
 * ```ts
 * import { completeSettings, datasetFromArrays } from "@sparsemble/sparsemble";
 * import { prepareProblem } from "@sparsemble/sparsemble/ensemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 10 }, (_, row) => [row, row * row]),
 *   labels: Array.from({ length: 10 }, (_, row) => row % 2),
 * });
 * const { problem } = prepareProblem(dataset, completeSettings({ validationFraction: 0.2 }));
 * assert.equal(problem.training.rows, 8);
 * assert.equal(problem.validation?.rows, 2);
 * ```
 */
export function prepareProblem(dataset: Dataset, settings: Settings): PreparedProblem {
  const { validationFraction: fraction, seed, scaling } = settings;
  checkTask(dataset, settings);
  const { train, test } = fraction > 0
    ? splitDataset(dataset, fraction, randomStream(seed, "validation"))
    : { train: dataset, test: null };
  checkCoverage(test?.rows ?? 0, settings.coverage);
  // After trials, members are trained on all rows.
  const fitted = settings.trials > 0 ? dataset : train;
  const preprocessing = fitPreprocessing(fitted, { scaling });
  if (settings.task === "reconstruction") {
    const problem = {
      training: ownTargets(inputRows(preprocessing, train)),
      validation: test === null ? null : ownTargets(inputRows(preprocessing, test)),
      classes: inputCount(preprocessing),
    };
    return { problem, preprocessing, targetScaling: null };
  }
  const targetScaling = fitted.targets === undefined
    ? null
    : fitTargetScaling(fitted.targets, fitted.source, fitted.target);
  return {
    problem: {
      training: inputRows(preprocessing, train, targetScaling),
      validation: test === null ? null : inputRows(preprocessing, test, targetScaling),
      classes: targetScaling === null ? dataset.classes.length : 1,
    },
    preprocessing,
    targetScaling,
  };
}

/**
 * Checks that enough rows are held out to calibrate intervals or class sets for a coverage.
 *
 * @throws {RangeError} If there are too few.
 */
export function checkCoverage(heldOut: number, coverage: number | undefined): void {
  if (coverage === undefined || suffices(heldOut, coverage)) return;
  throw new RangeError(
    `Cannot hold a share of ${coverage} of new rows: found ${heldOut} held-out rows, need ` +
      `${
        Math.ceil(coverage / (1 - coverage) - 1e-9)
      }, by more rows, a greater "validationFraction" or a smaller "coverage"`,
  );
}

/** Rows whose targets are their own features. Both share the same memory. */
function ownTargets(rows: Rows): Rows {
  return { ...rows, labels: new Int32Array(rows.rows), targets: rows.features };
}

function checkTask({ targets, source, target }: Dataset, { task }: Settings): void {
  const own = targets === undefined ? "classification" : "regression";
  if (task === own || task === "reconstruction") return;
  throw new TypeError(
    `Cannot learn from ${quotedPath(source)}: found ${
      targets === undefined ? "classes" : "numbers"
    } in column ${quoted(target)}, need task "${own}" for them, and not "${task}"`,
  );
}

/**
 * Checks a problem. The kernels do not check their arrays: a class out of range would make them write
 * beyond the end of an array.
 *
 * @throws {RangeError} If there are no training rows or fewer than two classes, a class is out of range,
 * a number to predict is not finite, or weights are negative, not finite or all 0.
 * @throws {TypeError} If an array's length does not fit rows and columns, if training and validation rows
 * differ in columns, or if only one of them has targets.
 */
export function checkProblem({ training, validation, classes }: Problem): void {
  const predictsNumbers = training.targets !== undefined;
  if (predictsNumbers && classes !== 1 && classes !== training.columns) {
    throw new RangeError(
      `Cannot train: found ${classes} classes beside numbers to predict, need 1`,
    );
  }
  if (!predictsNumbers && !(classes >= 2)) {
    throw new RangeError(`Cannot train a classifier: found ${classes} class, need 2`);
  }
  if (training.rows < 1) throw new RangeError("Cannot train: found no training rows");
  // Streamed rows are checked when they are read.
  if (training.stream === undefined) checkRows("training", training, classes);
  if (validation === null) return;
  checkRows("validation", validation, classes);
  if ((validation.targets !== undefined) !== predictsNumbers) {
    throw new TypeError("Cannot train: found targets in some of the rows only, need them in all");
  }
  if (validation.columns !== training.columns) {
    throw new TypeError(
      `Cannot train: the validation rows have ${validation.columns} columns, the training rows ` +
        `${training.columns}`,
    );
  }
}

function checkRows(
  name: string,
  { rows, columns, features, labels, targets, weights }: Rows,
  classes: number,
): void {
  const wanted = rows * classes;
  if (targets !== undefined && (targets.length !== wanted || !targets.every(Number.isFinite))) {
    const need = classes === 1 ? "a finite one for each" : `${classes} finite ones for each`;
    throw new RangeError(
      `Cannot train: the ${rows} ${name} rows have ${targets.length} targets, need ${need}`,
    );
  }
  if (weights !== undefined) checkWeights(name, rows, weights);
  if (features.length !== rows * columns || labels.length !== rows) {
    throw new TypeError(
      `Cannot train: the ${rows} ${name} rows of ${columns} columns have ${features.length} ` +
        `features and ${labels.length} labels, need ${rows * columns} and ${rows}`,
    );
  }
  const row = labels.findIndex((label) => label < 0 || label >= classes);
  if (row >= 0) {
    throw new RangeError(
      `Cannot train: ${name} row ${row} has class ${labels[row]}, need 0 to ${classes - 1}`,
    );
  }
}

function checkWeights(name: string, rows: number, weights: Float32Array): void {
  if (weights.length !== rows) {
    throw new TypeError(
      `Cannot train: the ${rows} ${name} rows have ${weights.length} weights, need ${rows}`,
    );
  }
  const row = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (row >= 0) {
    throw new RangeError(
      `Cannot train: ${name} row ${row} has weight ${weights[row]}, need a finite number from 0`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError(`Cannot train: all ${name} rows have weight 0`);
  }
}

/**
 * Preprocesses a table's rows for the networks.
 *
 * @param targetScaling The scale of the numbers to predict. Left out: classes are predicted.
 */
export function inputRows(
  preprocessing: Preprocessing,
  dataset: Dataset,
  targetScaling: TargetScaling | null = null,
): Rows {
  const { features, rows, columns, labels, targets, weights } = dataset;
  const scaled = targetScaling === null || targets === undefined
    ? undefined
    : scaleTargets(targetScaling, targets);
  return {
    rows,
    columns: inputCount(preprocessing),
    features: preprocess(preprocessing, features, rows, columns),
    labels,
    targets: scaled,
    weights,
  };
}

/** The limit of the loss: in nats, and in multiples of the largest squared target. */
const EXPLODED = 1000;

/**
 * The mean loss of a batch above which training has diverged: 1000 nats for classes. For numbers, 1000
 * times the largest squared standardised target, which is the worst error of predicting the mean.
 */
export function lossLimit({ training, validation }: Problem): number {
  const squares = (targets: Float32Array | undefined) =>
    targets?.reduce((most, target) => Math.max(most, target * target), 1) ?? 1;
  const streamed = training.stream?.largestSquare ?? 0;
  return EXPLODED * Math.max(streamed, squares(training.targets), squares(validation?.targets));
}
