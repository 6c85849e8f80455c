import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";
import type { Pattern } from "../sparse/mod.ts";
import { type RewirableLayer, rewire, survivorsOf } from "./rewire.ts";
import type { GradientAt, Growth, TopologyChange } from "./strategy.ts";

/** Everything one topology change of one layer needs. */
export interface ChangeRequest {
  /** The layer, whose arrays are overwritten. */
  readonly layer: RewirableLayer & { readonly layer: number; readonly layers: number };
  /** What to remove, and where to grow as many. */
  readonly change: TopologyChange;
  /** The pruning rate, from 0 to 1. */
  readonly fraction: number;
  /** The stored topologies of this layer in all earlier members, oldest first. */
  readonly predecessors: readonly Pattern[];
  /** The only source of chance. */
  readonly random: Random;
  /** Fills an array with fresh weights, drawn from the layer's initialiser with the given stream. */
  readonly draw: (values: FloatArray, random: Random) => void;
  /** The loss's gradient where no connections are. Left out: nothing is being trained. */
  readonly gradientAt?: GradientAt | undefined;
}

/** What a topology change did. */
export interface ChangeReport {
  /** How many connections were removed, and as many grown. */
  readonly count: number;
  /** Whether their weights were left to the layer's initialiser. */
  readonly drawn: boolean;
  /** What the strategy had to tell. */
  readonly notes: NonNullable<Growth["notes"]>;
}

/**
 * Prunes, regrows and rewires one layer in place: one step of a topology strategy. If the strategy
 * throws or its answer is not valid, the layer is as it was.
 *
 * @throws {TypeError | RangeError} What the strategy throws, and what {@linkcode rewire} throws about
 * its answer.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { changeTopology } from "@sparsemble/sparsemble/topology";
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const layer = {
 *   ...patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]),
 *   layer: 0,
 *   layers: 2,
 *   weights: Float32Array.of(1, 2, -3),
 *   state: [Float32Array.of(5, 6, 7)],
 * };
 * const report = changeTopology({
 *   layer,
 *   change: setTopology().update!,
 *   fraction: 0.5,
 *   predecessors: [],
 *   random: randomStream(1, "topology"),
 *   draw: (values) => values.fill(0.1),
 * });
 * assert.equal(report.count, 1);
 * assert.ok(!layer.weights.includes(1));
 * ```
 */
export function changeTopology(request: ChangeRequest): ChangeReport {
  const { layer, change, fraction, predecessors, random, draw, gradientAt } = request;
  const removed = change.prune(layer, fraction, random);
  const count = removed.length;
  const survivors = survivorsOf(layer, removed);
  const growth = change.grow({
    before: layer,
    removed,
    survivors,
    count,
    predecessors,
    random,
    draw,
    gradientAt,
  });
  let values = growth.values;
  if (values === undefined) {
    values = layer.weights instanceof Float64Array
      ? new Float64Array(growth.positions.length)
      : new Float32Array(growth.positions.length);
    draw(values, random);
  }
  rewire(layer, removed, growth.positions, values);
  return { count, drawn: growth.values === undefined, notes: growth.notes ?? {} };
}
