/**
 * Layers of a network that is being trained or asked for predictions: arrays in kernel memory.
 *
 * @module
 */
import type { Arena, DenseArrays, PerWeight, SparseArrays } from "../kernels/mod.ts";
import { transposeIndex } from "../sparse/mod.ts";
import { type OwnActivation, ownActivation } from "./activation.ts";
import type { StoredLayer } from "./stored_layer.ts";

/** What every live layer has beside its weights. */
export interface Trainable {
  /** The optimiser's numbers for every weight and bias; empty where the network only predicts. */
  readonly state: readonly PerWeight[];
  /** The mean gradient, where the optimiser needs it whole; scratch otherwise. */
  readonly gradient: PerWeight | null;
}

/** A live layer with compressed sparse weights. */
export interface SparseLayer extends SparseArrays, Trainable {
  /** What kind of layer this is. */
  readonly kind: "sparse";
  /** What its neurons do where that is not the network's activation. */
  readonly activation?: OwnActivation;
}

/** A live layer with all its weights. */
export interface DenseLayer extends DenseArrays, Trainable {
  /** What kind of layer this is. */
  readonly kind: "dense";
}

/** A live layer. */
export type Layer = SparseLayer | DenseLayer;

/**
 * Copies a stored layer into kernel memory.
 *
 * @param slots How many numbers of optimiser state per weight; 0 for a network that only predicts.
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
  // Only the backward pass needs the transpose index.
  const [ends, entries] = slots > 0 ? [columns + 1, values.length] : [0, 0];
  const layer: SparseLayer = {
    kind: "sparse",
    ...ownActivation(stored),
    ...shared,
    indptr: arena.integers(rows + 1),
    indices: arena.integers(values.length),
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
  return layer;
}

/** Brings a layer's transpose index up to date with its topology. */
export function indexTranspose(layer: SparseLayer): void {
  const { indptr, indices, rows, columns } = layer;
  transposeIndex({ shape: [rows, columns], indptr, indices }, layer.transpose);
}

/** Copies a live layer back into ordinary memory. */
export function storeLayer(layer: Layer): StoredLayer {
  const shape = [layer.rows, layer.columns] as const;
  const bias = Float32Array.from(layer.bias);
  if (layer.kind === "dense") {
    return { kind: "dense", shape, weights: Float32Array.from(layer.weights), bias };
  }
  return {
    kind: "sparse",
    ...ownActivation(layer),
    shape,
    indptr: Int32Array.from(layer.indptr),
    indices: Int32Array.from(layer.indices),
    data: Float32Array.from(layer.weights),
    bias,
  };
}
