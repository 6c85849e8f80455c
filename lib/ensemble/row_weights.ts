/**
 * How much each training row counts in the loss: by its class, by what the members so far make of
 * it, or as the problem says. The weights' mean is 1, so that the learning rate means the same.
 *
 * @module
 */
import { addFlops, type FlopCount, layerSizeOf, memberWeightingFlops } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { type Member, openNetwork, openWorkspace } from "../nn/mod.ts";
import { activationOf, type Settings } from "../settings/mod.ts";
import { addProbabilities, type Rows } from "../training/mod.ts";
import type { Problem } from "./problem.ts";

/** The weights of the training rows, and what they are made of. */
export interface RowWeights {
  /** Length rows: the weights, mean 1. */
  readonly values: Float32Array;
  /** Length rows: what a row weighs for its class and by the problem itself. */
  readonly base: Float64Array;
  /** Length rows: the probabilities that the members so far give to the row's own class, summed. */
  readonly probability: Float64Array;
  /** How many members these are. */
  members: number;
}

/** The weights before the first member, or `null` where every row counts the same throughout. */
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
 * The weights under which every class counts the same: rows / (classes × rows of the class), where only
 * classes that have rows count; the others weigh 0.
 *
 * @param labels The class of every row.
 * @param classes How many classes there are.
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
 * Takes one more member into account: the weights of the next one's rows are those of their class ×
 * exp(memberWeighting × (1 − the members' mean probability of the row's own class)).
 *
 * @param flops Where the operations are counted, if they are not those of a run taken up again.
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
  addProbabilities(network, workspace, rows.features, rows.rows, 1, probabilities);
  return probabilities;
}
