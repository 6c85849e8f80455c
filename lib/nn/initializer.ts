import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";

/**
 * How fresh weights are drawn. He (2015) looks at the fan-in; Xavier (Glorot and Bengio, 2010) at
 * fan-in and fan-out; `normal` has standard deviation 0.05.
 */
export type Initializer =
  | "he-uniform"
  | "he-normal"
  | "xavier-uniform"
  | "xavier-normal"
  | "normal";

/**
 * Fills an array with fresh weights.
 *
 * @param values Any length; every element is overwritten.
 * @param fanIn Inputs per neuron. The paper takes the dense number, whatever the density.
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
