import { blockSizeOf } from "../sparse/mod.ts";
import type { LayerView } from "../topology/mod.ts";

/** The neuron that a position is counted for: its input or its output neuron. */
export type End = (position: number, columns: number) => number;

/** The input neuron of a position. */
export const columnOf: End = (position, columns) => position % columns;

/** The output neuron of a position. */
export const rowOf: End = (position, columns) => Math.floor(position / columns);

/** The neuron that every weight of a layer is counted for. */
export function neuronsOf(layer: LayerView, end: End): Int32Array {
  const { shape: [rows, columns], indptr, indices, weights, ...rest } = layer;
  const blockSize = blockSizeOf(rest);
  const found = new Int32Array(weights.length);
  for (let row = 0; row < rows; row++) {
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      const neuron = end(row * columns + indices[k], columns);
      found.fill(neuron, k * blockSize, (k + 1) * blockSize);
    }
  }
  return found;
}

/** The sum of every neuron's |weights|. */
export function strengths(layer: LayerView, end: End): Float64Array {
  const sums = new Float64Array(Math.max(...layer.shape));
  neuronsOf(layer, end).forEach((neuron, k) => sums[neuron] += Math.abs(layer.weights[k]));
  return sums;
}
