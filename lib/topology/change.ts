import { type FloatArray, floatsLike } from "../kernels/mod.ts";
import { blockNormFlops, blockSizeOf } from "../sparse/mod.ts";
import { checkReplaced, type RewirableLayer, rewire, survivorsOf } from "./rewire.ts";
import type {
  GrowRequest,
  GrowSurroundings,
  LayerChange,
  LayerTopology,
  TopologyChange,
} from "./strategy.ts";
import { answerOf } from "./strategy_call.ts";

/** The arguments of a topology change of one layer. */
export interface ChangeRequest extends GrowSurroundings {
  /** The layer. Its arrays are overwritten. */
  readonly layer: RewirableLayer & { readonly layer: number; readonly layers: number };
  /** The rules for pruning and growth. */
  readonly change: TopologyChange;
  /** The pruning rate, from 0 to 1. */
  readonly fraction: number;
}

/** The result of a topology change. */
export interface ChangeReport {
  /**
   * The number of connections that were removed, which is also the number that were grown. In layers of
   * blocks it counts blocks.
   */
  readonly count: number;
  /** The number of weights drawn from the initialiser, including those of rejected candidates. */
  readonly drawn: number;
  /** The floating-point operations of the strategy, without these draws. */
  readonly flops: number;
  /** The notes of the strategy. */
  readonly notes: NonNullable<LayerChange["notes"]>;
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
  const { layer, change, fraction, ...surroundings } = request;
  let drawn = 0;
  const draw: GrowRequest["draw"] = (values, random) => {
    drawn += values.length;
    request.draw(values, random);
  };
  const planned = pruneThenGrow({ ...layer, ...surroundings, draw }, change, fraction);
  let { values } = planned;
  if (values === undefined) {
    values = floatsLike(layer.weights, planned.grow.length * blockSizeOf(layer));
    draw(values, request.random);
  }
  rewire(layer, planned.remove, planned.grow, values);
  const { remove: { length: count }, flops = 0, notes = {} } = planned;
  return { count, drawn, flops, notes };
}

/** A change that rules for pruning and growth have planned. */
export interface PlannedChange extends LayerChange {
  /** Entry numbers to remove. */
  readonly remove: Int32Array;
  /** As many flat positions of new connections. */
  readonly grow: Float64Array;
  /** The weights of new connections, G for each block. Left out: the layer's initialiser draws them. */
  readonly values?: FloatArray;
}

/**
 * Applies rules for pruning and growth to a layer, and returns the change. The layer stays as it is. The
 * magnitudes of blocks count as operations.
 *
 * @param fraction The pruning rate, from 0 to 1.
 * @throws {TypeError | RangeError} The errors of the rules; if not as many are grown as removed.
 *
 * @example Usage
 * ```ts
 * import type { topology, TopologyStrategy } from "@sparsemble/sparsemble";
 * import { growRandom, pruneMagnitude, pruneThenGrow } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const change: topology.TopologyChange = { prune: pruneMagnitude, grow: growRandom };
 * const firstOnly: TopologyStrategy = {
 *   name: "the first layer",
 *   update: ({ layers: [first] }, { pruneRate }) => [pruneThenGrow(first, change, pruneRate)],
 * };
 * assert.equal(firstOnly.name, "the first layer");
 * ```
 */
export function pruneThenGrow(
  layer: LayerTopology & GrowSurroundings,
  change: TopologyChange,
  fraction: number,
): PlannedChange {
  const { predecessors, random, draw, gradientAt } = layer;
  const remove = answerOf(change.prune(layer, fraction, random));
  const { positions: grow, ...rest } = answerOf(change.grow({
    before: layer,
    removed: remove,
    survivors: survivorsOf(layer, remove),
    count: remove.length,
    predecessors,
    random,
    draw,
    gradientAt,
  })) ?? {};
  checkReplaced(layer, remove, grow);
  const planned = { ...rest, layer: layer.layer, remove, grow };
  const magnitudes = blockNormFlops(layer.indices.length, blockSizeOf(layer));
  return magnitudes === 0 ? planned : { ...planned, flops: (rest.flops ?? 0) + magnitudes };
}
