import type { Csr } from "../sparse/mod.ts";
import type { OwnActivation } from "./activation.ts";

/** The weights of a sparse layer at rest, in ordinary memory. */
export interface StoredSparseLayer extends Csr {
  /** What kind of layer this is. */
  readonly kind: "sparse";
  /** What its neurons do where that is not the network's activation. */
  readonly activation?: OwnActivation;
  /** Length rows: one bias per output neuron. */
  readonly bias: Float32Array;
}

/** The weights of a dense layer at rest, in ordinary memory. */
export interface StoredDenseLayer {
  /** What kind of layer this is. */
  readonly kind: "dense";
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** Length rows × columns, row after row. */
  readonly weights: Float32Array;
  /** Length rows: one bias per output neuron. */
  readonly bias: Float32Array;
}

/** The weights of one layer at rest. */
export type StoredLayer = StoredSparseLayer | StoredDenseLayer;
