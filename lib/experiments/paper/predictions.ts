import { load } from "../../model/mod.ts";
import { ensembleOutputs, mostProbable, openEnsemble } from "../../prediction/mod.ts";
import { inputRows } from "../../ensemble/mod.ts";
import { activationOf } from "../../settings/mod.ts";
import { chooseKernels } from "../../kernels/mod.ts";
import { readRunData, type RunConfig, runFiles } from "../run/mod.ts";

/** The answers of an ensemble on the test rows: a character a row, `0` to `9` and on from `a`. */
export interface Predictions {
  readonly predicted: string;
  readonly labels: string;
}

/**
 * Asks a finished run's ensemble for the class of every test row.
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

/** 1 where an ensemble is right, 0 where it is not. */
export function rightRows({ predicted, labels }: Predictions): Uint8Array {
  return Uint8Array.from(labels, (label, row) => predicted[row] === label ? 1 : 0);
}
