/**
 * The weights of training rows in the loss. They depend on the row's class, on the predictions of the
 * finished members, and on the problem's own weights. Their mean is 1. Every batch divides them by their
 * mean over its own rows, so that the learning rate keeps its meaning.
 *
 * @module
 */
import type { Kernels } from "../../kernels/mod.ts";
import type { Member } from "../../nn/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Rows } from "../../training/mod.ts";
import { outputsOf } from "./member_outputs.ts";

/** The weights of the training rows, and the values from which they are computed. */
export interface RowWeights {
  /** Length rows: the weights, mean 1. */
  readonly values: Float32Array;
  /** Length rows: class weight × weight in the problem. */
  readonly base: Float64Array;
  /** Length rows: the sum of the finished members' probabilities of the row's own class. */
  readonly probability: Float64Array;
  /** The number of these members. */
  readonly members: number;
}

/** Makes the weights before the first member; `null` if all rows always weigh the same. */
export function openRowWeights(rows: Rows, classes: number, settings: Settings): RowWeights | null {
  const { classWeights, memberWeighting } = settings;
  const { labels, weights: given } = rows;
  if (classWeights === "none" && memberWeighting === 0 && given === undefined) return null;
  const ofClass = classWeights === "balanced" ? balancedWeights(labels, classes) : null;
  const base = Float64Array.from(
    labels,
    (label, row) => (ofClass?.[label] ?? 1) * (given?.[row] ?? 1),
  );
  return { values: meanOne(base), base, probability: new Float64Array(rows.rows), members: 0 };
}

/**
 * The class weights under which all classes count the same: rows / (classes × rows of the class). Classes
 * without rows have weight 0 and do not count as classes.
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
 * The weights after a finished member: the weight of a row is its base weight ×
 * exp(memberWeighting × (1 − the members' mean probability of the row's own class)).
 */
export function weightsAfter(
  weights: RowWeights | null,
  member: Member,
  rows: Rows,
  settings: Settings,
  kernels: Kernels,
): RowWeights | null {
  const { memberWeighting } = settings;
  if (weights === null || memberWeighting === 0) return weights;
  const { base } = weights;
  const outputs = outputsOf(member, rows, settings, kernels);
  const classes = outputs.length / rows.rows;
  const probability = weights.probability.map((sum, row) =>
    sum + outputs[row * classes + rows.labels[row]]
  );
  const members = weights.members + 1;
  const raw = base.map((weight, row) =>
    weight * Math.exp(memberWeighting * (1 - probability[row] / members))
  );
  return { values: meanOne(raw), base, probability, members };
}

/** Multiplies the weights of a lesson by the common weights of the rows. */
export function weightedBy(lesson: Float64Array, common: RowWeights | null): RowWeights {
  const base = lesson.map((weight, row) => weight * (common?.base[row] ?? 1));
  return {
    values: meanOne(base),
    base,
    probability: new Float64Array(base.length),
    members: 0,
  };
}

/** Scales weights to a mean of 1. */
function meanOne(raw: Float64Array): Float32Array {
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  return Float32Array.from(raw, (weight) => weight / mean);
}
