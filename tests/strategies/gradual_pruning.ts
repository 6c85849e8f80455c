import { topology, type TopologyStrategy } from "../../mod.ts";

/** Gradual magnitude pruning: M. Zhu and S. Gupta, "To prune, or not to prune", 2017. */
export function gradualPruning(
  { every = 100, keep = 0.5, end = 0.75 } = {},
): TopologyStrategy<{ connections: number[] }> {
  return {
    name: "gradual magnitude pruning",
    source: "https://arxiv.org/abs/1710.01878",
    begin: ({ layers }) => ({ connections: layers.map(({ weights }) => weights.length) }),
    when: { every, unit: "steps" },
    update: ({ layers }, { progress }, { connections }) =>
      layers.map((layer, i) => {
        const share = keep + (1 - keep) * (1 - Math.min(1, progress / end)) ** 3;
        const { length } = layer.weights;
        const surplus = Math.max(0, length - Math.round(share * connections[i]));
        const remove = topology.pruneMagnitude(layer, surplus / length);
        return { layer: layer.layer, remove, grow: new Float64Array(0) };
      }),
  };
}
