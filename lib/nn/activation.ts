/** What hidden neurons do to their input. */
export type Activation =
  | { readonly kind: "relu" }
  /** Alternated left ReLU (Curci, Mocanu and Pechenizkiy, "Truly sparse neural networks at scale"). */
  | { readonly kind: "all-relu"; readonly alpha: number };

/** What a layer's neurons do in place of the network's activation: embeddings are sines. */
export type OwnActivation = "sine";

/**
 * The factor of negative pre-activations in a hidden layer: 0 for ReLU; for All-ReLU −α in hidden
 * layers 1, 3, … and +α in hidden layers 2, 4, …
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

/** A layer's own activation where it has one, and no key where it has none. */
export function ownActivation(
  { activation }: { readonly activation?: OwnActivation | undefined },
): { activation?: OwnActivation } {
  return activation === undefined ? {} : { activation };
}
