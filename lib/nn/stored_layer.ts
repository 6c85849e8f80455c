import type { Blocked, Pattern } from "../sparse/mod.ts";
import type { OwnActivation } from "./activation.ts";

/**
 * A sparse layer in ordinary memory. Its shape counts neurons. With blocks of G output neurons, `indptr`
 * has length rows / G + 1, and `indices` has one entry per block. `blockPattern` returns the pattern of the
 * blocks; `csrFromBlocks` converts the layer to compressed sparse rows.
 */
export interface StoredSparseLayer extends Pattern, Blocked {
  /** The kind of layer. */
  readonly kind: "sparse";
  /** The layer's own activation, which replaces the network's. */
  readonly activation?: OwnActivation;
  /** Length G × blocks: the weights in the order of `indices`, G neighbouring output neurons in each. */
  readonly data: Float32Array;
  /** Length rows: one bias per output neuron. */
  readonly bias: Float32Array;
}

/** A dense layer in ordinary memory. */
export interface StoredDenseLayer {
  /** The kind of layer. */
  readonly kind: "dense";
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** Length rows × columns, row by row. */
  readonly weights: Float32Array;
  /** Length rows: one bias per output neuron. */
  readonly bias: Float32Array;
}

/** A layer in ordinary memory. */
export type StoredLayer = StoredSparseLayer | StoredDenseLayer;
