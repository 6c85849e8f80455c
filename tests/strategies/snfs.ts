import { sparse, topology, type TopologyStrategy } from "../../mod.ts";

/** SNFS: T. Dettmers and L. Zettlemoyer, "Sparse networks from scratch", 2019. */
export function snfs({ rate = 0.5 } = {}): TopologyStrategy {
  return {
    name: "SNFS",
    source: "https://arxiv.org/abs/1907.04840",
    when: { every: 1, unit: "epochs", pruneRate: (progress) => rate * (1 - progress) },
    update({ layers }, { pruneRate }) {
      const pruned = layers.map((layer) => {
        const remove = topology.pruneMagnitude(layer, pruneRate);
        const survivors = topology.survivorsOf(layer, remove);
        let sum = 0;
        for (const momentum of layer.state[0]) sum += Math.abs(momentum);
        const free = sparse.countFree([survivors], layer.shape);
        return { layer, remove, survivors, free, momentum: sum / layer.weights.length };
      });
      // Every layer gets the share of the pruned weights that its mean momentum has of all layers'.
      const total = pruned.reduce((sum, { remove }) => sum + remove.length, 0);
      const momentum = pruned.reduce((sum, layer) => sum + layer.momentum, 0);
      let left = total;
      const counts = pruned.map((layer) => {
        const count = Math.min(layer.free, Math.floor(total * layer.momentum / momentum));
        left -= count;
        return count;
      });
      return pruned.map(({ layer, remove, survivors, free }, i) => {
        const more = Math.min(left, free - counts[i]);
        left -= more;
        const all = sparse.sampleFree([survivors], free, layer.shape, layer.random);
        const grow = topology.largestScores(all, layer.gradientAt(all), counts[i] + more);
        const values = new Float64Array(grow.length);
        return { layer: layer.layer, remove, grow, values, flops: layer.weights.length };
      });
    },
  };
}
