import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
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

/** The connections that a rule grows in a hidden layer with predecessors. The case names the layer. */
export function grownIn(grow: Grow, example: number): Float64Array {
  const [rows, columns] = [[20, 20], [12, 30], [30, 12], [25, 17]][example % 4];
  const before = randomLayer(rows, columns, 0.2, 10 * example + 1);
  const predecessors = [2, 3].map((seed) => randomLayer(rows, columns, 0.2, 10 * example + seed));
  const random = randomStream(example, "growth");
  const request = requestFor(before, pruneMagnitude, 0.8, predecessors, random);
  const gradientAt = (positions: Float64Array) => positions.map(Math.sin);
  return grow({ ...request, gradientAt }).positions;
}

/** Tells whether a rule grows what uniformly random growth does from the same stream, or never does so. */
export function growsAtRandom(grow: Grow): boolean {
  const same = Array.from(
    { length: 8 },
    (_, example) => isDeepStrictEqual(grownIn(grow, example), grownIn(growRandom, example)),
  );
  assert.ok(same.every((it) => it === same[0]), `the same as at random in some cases: ${same}`);
  return same[0];
}
