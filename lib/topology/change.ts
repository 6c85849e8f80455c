import { floatsLike } from "../kernels/mod.ts";
import { type RewirableLayer, rewire, survivorsOf } from "./rewire.ts";
import type { GrowRequest, Growth, TopologyChange } from "./strategy.ts";

/** The arguments of a topology change of one layer. */
export interface ChangeRequest
  extends Pick<GrowRequest, "predecessors" | "random" | "draw" | "gradientAt"> {
  /** The layer. Its arrays are overwritten. */
  readonly layer: RewirableLayer & { readonly layer: number; readonly layers: number };
  /** The rules for pruning and growth. */
  readonly change: TopologyChange;
  /** The pruning rate, from 0 to 1. */
  readonly fraction: number;
}

/** The result of a topology change. */
export interface ChangeReport {
  /** The number of connections removed, and of connections grown. */
  readonly count: number;
  /** `true` if the initialiser drew the new weights, `false` if the strategy gave them. */
  readonly drawn: boolean;
  /** The notes of the strategy. */
  readonly notes: NonNullable<Growth["notes"]>;
}

/**
 * Changes the topology of one layer in place: prune, grow, rewire. If the strategy throws or its answer
 * is not valid, the layer does not change.
 *
 * @throws {TypeError | RangeError} The errors of the strategy, and those of {@linkcode rewire} about
 * the strategy's answer.
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
    values = floatsLike(layer.weights, growth.positions.length);
    draw(values, random);
  }
  rewire(layer, removed, growth.positions, values);
  return { count, drawn: growth.values === undefined, notes: growth.notes ?? {} };
}
