import { load } from "../../model/mod.ts";
import { ensembleOutputs, mostProbable, openEnsemble } from "../../prediction/mod.ts";
import { inputRows } from "../../ensemble/mod.ts";
import { activationOf } from "../../settings/mod.ts";
import { chooseKernels } from "../../kernels/mod.ts";
import { readRunData, type RunConfig, runFiles } from "../run/mod.ts";

/** The predicted classes of the test rows, one character per row: `0` to `9`, then from `a` on. */
export interface Predictions {
  readonly predicted: string;
  readonly labels: string;
}

/**
 * Predicts the class of every test row with the ensemble of a finished run.
 *
 * @param folder The run's folder.
 * @throws {RangeError} If the run has no test rows, or more than 36 classes.
 */
export async function testPredictions(config: RunConfig, folder: string): Promise<Predictions> {
  const { test } = await readRunData(config);
  if (test === null) {
    throw new RangeError(`Cannot predict: the run in "${folder}" has no test rows`);
  }
  const model = load(runFiles(folder).model);
  const classes = model.classes.length;
  if (classes > 36) {
    throw new RangeError(`Cannot write predictions: found ${classes} classes, need at most 36`);
  }
  const { kernels } = chooseKernels("auto");
  using ensemble = openEnsemble(model.members, activationOf(model.settings), kernels);
  const { features, rows } = inputRows(model.preprocessing, test);
  const predicted = mostProbable(ensembleOutputs(ensemble, features, rows), classes);
  const text = (labels: Int32Array) => Array.from(labels, (label) => label.toString(36)).join("");
  return { predicted: text(predicted), labels: text(test.labels) };
}

/** For every row, 1 if the ensemble's class is correct, otherwise 0. */
export function rightRows({ predicted, labels }: Predictions): Uint8Array {
  return Uint8Array.from(labels, (label, row) => predicted[row] === label ? 1 : 0);
}
