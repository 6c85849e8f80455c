import type { FloatArray } from "../../lib/kernels/float_array.ts";
import { type Random, randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import type { Pattern } from "../../lib/sparse/pattern.ts";
import { growRandom } from "../../lib/topology/placement.ts";
import { pruneMagnitude } from "../../lib/topology/prune.ts";
import { survivorsOf } from "../../lib/topology/rewire.ts";
import type { Grow, GrowRequest, LayerTopology, Prune } from "../../lib/topology/strategy.ts";

/** Fills an array from U(−0.5, 0.5). */
export function draw(values: FloatArray, random: Random): void {
  for (let i = 0; i < values.length; i++) values[i] = random.float() - 0.5;
}

/** A hidden-to-hidden layer with normal weights and their momentum. */
export function randomLayer(
  rows: number,
  columns: number,
  density: number,
  seed: number,
): LayerTopology & { readonly state: readonly Float32Array[] } {
  const random = randomStream(seed, "layer");
  const pattern = erdosRenyi(rows, columns, density, random);
  const weights = new Float32Array(pattern.indices.length).map(() => random.normal());
  return { ...pattern, layer: 1, layers: 3, weights, state: [weights.map((weight) => weight / 2)] };
}

/** What a strategy is asked after pruning. */
export function requestFor(
  before: LayerTopology,
  prune: Prune,
  fraction: number,
  predecessors: readonly Pattern[],
  random: Random,
): GrowRequest {
  const removed = prune(before, fraction, random);
  const survivors = survivorsOf(before, removed);
  return { before, removed, survivors, count: removed.length, predecessors, random, draw };
}

/** Whether a hidden layer that has predecessors grows what uniformly random growth gives from the same stream. */
export function growsAtRandom(grow: Grow): boolean {
  const before = randomLayer(20, 20, 0.2, 1);
  const predecessors = [randomLayer(20, 20, 0.2, 2), randomLayer(20, 20, 0.2, 3)];
  const positions = (grow: Grow) => {
    const request = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(5));
    const gradientAt = (positions: Float64Array) => positions.map(Math.sin);
    return grow({ ...request, gradientAt }).positions.join();
  };
  return positions(grow) === positions(growRandom);
}
