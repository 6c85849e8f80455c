/**
 * The network in training as a strategy sees it.
 *
 * @module
 */
import { addFlops, type FlopCount, topologyFlops } from "../counters/mod.ts";
import type { FloatArray } from "../kernels/mod.ts";
import { fillInitial, type SparseLayer } from "../nn/mod.ts";
import { type Random, randomStream } from "../random.ts";
import type { Settings } from "../settings/mod.ts";
import type { LayerView, RewirableLayer } from "../topology/mod.ts";
import type { MissingGradients } from "./missing_gradients.ts";
import { densityOf } from "./stage.ts";
import type { OwnArrays } from "./strategy_memory.ts";
import type { TrainingRun } from "./training_run.ts";

/** A layer of a view, with its number in the network. */
export interface ViewedLayer {
  /** The layer's number in the network; that of the view does not count an embedding. */
  readonly l: number;
  /** The layer as the strategy sees it. */
  readonly view: LayerView;
}

/**
 * The layers that may change: those that are sparse, except the output layer and an embedding. Weights
 * that are drawn are counted.
 *
 * @param flops The count to add them to.
 * @param purpose The name of a layer's random stream.
 */
export function viewLayers(
  run: TrainingRun,
  gradients: MissingGradients,
  flops: FlopCount,
  purpose: (l: number) => readonly (string | number)[],
): ViewedLayer[] {
  const { settings, progress, stage: { network: { layers }, memory, memberSettings } } = run;
  const embedded = settings.embedding === "none" ? 0 : 1;
  return layers.slice(0, -1).flatMap((layer, l): ViewedLayer[] => {
    if (layer.kind !== "sparse" || layer.activation !== undefined) return [];
    let stored: Float64Array | undefined;
    const own = memory.own[l];
    const { indptr, indices, state, ...rest } = arraysOf(layer, l - embedded);
    const view: LayerView = {
      ...rest,
      // Copies: kernels trust the network's own connections, which only a checked change replaces.
      indptr: indptr.slice(),
      indices: indices.slice(),
      layers: layers.length - embedded,
      density: densityOf(memberSettings, layers, l),
      state,
      own,
      predecessors: progress.members.map((member) => member.layers[l])
        .filter((stored) => stored.kind === "sparse"),
      random: randomStream(settings.seed, ...purpose(l)),
      draw: drawer(settings, layer, flops),
      gradientOf: () => stored ??= gradients.stored(l),
      gradientAt: (positions) => gradients.at(l, positions),
      signals: () => gradients.signals(l),
    };
    return [{ l, view }];
  });
}

/** A layer's arrays as they are rewired, with a strategy's own arrays after the optimiser's state. */
export function arraysOf(
  layer: SparseLayer,
  number: number,
  own: OwnArrays = {},
): RewirableLayer & { readonly layer: number } {
  const { rows, columns, indptr, indices, weights } = layer;
  const state = [...layer.state.map((slot) => slot.weights), ...Object.values(own)];
  return { layer: number, shape: [rows, columns], indptr, indices, weights, state };
}

/** Draws weights from a layer's initialiser, and counts the operations. */
function drawer(
  { initializer, fan }: Settings,
  layer: SparseLayer,
  flops: FlopCount,
): (values: FloatArray, random: Random) => void {
  const share = fan === "sparse" ? layer.indices.length / (layer.rows * layer.columns) : 1;
  return (values, random) => {
    fillInitial(values, initializer, layer.columns * share, layer.rows * share, random);
    addFlops(flops, topologyFlops(values.length, initializer));
  };
}
