import type { StoredLayer } from "./stored_layer.ts";

/** One trained network of an ensemble, at rest. */
export interface Member {
  /** Its layers, from the input to the output. */
  readonly layers: readonly StoredLayer[];
  /** The epoch, counted from 1, after which these weights were taken. */
  readonly epoch: number;
  /** The fraction of the held-out rows it got right, or `null` where none were held out. */
  readonly validationAccuracy: number | null;
  /** Its mean squared error on the held-out rows, of standardised numbers. Left out: there is none. */
  readonly validationLoss?: number | undefined;
}
