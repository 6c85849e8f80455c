import { sparse, topology, type TopologyStrategy } from "../../mod.ts";

/** Deep R: G. Bellec et al., "Deep rewiring: training very sparse deep networks", ICLR 2018. */
export function deepR(): TopologyStrategy<{ replaced: number }> {
  return {
    name: "Deep R",
    source: "https://arxiv.org/abs/1711.05136",
    own: ["sign"],
    when: { every: 1, unit: "steps" },
    begin({ layers }) {
      for (const { weights, own } of layers) own.sign.set(weights.map(Math.sign));
      return { replaced: 0 };
    },
    update: ({ layers }, _moment, memory) =>
      layers.map((layer) => {
        const { weights, own: { sign }, random } = layer;
        const gone: number[] = [];
        for (let entry = 0; entry < weights.length; entry++) {
          // A connection that was just grown draws its sign.
          if (sign[entry] === 0) sign[entry] = random.float() < 0.5 ? -1 : 1;
          if (weights[entry] * sign[entry] < 0) gone.push(entry);
        }
        const remove = Int32Array.from(gone);
        memory.replaced += remove.length;
        const taken = [topology.survivorsOf(layer, remove)];
        const grow = sparse.sampleFree(taken, remove.length, layer.shape, random);
        const values = new Float64Array(grow.length);
        return { layer: layer.layer, remove, grow, values, flops: weights.length };
      }),
  };
}
