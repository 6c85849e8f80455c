import { sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/**
 * Deep R: G. Bellec et al., "Deep rewiring: training very sparse deep networks", ICLR 2018. After every
 * step of gradient descent a connection makes one of a random walk with L1 regularisation. Where it
 * would change its sign, it is removed, and another one of a random sign begins at 0.
 */
export function deepR({ l1 = 1e-4, temperature = 1e-5 } = {}): TopologyStrategy {
  return {
    name: "Deep R",
    source: "https://arxiv.org/abs/1711.05136",
    own: ["sign"],
    when: { every: 1, unit: "steps" },
    begin({ layers }) {
      for (const { weights, own } of layers) own.sign.set(weights.map((w) => w < 0 ? -1 : 1));
      return null;
    },
    update: ({ layers }, { learningRate }) =>
      layers.map((layer) => {
        const { own: { sign }, random } = layer;
        const noise = Math.sqrt(2 * learningRate * temperature);
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) => weight - learningRate * l1 * sign[entry] + noise * random.normal(),
        );
        const remove = Int32Array.from(weights.keys())
          .filter((entry) => weights[entry] * sign[entry] < 0);
        const taken = [topology.survivorsOf(layer, remove)];
        const grow = sparse.sampleFree(taken, remove.length, layer.shape, random);
        const own = { sign: grow.map(() => random.float() < 0.5 ? -1 : 1) };
        const flops = 6 * weights.length;
        return { layer: layer.layer, weights, remove, grow, values: 0, own, flops };
      }),
  };
}
