/** The activation function of hidden neurons. */
export type Activation =
  | { readonly kind: "relu" }
  /**
   * Alternated left ReLU. S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at
   * scale", 2021, https://arxiv.org/abs/2102.01732.
   */
  | { readonly kind: "all-relu"; readonly alpha: number };

/** The activation function of one layer that replaces the network's: the sine of an embedding. */
export type OwnActivation = "sine";

/**
 * The factor of negative pre-activations in a hidden layer. ReLU: 0. All-ReLU: −α in hidden layers
 * 1, 3, … and +α in hidden layers 2, 4, …
 *
 * @param hiddenLayer The hidden layer's number, counted from 1.
 *
 * @example Usage
 * ```ts
 * import { slopeOf } from "@sparsemble/sparsemble/nn";
 * import assert from "node:assert/strict";
 *
 * assert.equal(slopeOf({ kind: "all-relu", alpha: 0.5 }, 1), -0.5);
 * assert.equal(slopeOf({ kind: "all-relu", alpha: 0.5 }, 2), 0.5);
 * ```
 */
export function slopeOf(activation: Activation, hiddenLayer: number): number {
  if (activation.kind === "relu") return 0;
  return hiddenLayer % 2 === 1 ? -activation.alpha : activation.alpha;
}

/** An object with the layer's own activation, or without that key if the layer has none. */
export function ownActivation(
  { activation }: { readonly activation?: OwnActivation | undefined },
): { activation?: OwnActivation } {
  return activation === undefined ? {} : { activation };
}
