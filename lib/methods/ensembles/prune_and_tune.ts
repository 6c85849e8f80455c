/**
 * Prune and Tune ensembles. T. Whitaker and D. Whitley, "Prune and tune ensembles: low-cost ensemble
 * learning with sparse independent subnetworks", AAAI 2022, https://arxiv.org/abs/2202.11782.
 *
 * @module
 */
import { prunedLayer, type StoredLayer } from "../../nn/mod.ts";
import type { Random } from "../../random.ts";
import { number } from "../../setting.ts";
import { patternFromPositions, sampleSorted } from "../../sparse/mod.ts";
import type { TopologyStrategy } from "../../topology/mod.ts";
import type { Descent } from "../members.ts";
import type { Method } from "../method.ts";

/** The settings of Prune and Tune. */
export interface PruneAndTuneSettings {
  /** The share of its parent's connections that a child of Prune and Tune keeps. */
  readonly childShare: number;
}

/**
 * The parent's strategy: a fixed topology with 1 / `childShare` times the connections of a child.
 *
 * @example Usage
 * ```ts
 * import { parentTopology } from "@sparsemble/sparsemble/methods";
 * import { randomStream } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const { indices } = parentTopology(0.5).initialize!([10, 10], 0.2, randomStream(1, "example"), 0);
 * assert.equal(indices.length, 40);
 * ```
 */
export function parentTopology(childShare = 0.5): TopologyStrategy {
  return {
    name: "Prune and Tune",
    source: "https://arxiv.org/abs/2202.11782",
    initialize([rows, columns], density, random) {
      const all = rows * columns;
      const count = Math.min(all, Math.round(Math.round(density * all) / childShare));
      return patternFromPositions(sampleSorted(count, all, random), [rows, columns]);
    },
  };
}

/**
 * Draws the connections that a child keeps of its parent's. Children come in pairs. The first child keeps
 * random connections; the second keeps those that the first lost (anti-random pruning). If these are fewer
 * than the child's budget, random others are added; if they are more, some are left out.
 *
 * @example Usage
 * ```ts
 * import { antiRandom } from "@sparsemble/sparsemble/methods";
 * import { randomStream } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const [one, other] = [false, true].map((second) =>
 *   [...antiRandom(6, 3, second, randomStream(1, "example"))]
 * );
 * assert.deepEqual([...one, ...other].sort(), [0, 1, 2, 3, 4, 5]);
 * ```
 */
export function antiRandom(
  all: number,
  count: number,
  second: boolean,
  random: Random,
): Int32Array {
  const first = new Set(sampleSorted(count, all, random));
  if (!second) return Int32Array.from(first);
  const rest = Array.from({ length: all }, (_, entry) => entry).filter((e) => !first.has(e));
  const own = Array.from(sampleSorted(Math.min(count, rest.length), rest.length, random));
  const both = Array.from(sampleSorted(count - own.length, count, random));
  const firsts = [...first];
  return Int32Array.from([...own.map((i) => rest[i]), ...both.map((i) => firsts[i])]).sort();
}

function childOf({ member, before: [parent], budget, random }: Descent): StoredLayer[] {
  return parent.layers.map((layer, l) => {
    const most = budget[l];
    if (most === null || layer.kind === "dense") return layer;
    const all = layer.indices.length;
    const pair = Math.floor(member / 2);
    return prunedLayer(
      layer,
      antiRandom(all, Math.min(most, all), member % 2 === 1, random("mask", pair, l)),
    );
  });
}

/**
 * Prune and Tune. A parent is trained for `--explore` epochs. Then every child is trained for `--epochs`,
 * along one cycle of the learning rate. The defaults are the publication's: 140 epochs for the parent and
 * 10 for each of six children.
 *
 * The publication's parent is dense, and its children keep half of the connections. Here the children have
 * the density of the settings and the parent twice that density, at most 1. As in the authors' code
 * (https://github.com/tjwhitaker/prune-and-tune-ensembles), the biases and the output layer are not pruned.
 * In that code the learning rate of a child rises in the first tenth of its cycle; here it rises in the
 * first 30 %. The parent's learning rate falls linearly there after half of its training; here it follows
 * the settings.
 */
export const PRUNE_AND_TUNE: Method<"prune-and-tune", PruneAndTuneSettings> = {
  name: "prune-and-tune",
  title: "Prune and Tune",
  family: "ensembles",
  source:
    'T. Whitaker and D. Whitley, "Prune and tune ensembles: low-cost ensemble learning with sparse ' +
    'independent subnetworks", AAAI 2022, https://arxiv.org/abs/2202.11782',
  says: "pairs of children keep opposite random halves of a trained parent's connections",
  memory: "that of the parent at first: twice a child's, or 1 / `--child-share`",
  layers: "sparse",
  members: "independent",
  settings: {
    childShare: number(
      "The share of its parent's connections that a child of Prune and Tune keeps",
      0.5,
      0.01,
      1,
    ),
  },
  paper: { learningRate: 0.01 },
  published: { explore: 140, epochs: 10, members: 6 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: ({ childShare }) => parentTopology(childShare),
  lineage: { rounds: () => 1, learningRateCurve: "one-cycle", begin: childOf },
};
