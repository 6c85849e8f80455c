/**
 * The weights of training rows in the loss. They depend on the row's class, on the predictions of the
 * finished members, and on the problem's own weights. Their mean is 1. Every batch divides them by their
 * mean over its own rows, so that the learning rate keeps its meaning.
 *
 * @module
 */
import { addFlops, type FlopCount, layerSizeOf, memberWeightingFlops } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { type Member, openNetwork, openWorkspace } from "../nn/mod.ts";
import { activationOf, type Settings } from "../settings/mod.ts";
import { addOutputs, type Rows } from "../training/mod.ts";
import type { Problem } from "./problem.ts";

/** The weights of the training rows, and the values from which they are computed. */
export interface RowWeights {
  /** Length rows: the weights, mean 1. */
  readonly values: Float32Array;
  /** Length rows: class weight × weight in the problem. */
  readonly base: Float64Array;
  /** Length rows: the sum of the finished members' probabilities of the row's own class. */
  readonly probability: Float64Array;
  /** The number of these members. */
  members: number;
}

/** The weights before the first member; `null` if all rows always weigh the same. */
export function openRowWeights(problem: Problem, settings: Settings): RowWeights | null {
  const { training, classes } = problem;
  const { classWeights, memberWeighting } = settings;
  const given = training.weights;
  if (classWeights === "none" && memberWeighting === 0 && given === undefined) return null;
  const ofClass = classWeights === "balanced" ? balancedWeights(training.labels, classes) : null;
  const base = Float64Array.from(
    training.labels,
    (label, row) => (ofClass?.[label] ?? 1) * (given?.[row] ?? 1),
  );
  const weights: RowWeights = {
    values: new Float32Array(training.rows),
    base,
    probability: new Float64Array(training.rows),
    members: 0,
  };
  setValues(weights, settings);
  return weights;
}

/**
 * The class weights under which all classes count the same: rows / (classes × rows of the class).
 * Classes without rows weigh 0 and are not counted.
 *
 * @param labels The class of every row.
 * @param classes The number of classes.
 *
 * @example Usage
 * ```ts
 * import { balancedWeights } from "@sparsemble/sparsemble/ensemble";
 * import assert from "node:assert/strict";
 *
 * // As scikit-learn's class_weight="balanced": 4 / (2 × 3) and 4 / (2 × 1).
 * assert.deepEqual([...balancedWeights(Int32Array.of(0, 0, 1, 0), 2)], [4 / 6, 2]);
 * ```
 */
export function balancedWeights(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => count === 0 ? 0 : labels.length / (present * count));
}

/**
 * Updates the weights after a finished member: the weight of a row is its base weight ×
 * exp(memberWeighting × (1 − the members' mean probability of the row's own class)).
 *
 * @param flops The count to add the operations to; `null` for a resumed run, which has counted them.
 */
export function addMember(
  weights: RowWeights,
  member: Member,
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  flops: FlopCount | null,
): void {
  if (settings.memberWeighting === 0) return;
  const { training, classes } = problem;
  const probabilities = probabilitiesOf(member, training, classes, settings, kernels);
  for (let row = 0; row < training.rows; row++) {
    weights.probability[row] += probabilities[row * classes + training.labels[row]];
  }
  weights.members++;
  setValues(weights, settings);
  if (flops === null) return;
  addFlops(flops, memberWeightingFlops(member.layers.map(layerSizeOf), training.rows));
}

function setValues({ values, base, probability, members }: RowWeights, settings: Settings): void {
  const { memberWeighting } = settings;
  const raw = members === 0
    ? base
    : base.map((weight, row) =>
      weight * Math.exp(memberWeighting * (1 - probability[row] / members))
    );
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  for (let row = 0; row < values.length; row++) values[row] = raw[row] / mean;
}

function probabilitiesOf(
  member: Member,
  rows: Rows,
  classes: number,
  settings: Settings,
  kernels: Kernels,
): Float32Array {
  using network = openNetwork(kernels, member.layers, activationOf(settings), null);
  const workspace = openWorkspace(network, settings.batchSize, false);
  const probabilities = new Float32Array(rows.rows * classes);
  addOutputs(network, workspace, rows.features, rows.rows, 1, probabilities);
  return probabilities;
}
