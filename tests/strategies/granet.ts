import { sparse, topology, type TopologyStrategy } from "../../mod.ts";

/** GraNet: S. Liu et al., "Sparse training via boosting pruning plasticity", NeurIPS 2021. */
export function granet(
  { every = 100, keep = 0.5, end = 0.75, rate = 0.3 } = {},
): TopologyStrategy<{ connections: number }> {
  return {
    name: "GraNet",
    source: "https://arxiv.org/abs/2106.10404",
    begin: ({ layers }) => ({
      connections: layers.reduce((sum, { weights }) => sum + weights.length, 0),
    }),
    when: { every, unit: "steps", pruneRate: (progress) => rate * (1 - progress) },
    update({ layers }, { progress, pruneRate }, { connections }) {
      const share = keep + (1 - keep) * (1 - Math.min(1, progress / end)) ** 3;
      const all = Float64Array.from(layers.flatMap(({ weights }) => [...weights]));
      const surplus = Math.max(0, all.length - Math.round(share * connections));
      // The smallest weights of all layers together tell how many go in each.
      const gone = topology.pruneMagnitude({ ...layers[0], weights: all }, surplus / all.length);
      let start = 0;
      return layers.map((layer) => {
        const nnz = layer.weights.length;
        const fewer = gone.filter((entry) => entry >= start && entry < start + nnz).length;
        start += nnz;
        // Then some of the others are replaced where the gradient is largest.
        const replaced = topology.pruneCount(pruneRate, nnz - fewer);
        const remove = topology.pruneMagnitude(layer, (fewer + replaced) / nnz);
        const taken = [topology.survivorsOf(layer, remove)];
        const candidates = Math.min(5 * replaced, sparse.countFree(taken, layer.shape));
        const free = sparse.sampleFree(taken, candidates, layer.shape, layer.random);
        const grow = topology.largestScores(free, layer.gradientAt(free), replaced);
        return { layer: layer.layer, remove, grow, values: new Float64Array(grow.length) };
      });
    },
  };
}
