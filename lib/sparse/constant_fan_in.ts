import type { Random } from "../random.ts";
import type { Pattern } from "./pattern.ts";
import { patternFromPositions } from "./positions.ts";
import { sampleSorted } from "./sequential_sampling.ts";

/**
 * Draws a random pattern in which all output neurons have the same number of inputs, as SRigL begins. It is
 * the largest number at which the layer is not denser than `density`. If the layer is too sparse for one
 * input per neuron, some neurons have none. M. Lasby et al., "Dynamic sparse training with structured
 * sparsity", ICLR 2024, https://arxiv.org/abs/2305.02299.
 *
 * @param rows Output neurons.
 * @param columns Input neurons.
 * @param density From 0 to 1.
 * @throws {RangeError} If a size is out of range.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { constantFanIn, degrees } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = constantFanIn(3, 10, 0.25, randomStream(1));
 * assert.deepEqual([...degrees(pattern).incoming], [2, 2, 2]);
 * ```
 */
export function constantFanIn(
  rows: number,
  columns: number,
  density: number,
  random: Random,
): Pattern {
  // A density such as 0.29 is a little less in binary.
  const budgetOf = (count: number) => Math.floor(density * count * (1 + Number.EPSILON));
  const fanIn = Math.max(1, Math.min(columns, budgetOf(columns)));
  const active = sampleSorted(
    Math.min(rows, Math.floor(budgetOf(rows * columns) / fanIn)),
    rows,
    random,
  );
  const positions = new Float64Array(active.length * fanIn);
  active.forEach((row, i) => {
    const inputs = sampleSorted(fanIn, columns, random);
    positions.set(inputs.map((column) => row * columns + column), i * fanIn);
  });
  return patternFromPositions(positions, [rows, columns]);
}
