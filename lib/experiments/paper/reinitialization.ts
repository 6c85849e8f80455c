import type { FloatArray } from "../../kernels/mod.ts";
import { fillInitial } from "../../nn/mod.ts";
import { density, erdosRenyi, transposeIndex } from "../../sparse/mod.ts";
import type { GrowRequest, LayerwiseStrategy, RewirableLayer } from "../../topology/mod.ts";
import { changeTopology, pruneMagnitude, survivorsOf } from "../../topology/mod.ts";
import {
  compareWithPredecessor,
  disjointTopology,
  distanceTopology,
  drawCandidate,
  randomGrowthTopology,
} from "../../methods/mod.ts";
import { type Random, randomStream } from "../../random.ts";

/** q: the share of connections replaced between two members (Section 3.1). */
const REINITIALIZE_RATE = 0.8;

/** The methods that re-initialise layers between members. */
export type Reinitializer = "edst" | "rd" | "fd" | "dist";

/** A strategy by the name of its method. */
export function reinitializing(method: Reinitializer, lambda = 1.5): LayerwiseStrategy {
  if (method === "edst") return randomGrowthTopology();
  if (method === "dist") return distanceTopology({ lambda });
  return disjointTopology({ fully: method === "fd" });
}

/** A layer with a momentum of zero. */
export function squareLayer(neurons: number, epsilon: number, random: Random): RewirableLayer {
  const pattern = erdosRenyi(neurons, neurons, density(epsilon, neurons, neurons), random);
  const weights = new Float32Array(pattern.indices.length);
  drawerOf(pattern)(weights, random);
  return { ...pattern, weights, state: [new Float32Array(weights.length)] };
}

/** He-uniform weights for a layer. */
function drawerOf({ shape: [rows, columns] }: { readonly shape: readonly [number, number] }) {
  return (values: FloatArray, random: Random) =>
    fillInitial(values, "he-uniform", columns, rows, random);
}

/** A copy of a layer that can be changed. */
function copyOf({ shape, indptr, indices, weights, state }: RewirableLayer): RewirableLayer {
  return {
    shape,
    indptr: indptr.slice(),
    indices: indices.slice(),
    weights: weights.slice(),
    state: state.map((slot) => slot.slice()),
  };
}

/** A re-initialised layer, and its costs. */
export interface Reinitialization {
  readonly layer: RewirableLayer;
  /** Seconds, including the transpose index that training needs. */
  readonly seconds: number;
  /**
   * The number of candidates drawn by Dist-TSE, including those that set the threshold; `null` for other
   * methods.
   */
  readonly iterations: number | null;
}

/** Re-initialises a copy of a hidden-to-hidden layer, with itself as the only predecessor. */
export function reinitialize(
  layer: RewirableLayer,
  strategy: LayerwiseStrategy,
  random: Random,
  position: { readonly layer: number; readonly layers: number } = { layer: 1, layers: 4 },
): Reinitialization {
  const copy = copyOf(layer);
  const began = performance.now();
  const { notes } = changeTopology({
    layer: { ...copy, ...position },
    change: strategy.reinitialize!,
    fraction: REINITIALIZE_RATE,
    predecessors: [layer],
    random,
    draw: drawerOf(layer),
  });
  transposeIndex(copy);
  const seconds = (performance.now() - began) / 1000;
  return {
    layer: copy,
    seconds,
    iterations: typeof notes.iterations === "number" ? notes.iterations : null,
  };
}

/**
 * Re-initialises a layer several times, each time with a new strategy, because a strategy caches results.
 * The same number of untimed runs come first, in which the engine compiles the code.
 */
export function timeReinitializations(
  layer: RewirableLayer,
  strategy: () => LayerwiseStrategy,
  times: number,
  seed: number,
): { readonly seconds: number[]; readonly iterations: (number | null)[] } {
  const all = (purpose: string) =>
    Array.from(
      { length: times },
      (_, i) => reinitialize(layer, strategy(), randomStream(seed, purpose, i)),
    );
  all("warm up");
  const counted = all("timed");
  return {
    seconds: counted.map(({ seconds }) => seconds),
    iterations: counted.map(({ iterations }) => iterations),
  };
}

/** The Euclidean distances of random re-initialisations from the layer they replace. */
export function candidateDistances(
  layer: RewirableLayer,
  count: number,
  seed: number,
): Float64Array {
  const before = { ...layer, layer: 1, layers: 4 };
  const removed = pruneMagnitude(before, REINITIALIZE_RATE);
  const request: GrowRequest = {
    before,
    removed,
    survivors: survivorsOf(layer, removed),
    count: removed.length,
    predecessors: [],
    random: randomStream(seed, "candidates"),
    draw: drawerOf(layer),
  };
  const comparison = compareWithPredecessor(request);
  const values = new Float32Array(removed.length);
  return Float64Array.from(
    { length: count },
    (_, i) =>
      drawCandidate(request, comparison, values, randomStream(seed, "candidate", i)).distance,
  );
}
