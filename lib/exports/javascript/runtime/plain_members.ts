import type { Facts, LayerFacts, MemberSum, ReadArray } from "./facts.ts";

/**
 * Opens the members without WebAssembly, for where it is missing or forbidden.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 */
export function plainMembers(facts: Facts, read: ReadArray): MemberSum {
  const open = (layer: LayerFacts) => ({
    ...layer,
    lengths: layer.lengths === null ? null : read(layer.lengths),
    indices: layer.indices === null ? null : read(layer.indices),
    weights: read(layer.weights),
    bias: read(layer.bias),
  });
  const members = facts.members.map(({ share, layers }) => ({ share, layers: layers.map(open) }));
  const outputs = facts.output.kind === "classes" ? facts.output.classes.length : 1;

  const forward = (layer: ReturnType<typeof open>, x: Float32Array): Float32Array => {
    const { inputs, block, lengths, indices, weights, activation } = layer;
    const sums = Float64Array.from(layer.bias);
    if (indices === null) {
      for (let j = 0, k = 0; j < sums.length; j++) {
        for (let i = 0; i < inputs; i++) sums[j] += weights[k++] * x[i];
      }
    } else {
      let k = 0;
      lengths!.forEach((length, row) => {
        for (const end = k + length; k < end; k++) {
          for (let g = 0; g < block; g++) {
            sums[row * block + g] += weights[k * block + g] * x[indices[k]];
          }
        }
      });
    }
    return Float32Array.from(sums, (sum) => {
      if (activation.kind === "sine") return Math.sin(sum);
      return activation.kind === "rectified" && sum < 0 ? sum * activation.slope : sum;
    });
  };

  return (inputs, rows) => {
    const sums = new Float32Array(rows * outputs);
    const columns = facts.inputs;
    for (let row = 0; row < rows; row++) {
      for (const { share, layers } of members) {
        let x = inputs.subarray(row * columns, (row + 1) * columns);
        for (const layer of layers) x = forward(layer, x);
        const from = row * outputs;
        if (facts.output.kind === "number") sums[from] += share * x[0];
        else {
          const largest = x.reduce((a, b) => b > a ? b : a);
          const powers = Array.from(x, (z) => Math.exp(z - largest));
          const total = powers.reduce((a, b) => a + b);
          powers.forEach((power, c) => sums[from + c] += share * power / total);
        }
      }
    }
    return sums;
  };
}
