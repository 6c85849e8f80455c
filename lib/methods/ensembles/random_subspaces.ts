/**
 * Random subspaces. T. K. Ho, "The random subspace method for constructing decision forests", IEEE
 * Transactions on Pattern Analysis and Machine Intelligence 20, 1998, https://doi.org/10.1109/34.709601.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { erdosRenyi, sampleFree, sampleSorted } from "../../sparse/mod.ts";
import {
  type Grow,
  growRandom,
  pruneSigned,
  pruneThenGrow,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of random subspaces. */
export interface SubspaceSettings {
  /** The share of the inputs that a member of random subspaces sees. */
  readonly subspace: number;
}

/**
 * Random subspaces: every member sees a random half of the inputs. Its first layer has connections from
 * these inputs only, and grows connections from these inputs only. Their number is the same as without
 * subspaces. So the other inputs cost no time, neither in training nor in prediction. Apart from that, a
 * member evolves as in sparse evolutionary training.
 *
 * The inputs are those of the network, not the columns of the table: each category of a column, and each
 * sine of an embedding, is drawn on its own.
 *
 * @param options.subspace The share of the inputs that a member sees.
 *
 * @example Usage
 * ```ts
 * import { subspaceTopology } from "@sparsemble/sparsemble/methods";
 * import { randomStream } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const pattern = subspaceTopology().initialize!([20, 8], 0.5, randomStream(1, "example"), 0);
 * assert.equal(new Set(pattern.indices).size, 4);
 * ```
 */
export function subspaceTopology(
  { subspace = 0.5 }: Partial<SubspaceSettings> = {},
): TopologyStrategy<{ seen: Int32Array }> {
  return {
    name: "random subspaces",
    source: "https://doi.org/10.1109/34.709601",
    initialize([rows, columns], density, random, layer) {
      if (layer > 0) return erdosRenyi(rows, columns, density, random);
      const count = Math.max(1, Math.round(subspace * columns));
      const seen = sampleSorted(count, columns, random);
      const inner = erdosRenyi(rows, count, Math.min(1, density * columns / count), random);
      return { ...inner, shape: [rows, columns], indices: inner.indices.map((c) => seen[c]) };
    },
    begin: ({ layers }) => ({ seen: Int32Array.from(new Set(layers[0]?.indices)).sort() }),
    update: ({ layers }, { pruneRate }, { seen }) =>
      layers.map((layer) => {
        const grow = layer.layer === 0 ? growWithin(seen) : growRandom;
        return pruneThenGrow(layer, { prune: pruneSigned, grow }, pruneRate);
      }),
  };
}

/** Random growth from the given inputs only. */
function growWithin(seen: Int32Array): Grow {
  return ({ survivors, count, random }) => {
    const [rows, columns] = survivors.shape;
    const shape = [rows, seen.length] as const;
    const place = new Map(Array.from(seen, (column, i) => [column, i]));
    const indices = survivors.indices.map((column) => place.get(column)!);
    const inner = sampleFree([{ ...survivors, shape, indices }], count, shape, random);
    const outer = (position: number) =>
      Math.floor(position / seen.length) * columns + seen[position % seen.length];
    return { positions: inner.map(outer) };
  };
}

/** Random subspaces: independent members, each with inputs of its own. */
export const SUBSPACES: Method<"subspaces", SubspaceSettings> = {
  name: "subspaces",
  title: "Random subspaces",
  family: "ensembles",
  source: 'T. K. Ho, "The random subspace method for constructing decision forests", IEEE ' +
    "Transactions on Pattern Analysis and Machine Intelligence 20, 1998, " +
    "https://doi.org/10.1109/34.709601",
  says: "as with `set`; every member is connected to a random half of the inputs",
  layers: "sparse",
  members: "independent",
  settings: {
    subspace: number("The share of the inputs that a member of random subspaces sees", 0.5, 0, 1),
  },
  paper: { explore: 0, learningRate: 0.01 },
  strategy: subspaceTopology,
};
