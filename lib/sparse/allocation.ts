import { density } from "./erdos_renyi.ts";

/**
 * A rule that divides a network's connections among its layers:
 * - `er`: Erdős–Rényi. A layer's connections are proportional to its input neurons + its output neurons.
 * - `erk`: Erdős–Rényi–Kernel (U. Evci et al., ICML 2020, https://arxiv.org/abs/1911.11134). A perceptron
 *   has no convolution kernels, so this equals `er`.
 * - `uniform`: every layer has the same density.
 * - `equal`: every layer has the same number of connections. A layer that is full leaves the rest of its
 *   share to the others.
 */
export type Allocation = "er" | "erk" | "uniform" | "equal";

/**
 * Computes the density of every layer under an allocation. Together the layers have the expected number of
 * connections that Erdős–Rényi layers of the same ε have.
 *
 * @param sizes Neurons per layer, from the inputs to the outputs.
 * @param epsilon ε of those Erdős–Rényi layers.
 * @returns One per layer, from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { layerDensities } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * // 20 + 20 connections of 100 + 100 possible ones, and then of 100 + 10.
 * assert.deepEqual(layerDensities([10, 10, 10], 1, "uniform"), [0.2, 0.2]);
 * assert.deepEqual(layerDensities([10, 10, 1], 1, "equal").map((d) => d.toFixed(2)), ["0.20", "1.00"]);
 * ```
 */
export function layerDensities(
  sizes: readonly number[],
  epsilon: number,
  allocation: Allocation,
): number[] {
  const cells = sizes.slice(1).map((rows, l) => rows * sizes[l]);
  const random = sizes.slice(1).map((rows, l) => density(epsilon, rows, sizes[l]));
  if (allocation === "er" || allocation === "erk") return random;
  const sum = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
  const total = sum(cells.map((count, l) => random[l] * count));
  if (allocation === "uniform") return cells.map(() => Math.min(1, total / sum(cells)));
  let full: number[] = [];
  for (;;) {
    const open = cells.filter((count) => !full.includes(count));
    const share = open.length === 0 ? 0 : (total - sum(cells) + sum(open)) / open.length;
    const more = open.filter((count) => count <= share);
    if (more.length === 0) return cells.map((count) => full.includes(count) ? 1 : share / count);
    full = [...full, ...more];
  }
}
