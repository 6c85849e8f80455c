/**
 * The network in training as a strategy sees it.
 *
 * @module
 */
import { addFlops, type FlopCount, topologyFlops } from "../../counters/mod.ts";
import type { FloatArray } from "../../kernels/mod.ts";
import { quoted } from "../../messages.ts";
import { fillInitial, mayChange, type SparseLayer } from "../../nn/mod.ts";
import { type Random, randomStream } from "../../random.ts";
import { densityOf, type Settings } from "../../settings/mod.ts";
import { blockPattern, type Pattern } from "../../sparse/mod.ts";
import type { LayerView, RewirableLayer } from "../../topology/mod.ts";
import { copyOwn, type OwnArrays } from "../strategy_memory.ts";
import type { TrainingRun } from "../training_run.ts";
import type { MissingGradients } from "./missing_gradients.ts";

/** A layer of a view. */
export interface ViewedLayer {
  /** The layer's number in the network. The view's own number does not count an embedding. */
  readonly l: number;
  /** The layer itself. */
  readonly layer: RewirableLayer;
  /** The layer as the strategy sees it. A strategy that the user wrote gets copies of the arrays. */
  readonly view: LayerView;
}

/**
 * Makes the views of the layers that may change: all sparse layers except an embedding and the output
 * layer. The output layer of an autoencoder may change. Draws of weights count as operations.
 *
 * @param flops The count to add them to.
 * @param purpose Returns the name of a layer's random stream.
 */
export function viewLayers(
  run: TrainingRun,
  gradients: MissingGradients,
  flops: FlopCount,
  purpose: (l: number) => readonly (string | number)[],
): ViewedLayer[] {
  const { settings, progress, ownStrategy, stage } = run;
  const { network, network: { layers }, memory, memberSettings } = stage;
  const embedded = settings.embedding === "none" ? 0 : 1;
  return layers.flatMap((layer, l): ViewedLayer[] => {
    if (layer.kind !== "sparse" || !mayChange(network, l)) return [];
    let stored: Float64Array | undefined;
    const live = arraysOf(layer, l - embedded);
    const earlier = progress.members.map((member) => member.layers[l])
      .filter((stored) => stored.kind === "sparse").map(blockPattern);
    const density = densityOf(memberSettings, layers, l);
    const isBuiltIn = ownStrategy === null;
    const view: LayerView = Object.freeze({
      ...(isBuiltIn ? live : copyOf(live)),
      blockSize: layer.blockSize,
      layers: layers.length - embedded,
      density,
      own: Object.freeze(copyOwn(memory.own[l])),
      predecessors: isBuiltIn ? earlier : earlier.map(copyPattern),
      random: randomStream(settings.seed, ...purpose(l)),
      draw: drawer(settings, layer, density, flops),
      gradientOf: () => stored ??= gradients.stored(l),
      gradientAt: (positions: Float64Array) => gradients.at(l, positions),
      signals: () => gradients.signals(l),
    });
    return [{ l, layer: live, view }];
  });
}

type NumberedLayer = RewirableLayer & { readonly layer: number };

function copyPattern({ shape: [rows, columns], indptr, indices }: Pattern): Pattern {
  return { shape: [rows, columns], indptr: indptr.slice(), indices: indices.slice() };
}

function copyOf(layer: NumberedLayer): NumberedLayer {
  const { weights, state, ...rest } = layer;
  const copies = state.map((array) => array.slice());
  return { ...rest, ...copyPattern(layer), weights: weights.slice(), state: copies };
}

/**
 * Checks that a strategy wrote to its own arrays only.
 *
 * @throws {TypeError} If it wrote to another array.
 */
export function checkUnwritten(layers: readonly ViewedLayer[]): void {
  for (const { layer, view } of layers) {
    const pairs: [of: string, live: ArrayLike<number>, seen: ArrayLike<number>][] = [
      ["row starts", layer.indptr, view.indptr],
      ["indices", layer.indices, view.indices],
      ["weights", layer.weights, view.weights],
      ...layer.state.map((array, i): typeof pairs[number] => ["state", array, view.state[i]]),
    ];
    for (const [of, live, seen] of pairs) {
      if (isSame(live, seen)) continue;
      throw new TypeError(
        `Cannot use its answer: it wrote to the ${of} of layer ${view.layer}, ` +
          "need a change that tells them",
      );
    }
    for (const [name, { length }] of Object.entries(view.own)) {
      if (length === layer.weights.length) continue;
      throw new TypeError(`Cannot use its answer: its array ${quoted(name)} has ${length} numbers`);
    }
  }
}

function isSame(live: ArrayLike<number>, seen: ArrayLike<number>): boolean {
  if (live === seen) return true;
  if (live.length !== seen.length) return false;
  for (let i = 0; i < live.length; i++) {
    // NaN !== NaN, so it needs a test of its own.
    if (live[i] !== seen[i] && !Object.is(live[i], seen[i])) return false;
  }
  return true;
}

/** Copies the strategy's own arrays from its view back to the run. */
export function keepOwn(layers: readonly ViewedLayer[], kept: readonly OwnArrays[]): void {
  for (const { l, view } of layers) {
    for (const [name, numbers] of Object.entries(view.own)) kept[l][name].set(numbers);
  }
}

/**
 * Returns a layer's arrays for rewiring: its weights, and as state the optimiser's arrays followed by the
 * strategy's own.
 */
export function arraysOf(
  layer: SparseLayer,
  number: number,
  own: OwnArrays = {},
): NumberedLayer {
  const { rows, columns, blockSize, indptr, indices, weights } = layer;
  const shape = [rows / blockSize, columns] as const;
  const state = [...layer.state.map((slot) => slot.weights), ...Object.values(own)];
  return { layer: number, shape, blockSize, indptr, indices, weights, state };
}

/** Draws weights from a layer's initialiser, and counts the operations. */
function drawer(
  { initializer, fan }: Settings,
  layer: SparseLayer,
  density: number,
  flops: FlopCount,
): (values: FloatArray, random: Random) => void {
  const { length } = layer.weights;
  // A layer without any connection is treated as a new one.
  const found = length === 0 ? density : length / (layer.rows * layer.columns);
  const share = fan === "sparse" ? found : 1;
  return (values, random) => {
    fillInitial(values, initializer, layer.columns * share, layer.rows * share, random);
    addFlops(flops, topologyFlops(values.length, initializer));
  };
}
