import { type Random, sparse, topology, type TopologyStrategy } from "../../../mod.ts";

/**
 * GSE: M. Heddes, N. Srinivasa, T. Givargis and A. Nicolau, "Always-sparse training by growing
 * connections with guided stochastic exploration", 2024, with the distribution GraBo: a missing
 * connection is drawn with a probability in proportion to a bound of its gradient. Those drawn whose
 * gradient is largest grow.
 */
export function guidedExploration(
  { every = 100, rate = 0.3, subset = 1, until = 0.75 } = {},
): TopologyStrategy {
  const pruneRate = topology.cosineSchedule({ from: rate, until });
  return {
    name: "GSE",
    source: "https://arxiv.org/abs/2401.06898",
    when: { every, unit: "steps", until, pruneRate },
    update: ({ layers }, { pruneRate }) =>
      layers.map((layer) => {
        const { shape: [, columns], indices: { length }, random } = layer;
        const { inputs, outputs } = layer.signals();
        const [drawRow, drawColumn] = [drawing(outputs), drawing(inputs)];
        const taken = new Set(sparse.positionsOf(layer));
        const drawn = new Set<number>();
        for (let i = 0; i < subset * length; i++) {
          const position = drawRow(random) * columns + drawColumn(random);
          if (!taken.has(position)) drawn.add(position);
        }
        const candidates = Float64Array.from(drawn).sort();
        const count = Math.min(topology.pruneCount(pruneRate, length), candidates.length);
        const remove = topology.pruneMagnitude(layer, count / length);
        const grow = topology.largestScores(candidates, layer.gradientAt(candidates), count);
        return { layer: layer.layer, remove, grow, values: 0, flops: length };
      }),
  };
}

/** Draws an index with a probability in proportion to its weight. */
function drawing(weights: Float64Array): (random: Random) => number {
  let sum = 0;
  const sums = weights.map((weight) => sum += weight);
  return (random) => {
    const drawn = random.float() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = sums[middle] > drawn ? [low, middle] : [middle + 1, high];
    }
    return low;
  };
}
