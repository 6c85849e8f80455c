import type { StoredLayer } from "./stored_layer.ts";

/** A trained network of an ensemble, in ordinary memory. */
export interface Member {
  /** The layers, from the input to the output. */
  readonly layers: readonly StoredLayer[];
  /** The epoch after which these weights were stored, counted from 1. */
  readonly epoch: number;
  /** The accuracy on the held-out rows; `null` without held-out rows, and for predicted numbers. */
  readonly validationAccuracy: number | null;
  /** The mean squared error of standardised numbers on the held-out rows. Left out for classifiers. */
  readonly validationLoss?: number | undefined;
  /** The factor of the member's outputs in the ensemble's answer. Left out: 1 / the number of members. */
  readonly vote?: number | undefined;
}
