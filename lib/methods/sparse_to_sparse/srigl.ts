/**
 * Structured RigL (SRigL). M. Lasby, A. Golubeva, U. Evci, M. Nica and Y. Ioannou, "Dynamic sparse training
 * with structured sparsity", ICLR 2024, https://arxiv.org/abs/2305.02299.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNormFlops, blockNorms, constantFanIn } from "../../sparse/mod.ts";
import {
  gradientPlacement,
  growWith,
  largestScores,
  type LayerChange,
  type LayerView,
  pruneCount,
  pruneMagnitude,
  pruneThenGrow,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of SRigL. */
export interface SriglSettings extends StepSettings {
  /** γ of SRigL: a neuron with a lower share of salient connections is pruned. */
  readonly salientShare: number;
}

const SALIENT = "γ of SRigL: a neuron with a lower share of salient connections is pruned";

/** The salient connections: those of the network that RigL would make. */
const RIGL = { prune: pruneMagnitude, grow: growWith(gradientPlacement({ candidates: null })) };

/**
 * SRigL: RigL with a constant fan-in. All neurons of a layer have the same number of inputs, k at the
 * beginning. A connection is salient if RigL would keep or grow it. A neuron with fewer than γ × k salient
 * connections loses all its connections. The other neurons share the layer's budget equally. Each of them
 * keeps its largest weights, and grows connections where its gradient is largest. A block of neurons that
 * share their inputs counts as one neuron.
 *
 * A pruned neuron may come back: as in the authors' code (https://github.com/calgaryml/condensed-sparsity),
 * every update judges all neurons anew. The bias of a pruned neuron is kept. γ is 0.3 in the authors'
 * command for ImageNet, and 0.05 in that for CIFAR. If a layer is too sparse for one input per neuron, it
 * begins with fewer neurons; this rule is ours.
 *
 * @param options.salientShare γ.
 *
 * @example Usage
 * ```ts
 * import { sriglTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sriglTopology().name, "SRigL");
 * ```
 */
export function sriglTopology({ salientShare = 0.3 } = {}): TopologyStrategy {
  return {
    name: "SRigL",
    source: "https://arxiv.org/abs/2305.02299",
    initialize: ([rows, columns], density, random) => constantFanIn(rows, columns, density, random),
    update: ({ layers }, { pruneRate }) =>
      layers.map((layer) => evenChange(layer, pruneRate, salientShare)),
  };
}

function evenChange(layer: LayerView, pruneRate: number, salientShare: number): LayerChange {
  const { shape: [rows, columns], indptr, indices, weights, blockSize, density } = layer;
  const { remove: weak, grow: strong, flops = 0 } = pruneThenGrow(layer, RIGL, pruneRate);
  const norms = blockNorms(weights, blockSize);
  const gone = new Set(weak);
  const kept = Array.from({ length: rows }, (_, row) => {
    const own = Array.from({ length: indptr[row + 1] - indptr[row] }, (_, i) => indptr[row] + i);
    return own.filter((entry) => !gone.has(entry));
  });
  const salient = kept.map(({ length }) => length);
  for (const position of strong) salient[Math.floor(position / columns)]++;
  const fanIn = Math.max(1, pruneCount(density, columns));
  const budget = pruneCount(density, rows * columns);
  // The neurons with the most salient connections come first: too few neurons could not hold the budget.
  const order = [...salient.keys()].sort((a, b) => salient[b] - salient[a] || a - b);
  const count = salient.filter((own) => own >= Math.max(1, salientShare * fanIn)).length;
  const active = order.slice(0, Math.max(Math.min(count, budget), Math.ceil(budget / columns)));
  const wanted = Math.floor(budget / Math.max(1, active.length));
  const staying = new Set<number>();
  const grow = active.sort((a, b) => a - b).flatMap((row) => {
    const largest = kept[row].sort((a, b) => norms[b] - norms[a] || a - b).slice(0, wanted);
    for (const entry of largest) staying.add(entry);
    const inputs = new Set(kept[row].map((entry) => indices[entry]));
    const free = Float64Array.from({ length: columns }, (_, column) => row * columns + column)
      .filter((_, column) => !inputs.has(column));
    const missing = wanted - largest.length;
    return missing === 0 ? [] : [...largestScores(free, layer.gradientAt(free), missing)];
  });
  const remove = Int32Array.from(indices.keys()).filter((entry) => !staying.has(entry));
  const operations = flops + blockNormFlops(indices.length, blockSize);
  return {
    layer: layer.layer,
    remove,
    grow: Float64Array.from(grow),
    values: 0,
    flops: operations,
  };
}

/** SRigL: one network or independent ones. */
export const SRIGL: Method<"srigl", SriglSettings> = {
  name: "srigl",
  title: "SRigL",
  family: "sparse to sparse",
  source: 'M. Lasby et al., "Dynamic sparse training with structured sparsity", ICLR 2024, ' +
    "https://arxiv.org/abs/2305.02299",
  says: "as RigL, but all neurons have the same number of inputs, and weak neurons are pruned",
  costs: "the gradient of all positions, on one batch, some of it twice",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    salientShare: number(SALIENT, 0.3, 0, 1),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 100, pruneRate: 0.3, evolveUntil: 0.75 },
  strategy: (settings) => inSteps(sriglTopology(settings), settings),
};
