/**
 * The gradient of the loss with respect to the weights of missing connections, for strategies that grow
 * connections by it. One batch runs forward and backward. A candidate's gradient is then the dot product of
 * its input neuron's activations and its output neuron's gradients. No array has the size of a dense layer.
 *
 * @module
 */
import {
  addFlops,
  backpropagationFlops,
  type FlopCount,
  layerSizes,
  missingGradientFlops,
  noFlops,
  softTargetFlops,
} from "../../counters/mod.ts";
import {
  activationIndex,
  type Arena,
  type FloatArray,
  type PerWeight,
  strideOf,
} from "../../kernels/mod.ts";
import { backpropagate, type Layer, type SparseLayer } from "../../nn/mod.ts";
import { blockNormFlops, blockNorms, checkPositions } from "../../sparse/mod.ts";
import type { NeuronSignals } from "../../topology/mod.ts";
import { type EpochOrder, gatherBatch, softTargets } from "../../training/mod.ts";
import { rowOrder } from "../teaching/mod.ts";
import type { TrainingRun } from "../training_run.ts";

/** The largest number of candidates in one kernel call. */
const BLOCK = 1 << 15;

/** The gradients of missing and of stored connections, for one state of the network. */
export interface MissingGradients extends Disposable {
  /**
   * Returns the gradients in a layer at ascending flat positions. For blocks they are L2 norms. All calls
   * refer to the network's state at the first call.
   */
  at(layer: number, positions: Float64Array): Float64Array;
  /** Returns the gradients of a sparse layer's weights, in their order. */
  stored(layer: number): Float64Array;
  /** Returns the signals of a layer's neurons. The output neurons of a block have one signal together. */
  signals(layer: number): NeuronSignals;
}

/** A batch of the current epoch. */
export interface BatchPlace {
  /** The order of the rows in the epoch. */
  readonly order: EpochOrder;
  /** The place of the batch's first row in this order. */
  readonly start: number;
}

/** Kernel memory of one kernel call. */
interface Scratch {
  /** The start of the candidates of every row, or row of blocks. */
  readonly indptr: Int32Array;
  /** Their columns. */
  readonly indices: Int32Array;
  /** Their gradients. */
  readonly gradient: PerWeight;
}

/**
 * Prepares the gradients for a batch, without dropout. Nothing is computed before the first call. All
 * operations count as part of the topology change.
 *
 * @param flops The count to add them to.
 * @param place The batch. Left out: the first of the current epoch, as in a resumed run.
 */
export function openMissingGradients(
  run: TrainingRun,
  flops: FlopCount,
  place?: BatchPlace,
): MissingGradients {
  const { network, workspace, rowWeights, memberSettings } = run.stage;
  const { kernels, layers } = network;
  const arena = kernels.openArena();
  let batch = 0;
  let gradients: FloatArray[] = [];
  let scratch: Scratch | undefined;

  function begin(): void {
    const gathered = gather(run, place);
    batch = gathered.batch;
    gradients = layers.map(({ rows }) => arena.floats(rows * strideOf(batch)));
    const { labelSmoothing } = memberSettings;
    const weighted = rowWeights !== null;
    const { soft } = gathered;
    backpropagate(network, workspace, batch, gradients, { labelSmoothing, weighted, soft });
    const sizes = layerSizes(network);
    addFlops(
      flops,
      backpropagationFlops(sizes, batch, labelSmoothing > 0 && soft === undefined, weighted),
    );
    if (soft !== undefined) {
      const { softmax } = softTargetFlops(sizes, batch, weighted);
      addFlops(flops, { ...noFlops(), topology: softmax });
    }
  }

  return {
    at(l, positions) {
      const layer = layers[l] as SparseLayer;
      const { blockSize } = layer;
      const shape = [layer.rows / blockSize, layer.columns] as const;
      checkPositions(positions, shape, `find gradients in layer ${l}`);
      if (batch === 0) begin();
      scratch ??= openScratch(arena, layers);
      const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
      const { indptr, indices, gradient } = scratch;
      const stride = strideOf(batch);
      const found = new Float64Array(positions.length);
      const most = Math.floor(gradient.weights.length / blockSize);
      for (let start = 0; start < positions.length; start += most) {
        const part = positions.subarray(start, start + most);
        const [from, to] = layOut(part, layer, scratch).map((row) => row * blockSize);
        const candidates = { ...layer, indptr, indices: indices.subarray(0, most) };
        kernels.sparseGradient(candidates, x, gradients[l], gradient, stride, batch, from, to);
        const weights = part.length * blockSize;
        const values = gradient.weights.subarray(0, weights);
        found.set(blockSize === 1 ? values : blockNorms(values, blockSize), start);
        addFlops(flops, missingGradientFlops(weights, to - from, batch));
        addFlops(flops, { ...noFlops(), topology: blockNormFlops(part.length, blockSize) });
      }
      return found;
    },
    stored(l) {
      if (batch === 0) begin();
      const layer = layers[l] as SparseLayer;
      const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
      // A layer's own array of gradients is free between two steps.
      const gradient = layer.gradient!;
      kernels.sparseGradient(layer, x, gradients[l], gradient, strideOf(batch), batch);
      addFlops(flops, missingGradientFlops(layer.weights.length, layer.rows, batch));
      return Float64Array.from(gradient.weights);
    },
    signals(l) {
      if (batch === 0) begin();
      const { rows, columns, blockSize } = layers[l] as SparseLayer;
      const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
      const norms = blockNormFlops(rows / blockSize, blockSize);
      addFlops(flops, { ...noFlops(), topology: (rows + columns) * (batch + 1) + norms });
      const outputs = meanMagnitudes(gradients[l], rows, batch);
      return {
        inputs: meanMagnitudes(x, columns, batch),
        outputs: blockNorms(outputs, blockSize),
      };
    },
    [Symbol.dispose]: () => arena.dispose(),
  };
}

/** Writes a batch into the workspace. */
function gather(
  { settings, progress, stage: { workspace, rows, rowWeights, lesson } }: TrainingRun,
  place?: BatchPlace,
) {
  const { order, start } = place ??
    { order: rowOrder(rows, lesson.sample, settings.seed, progress.epoch), start: 0 };
  const batch = gatherBatch(workspace, rows, order, start, settings.batchSize, rowWeights?.values);
  return { batch, soft: softTargets(rows, order, start, batch) };
}

/** Computes the mean magnitude of every feature over a batch. */
function meanMagnitudes(values: FloatArray, features: number, batch: number): Float64Array {
  return Float64Array.from({ length: features }, (_, feature) => {
    let sum = 0;
    for (let sample = 0; sample < batch; sample++) {
      sum += Math.abs(values[activationIndex(features, strideOf(batch), feature, sample)]);
    }
    return sum / batch;
  });
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
