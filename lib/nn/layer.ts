/**
 * Layers in kernel memory, for training and prediction.
 *
 * @module
 */
import {
  type Arena,
  checkConnections,
  type DenseArrays,
  type PerWeight,
  type SparseArrays,
} from "../kernels/mod.ts";
import { blockSizeOf, ownBlocks, transposeIndex } from "../sparse/mod.ts";
import { type OwnActivation, ownActivation } from "./activation.ts";
import type { StoredLayer } from "./stored_layer.ts";

/** The arrays for training a layer. */
export interface Trainable {
  /** The optimiser's state of every weight and bias; empty if the network only predicts. */
  readonly state: readonly PerWeight[];
  /** The mean gradient, or scratch for it; `null` if the network only predicts. */
  readonly gradient: PerWeight | null;
}

/** A layer in kernel memory with compressed sparse weights. */
export interface SparseLayer extends SparseArrays, Trainable {
  /** The kind of layer. */
  readonly kind: "sparse";
  /** G: the output neurons of a block. */
  readonly blockSize: number;
  /** The layer's own activation, which replaces the network's. */
  readonly activation?: OwnActivation;
}

/** A layer in kernel memory with all weights. */
export interface DenseLayer extends DenseArrays, Trainable {
  /** The kind of layer. */
  readonly kind: "dense";
}

/** A layer in kernel memory. */
export type Layer = SparseLayer | DenseLayer;

/**
 * Copies a stored layer into kernel memory.
 *
 * @param slots The number of optimiser state values per weight; 0 for a network that only predicts.
 */
export function openLayer(stored: StoredLayer, slots: number, arena: Arena): Layer {
  const [rows, columns] = stored.shape;
  const values = stored.kind === "sparse" ? stored.data : stored.weights;
  const weights = arena.floats(values.length);
  const bias = arena.floats(rows);
  weights.set(values);
  bias.set(stored.bias);
  const perWeight = () => ({ weights: arena.floats(values.length), bias: arena.floats(rows) });
  const shared = {
    rows,
    columns,
    weights,
    bias,
    state: Array.from({ length: slots }, perWeight),
    gradient: slots > 0 ? perWeight() : null,
  };
  if (stored.kind === "dense") return { kind: "dense", ...shared };
  const blockSize = blockSizeOf(stored);
  // Only the backward pass needs the transpose index. With blocks it is not needed.
  const [ends, entries] = slots > 0 && blockSize === 1 ? [columns + 1, values.length] : [0, 0];
  const layer: SparseLayer = {
    kind: "sparse",
    ...ownActivation(stored),
    ...shared,
    blockSize,
    indptr: arena.integers(rows / blockSize + 1),
    indices: arena.integers(values.length / blockSize),
    transpose: {
      indptr: arena.integers(ends),
      rows: arena.integers(entries),
      entries: arena.integers(entries),
      weights: arena.floats(entries),
    },
  };
  layer.indptr.set(stored.indptr);
  layer.indices.set(stored.indices);
  if (slots > 0) indexTranspose(layer);
  else checkConnections(layer);
  return layer;
}

/** Checks a layer's connections after a topology change, and updates its transpose index if it has one. */
export function indexTranspose(layer: SparseLayer): void {
  checkConnections(layer);
  if (layer.blockSize > 1) return;
  const { indptr, indices, rows, columns } = layer;
  transposeIndex({ shape: [rows, columns], indptr, indices }, layer.transpose);
}

/** Copies a layer from kernel memory into ordinary memory. */
export function storeLayer(layer: Layer): StoredLayer {
  const shape = [layer.rows, layer.columns] as const;
  const bias = Float32Array.from(layer.bias);
  if (layer.kind === "dense") {
    return { kind: "dense", shape, weights: Float32Array.from(layer.weights), bias };
  }
  return {
    kind: "sparse",
    ...ownActivation(layer),
    ...ownBlocks(layer),
    shape,
    indptr: Int32Array.from(layer.indptr),
    indices: Int32Array.from(layer.indices),
    data: Float32Array.from(layer.weights),
    bias,
  };
}
