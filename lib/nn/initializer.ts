import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";

/**
 * The distribution of initial weights. `he`: scaled by the fan-in (K. He et al., "Delving deep into
 * rectifiers", 2015, https://arxiv.org/abs/1502.01852). `xavier`: scaled by fan-in + fan-out (X. Glorot
 * and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html). `normal`: standard deviation
 * 0.05.
 */
export type Initializer =
  | "he-uniform"
  | "he-normal"
  | "xavier-uniform"
  | "xavier-normal"
  | "normal";

/**
 * Fills an array with initial weights.
 *
 * @param values Any length; every element is overwritten.
 * @param fanIn Inputs per neuron. The paper uses the number of a dense layer at every density.
 * @param fanOut Outputs per neuron.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { fillInitial } from "@sparsemble/sparsemble/nn";
 * import assert from "node:assert/strict";
 *
 * const weights = new Float32Array(100);
 * fillInitial(weights, "he-uniform", 600, 10, randomStream(1, "weights"));
 * assert.ok(weights.every((w) => Math.abs(w) <= 0.1));
 * ```
 */
export function fillInitial(
  values: FloatArray,
  initializer: Initializer,
  fanIn: number,
  fanOut: number,
  random: Random,
): void {
  if (initializer === "he-uniform" || initializer === "xavier-uniform") {
    const limit = Math.sqrt(6 / (initializer === "he-uniform" ? fanIn : fanIn + fanOut));
    for (let k = 0; k < values.length; k++) values[k] = (2 * random.float() - 1) * limit;
    return;
  }
  const deviation = initializer === "he-normal"
    ? Math.sqrt(2 / fanIn)
    : initializer === "xavier-normal"
    ? Math.sqrt(2 / (fanIn + fanOut))
    : 0.05;
  for (let k = 0; k < values.length; k++) values[k] = random.normal() * deviation;
}
