/**
 * The gradient of the loss with respect to weights of missing connections, for strategies that grow by
 * it. One batch runs forward and backward. Then a candidate's gradient is the dot product of its input
 * neuron's activations and its output neuron's gradients. No array has the size of a dense layer.
 *
 * @module
 */
import { addFlops, backpropagationFlops, missingGradientFlops } from "../counters/mod.ts";
import { type Arena, type FloatArray, type PerWeight, strideOf } from "../kernels/mod.ts";
import { backpropagate, type Layer, type SparseLayer } from "../nn/mod.ts";
import { epochOrder, gatherBatch } from "../training/mod.ts";
import { layerSizes, type TrainingRun } from "./training_run.ts";

/** The largest number of candidates in one kernel call. */
const BLOCK = 1 << 15;

/** The gradients of missing connections at one state of the network. */
export interface MissingGradients extends Disposable {
  /** The gradients in a layer at ascending flat positions. The state at the first call counts. */
  at(layer: number, positions: Float64Array): Float64Array;
}

/** Kernel memory of one kernel call. */
interface Scratch {
  /** The start of every row's candidates. */
  readonly indptr: Int32Array;
  /** Their columns. */
  readonly indices: Int32Array;
  /** Their gradients. */
  readonly gradient: PerWeight;
}

/**
 * Prepares the gradients for the first batch of the epoch that has just ended, without dropout. A
 * resumed run uses the same batch. Nothing is computed before the first call of `at`. All operations
 * count as part of the topology change.
 */
export function openMissingGradients(run: TrainingRun): MissingGradients {
  const { network: { kernels, layers }, workspace, progress } = run;
  const arena = kernels.openArena();
  let batch = 0;
  let gradients: FloatArray[] = [];
  let scratch: Scratch;

  function begin(): void {
    batch = gatherFirstBatch(run);
    gradients = layers.map(({ rows }) => arena.floats(rows * strideOf(batch)));
    scratch = openScratch(arena, layers);
    const { labelSmoothing } = run.settings;
    const weighted = run.rowWeights !== null;
    backpropagate(run.network, workspace, batch, gradients, { labelSmoothing, weighted });
    const sizes = layerSizes(run.network);
    addFlops(progress.flops, backpropagationFlops(sizes, batch, labelSmoothing > 0, weighted));
  }

  return {
    at(l, positions) {
      if (batch === 0) begin();
      const layer = layers[l] as SparseLayer;
      const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
      const { indptr, indices, gradient } = scratch;
      const candidates = { ...layer, indptr, indices };
      const stride = strideOf(batch);
      const found = new Float64Array(positions.length);
      for (let start = 0; start < positions.length; start += indices.length) {
        const block = positions.subarray(start, start + indices.length);
        const [from, to] = layOut(block, layer, scratch);
        kernels.sparseGradient(candidates, x, gradients[l], gradient, stride, batch, from, to);
        for (let i = 0; i < block.length; i++) found[start + i] = gradient.weights[i];
        addFlops(progress.flops, missingGradientFlops(block.length, to - from, batch));
      }
      return found;
    },
    [Symbol.dispose]: () => arena.dispose(),
  };
}

/** Puts the first batch of the epoch that has just ended into the workspace. */
function gatherFirstBatch(run: TrainingRun): number {
  const { workspace, settings, progress, rows } = run;
  const order = epochOrder(rows.rows, settings.seed, progress.epoch);
  return gatherBatch(workspace, rows, order, 0, settings.batchSize, run.rowWeights?.values);
}

function openScratch(arena: Arena, layers: readonly Layer[]): Scratch {
  const rows = Math.max(...layers.map((layer) => layer.rows));
  const block = Math.min(BLOCK, Math.max(...layers.map((layer) => layer.rows * layer.columns)));
  return {
    indptr: arena.integers(rows + 1),
    indices: arena.integers(block),
    gradient: { weights: arena.floats(block), bias: arena.floats(rows) },
  };
}

/** Writes positions as the connections of a layer, and returns the range of their rows. */
function layOut(positions: Float64Array, layer: SparseLayer, scratch: Scratch): [number, number] {
  const { columns } = layer;
  const { indptr, indices } = scratch;
  const from = Math.floor(positions[0] / columns);
  let row = from;
  indptr[row] = 0;
  let end = (row + 1) * columns;
  for (let i = 0; i < positions.length; i++) {
    while (positions[i] >= end) {
      indptr[++row] = i;
      end += columns;
    }
    indices[i] = positions[i] - (end - columns);
  }
  indptr[++row] = positions.length;
  return [from, row];
}
