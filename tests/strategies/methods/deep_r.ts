import { sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/**
 * Deep R: G. Bellec et al., "Deep rewiring: training very sparse deep networks", ICLR 2018. After every
 * step of gradient descent a connection makes one of a random walk with L1 regularisation. Where it
 * would change its sign, it is removed, and another one of a random sign begins at 0. A block of
 * connections goes where half of its weights would have changed their signs.
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
        const { own: { sign }, blockSize, random } = layer;
        const noise = Math.sqrt(2 * learningRate * temperature);
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) => weight - learningRate * l1 * sign[entry] + noise * random.normal(),
        );
        const turned = new Int32Array(layer.indices.length);
        weights.forEach((weight, i) => {
          if (weight * sign[i] < 0) turned[Math.floor(i / blockSize)]++;
        });
        const remove = Int32Array.from(turned.keys())
          .filter((entry) => 2 * turned[entry] >= blockSize);
        const taken = [topology.survivorsOf(layer, remove)];
        const grow = sparse.sampleFree(taken, remove.length, layer.shape, random);
        const fresh = new Float64Array(grow.length * blockSize);
        const own = { sign: fresh.map(() => random.float() < 0.5 ? -1 : 1) };
        const flops = 6 * weights.length;
        return { layer: layer.layer, weights, remove, grow, values: 0, own, flops };
      }),
  };
}
