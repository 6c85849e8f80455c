/**
 * The importance of inputs: permutation importance, and the strength of input neurons.
 *
 * @module
 */
import type { Member, StoredLayer } from "../nn/mod.ts";
import { type Random, shuffle } from "../random.ts";
import { blockSizeOf } from "../sparse/mod.ts";

/** Draws permutations of rows. */
export function drawPermutations(rows: number, repeats: number, random: Random): Int32Array[] {
  return Array.from({ length: repeats }, () => {
    const order = Int32Array.from({ length: rows }, (_, row) => row);
    shuffle(order, random);
    return order;
  });
}

/**
 * Permutation importance: the loss of score when the values of a group of inputs are permuted between rows.
 * L. Breiman, "Random forests", 2001, https://doi.org/10.1023/A:1010933404324; equal to scikit-learn's
 * `permutation_importance`.
 *
 * @param inputs Length rows × width, row by row. Left as it is.
 * @param groups The inputs of every group, such as those of one raw column. They are permuted together.
 * @param permutations For every repeat, the number of the row from which each row takes its values. All
 * groups use the same permutations.
 * @param score Scores inputs of the same size: higher is better.
 * @param onGroup Called before each group.
 * @returns For every group, the loss of score in every repeat; 0 for a group without inputs.
 *
 * @example Usage
 * ```ts
 * import { permutationLosses } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * // The score is the number of rows whose first input is the row's number.
 * const score = (inputs: Float32Array) =>
 *   [0, 1, 2].filter((row) => inputs[2 * row] === row).length;
 * const inputs = Float32Array.of(0, 7, 1, 8, 2, 9);
 * const losses = permutationLosses(inputs, 2, [[0], [1]], [Int32Array.of(1, 0, 2)], score);
 * assert.deepEqual(losses, [[2], [0]]);
 * ```
 */
export function permutationLosses(
  inputs: Float32Array,
  width: number,
  groups: readonly (readonly number[])[],
  permutations: readonly Int32Array[],
  score: (inputs: Float32Array) => number,
  onGroup?: (group: number) => void,
): number[][] {
  const whole = score(inputs);
  const permuted = inputs.slice();
  return groups.map((group, g) => {
    onGroup?.(g);
    if (group.length === 0) return permutations.map(() => 0);
    const losses = permutations.map((permutation) => {
      permutation.forEach((from, row) => {
        for (const input of group) permuted[row * width + input] = inputs[from * width + input];
      });
      return whole - score(permuted);
    });
    for (let row = 0; row < inputs.length; row += width) {
      for (const input of group) permuted[row + input] = inputs[row + input];
    }
    return losses;
  });
}

/**
 * The strength of a network's input neurons: the sum of |w| over the connections that leave them. Z.
 * Atashgahi et al., "Quick and robust feature selection: the strength of energy-efficient sparse training
 * for autoencoders", 2020, https://arxiv.org/abs/2012.00560. The weights of an embedding are frequencies
 * and do not measure importance. With an embedding, an input has the summed strength of its sine units.
 *
 * @returns Length inputs.
 *
 * @example Usage
 * ```ts
 * import { inputStrengths } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const layer = {
 *   kind: "dense", shape: [2, 2], weights: Float32Array.of(1, -2, 3, 4), bias: new Float32Array(2),
 * } as const;
 * assert.deepEqual([...inputStrengths({ layers: [layer] })], [4, 6]);
 * ```
 */
export function inputStrengths({ layers }: Pick<Member, "layers">): Float64Array {
  const [first, second] = layers;
  if (first.kind === "dense" || first.activation !== "sine") return outgoingStrengths(first);
  const ofUnits = outgoingStrengths(second);
  const strengths = new Float64Array(first.shape[1]);
  const { indptr, indices } = first;
  for (let unit = 0; unit < first.shape[0]; unit++) {
    // Each sine unit has one connection.
    for (let k = indptr[unit]; k < indptr[unit + 1]; k++) strengths[indices[k]] += ofUnits[unit];
  }
  return strengths;
}

/** The sum of |w| over the connections that leave each neuron of the layer before. */
function outgoingStrengths(layer: StoredLayer): Float64Array {
  const columns = layer.shape[1];
  const strengths = new Float64Array(columns);
  if (layer.kind === "dense") {
    layer.weights.forEach((weight, i) => strengths[i % columns] += Math.abs(weight));
    return strengths;
  }
  const { indices, data } = layer;
  const blockSize = blockSizeOf(layer);
  for (let i = 0; i < data.length; i++) {
    strengths[indices[(i - i % blockSize) / blockSize]] += Math.abs(data[i]);
  }
  return strengths;
}
