import { sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/**
 * Gradual magnitude pruning: M. Zhu and S. Gupta, "To prune, or not to prune", 2017. The layers begin
 * dense and end with the density of the settings.
 */
export function gradualPruning({ every = 100, until = 0.75 } = {}): TopologyStrategy {
  return {
    name: "gradual magnitude pruning",
    source: "https://arxiv.org/abs/1710.01878",
    initialize: ([rows, columns], _density, random) => sparse.erdosRenyi(rows, columns, 1, random),
    when: { every, unit: "steps" },
    update: ({ layers }, { progress }) =>
      layers.map((layer) => {
        const { density, shape: [rows, columns], indices: { length } } = layer;
        const wanted = topology.cubicSchedule({ from: 1, to: density, until })(progress);
        const surplus = Math.max(0, length - Math.round(wanted * rows * columns));
        return { layer: layer.layer, remove: topology.pruneMagnitude(layer, surplus / length) };
      }),
  };
}
