import { sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/** MEST: G. Yuan et al., "MEST: accurate and fast memory-economic sparse training", NeurIPS 2021. */
export function mest({ every = 100, lambda = 1, rate = 0.3 } = {}): TopologyStrategy {
  return {
    name: "MEST",
    source: "https://arxiv.org/abs/2110.14032",
    when: { every, unit: "steps", until: 0.9, pruneRate: (progress) => rate * (1 - progress) },
    update: ({ layers }, { pruneRate }) =>
      layers.map((layer) => {
        const gradient = layer.gradientOf();
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) => Math.abs(weight) + lambda * Math.abs(gradient[entry]),
        );
        const remove = topology.pruneMagnitude({ ...layer, weights }, pruneRate);
        const taken = [topology.survivorsOf(layer, remove)];
        const grow = sparse.sampleFree(taken, remove.length, layer.shape, layer.random);
        return { layer: layer.layer, remove, grow, values: 0, flops: 2 * weights.length };
      }),
  };
}
