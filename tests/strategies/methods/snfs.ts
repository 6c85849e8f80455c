import { sparse, statistics, topology, type TopologyStrategy } from "../../../mod.ts";

/** Missing connections of a layer, and the momentum of their gradients. */
type Candidates = { positions: Float64Array; momentum: Float64Array };

/**
 * SNFS: T. Dettmers and L. Zettlemoyer, "Sparse networks from scratch", 2019. The paper keeps a momentum
 * for every missing connection, as many numbers as the dense layer has. A truly sparse network cannot.
 * Here every epoch has its own candidates, `pool` times as many as are pruned, and the momentum of their
 * gradients alone is kept. That takes a pass forward and backward more every `every` steps.
 */
export function snfs(
  { rate = 0.5, pool = 4, every = 1, beta = 0.9 } = {},
): TopologyStrategy<{ member: number; candidates: Candidates[] }> {
  const draw = (layer: topology.LayerView): Candidates => {
    const wanted = Math.ceil(pool * rate * layer.indices.length);
    const count = Math.min(wanted, sparse.countFree([layer], layer.shape));
    const positions = sparse.sampleFree([layer], count, layer.shape, layer.random);
    return { positions, momentum: new Float64Array(count) };
  };
  return {
    name: "SNFS",
    source: "https://arxiv.org/abs/1907.04840",
    when: { every, unit: "steps", pruneRate: (progress) => rate * (1 - progress) },
    begin: () => ({ member: -1, candidates: [] }),
    update({ layers }, { step, steps, epochs, member, pruneRate }, memory) {
      // Between two members of one run, the connections have changed.
      if (memory.member !== member) memory.candidates = layers.map(draw);
      memory.member = member;
      const { candidates } = memory;
      candidates.forEach(({ positions, momentum }, i) => {
        const gradient = layers[i].gradientAt(positions);
        momentum.forEach((average, j) => momentum[j] = beta * average + (1 - beta) * gradient[j]);
      });
      const flops = candidates.map(({ positions }) => 3 * positions.length);
      const inEpoch = step % (steps / epochs);
      if (inEpoch >= every) return layers.map(({ layer }, i) => ({ layer, flops: flops[i] }));
      memory.member = -1;
      const removed = layers.map((layer) => topology.pruneMagnitude(layer, pruneRate));
      const total = removed.reduce((sum, { length }) => sum + length, 0);
      // Every layer grows the share that its connections' mean momentum has of all layers'.
      const means = layers.map(({ state: [momentum] }) => statistics.mean(momentum.map(Math.abs)));
      const counts = topology.shareOut(total, means, flops.map((count) => count / 3));
      return layers.map(({ layer, weights }, i) => {
        const { positions, momentum } = candidates[i];
        const grow = topology.largestScores(positions, momentum, counts[i]);
        return { layer, remove: removed[i], grow, values: 0, flops: flops[i] + weights.length };
      });
    },
  };
}
