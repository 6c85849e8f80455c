import { sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/**
 * GraNet: S. Liu et al., "Sparse training via boosting pruning plasticity", NeurIPS 2021. The layers
 * begin with a density of at least `first` and end with that of the settings, all taken together.
 */
export function granet(
  { every = 100, first = 0.5, until = 0.75, rate = 0.3 } = {},
): TopologyStrategy<{ connections: number }> {
  const sum = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
  return {
    name: "GraNet",
    source: "https://arxiv.org/abs/2106.10404",
    initialize: ([rows, columns], density, random) =>
      sparse.erdosRenyi(rows, columns, Math.max(first, density), random),
    begin: ({ layers }) => ({ connections: sum(layers.map(({ indices }) => indices.length)) }),
    when: { every, unit: "steps", pruneRate: topology.cosineSchedule({ from: rate }) },
    update({ layers }, { progress, pruneRate }, { connections: from }) {
      const to = sum(layers.map(({ density, shape: [rows, columns] }) => density * rows * columns));
      const wanted = Math.round(topology.cubicSchedule({ from, to, until })(progress));
      const all = Float64Array.from(
        layers.flatMap(({ weights, blockSize }) => [...sparse.blockNorms(weights, blockSize)]),
      );
      const surplus = Math.max(0, all.length - wanted);
      // The smallest weights of all layers together tell how many go in each.
      const whole = { ...layers[0], weights: all, blockSize: 1 };
      const gone = topology.pruneMagnitude(whole, surplus / all.length);
      let start = 0;
      return layers.map((layer) => {
        const nnz = layer.indices.length;
        const fewer = gone.filter((entry) => entry >= start && entry < start + nnz).length;
        start += nnz;
        // Then some of the others are replaced where the gradient is largest.
        const replaced = topology.pruneCount(pruneRate, nnz - fewer);
        const remove = topology.pruneMagnitude(layer, (fewer + replaced) / nnz);
        const taken = [topology.survivorsOf(layer, remove)];
        const candidates = Math.min(5 * replaced, sparse.countFree(taken, layer.shape));
        const free = sparse.sampleFree(taken, candidates, layer.shape, layer.random);
        const grow = topology.largestScores(free, layer.gradientAt(free), replaced);
        return { layer: layer.layer, remove, grow, values: 0 };
      });
    },
  };
}
