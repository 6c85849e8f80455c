/**
 * Attention to informative features, after WAST: G. Sokar, Z. Atashgahi, M. Pechenizkiy and D. C. Mocanu,
 * "Where to pay attention in sparse training for feature selection?", NeurIPS 2022,
 * https://openreview.net/forum?id=xWvI9z37Xd.
 *
 * @module
 */
import { sampleFree } from "../sparse/mod.ts";
import {
  largestScores,
  type LayerChange,
  type LayerView,
  pruneMagnitude,
  survivorsOf,
  type TopologyStrategy,
} from "../topology/mod.ts";
import { columnOf, type End, neuronsOf, rowOf, strengths } from "./neuron_strength.ts";

/** The number of free positions that are drawn per connection to grow. */
const CANDIDATES = 5;

/** The attention to the neurons at both ends of an autoencoder, summed over its updates. */
export interface Attention {
  /** Length inputs. */
  readonly inputs: Float64Array;
  /** Length outputs, or blocks of them. */
  readonly outputs: Float64Array;
}

/**
 * A strategy for autoencoders that moves connections to important inputs and outputs. Every `every` steps a
 * neuron's attention grows by λ × the mean error of its reconstruction + (1 − λ) × the strength of its
 * connections. Connections with the smallest |weight| × attention are removed. The same number grows at
 * free positions, which are drawn with a probability proportional to the attention.
 *
 * The paper updates after every step, and grows connections at the positions of the greatest attention.
 * Here the positions are drawn, so that one column cannot take all connections. The paper's runs have λ =
 * 0.9 and replace 0.3 of the connections (https://github.com/GhadaSokar/WAST).
 *
 * @param options.lambda λ, from 0 to 1.
 * @param options.every The number of steps from one update to the next.
 * @param options.rate The share of connections that an update replaces.
 */
export function attentionSampling(
  { lambda = 0.9, every = 1, rate = 0.3 } = {},
): TopologyStrategy<Attention> {
  return {
    name: "attention sampling",
    source: "https://openreview.net/forum?id=xWvI9z37Xd",
    when: { every, unit: "steps", pruneRate: () => rate },
    begin: ({ layers }) => ({
      inputs: new Float64Array(layers[0].shape[1]),
      outputs: new Float64Array(layers[layers.length - 1].shape[0]),
    }),
    update({ layers }, { pruneRate }, { inputs, outputs }) {
      const [first, last] = [layers[0], layers[layers.length - 1]];
      const errors = last.signals().outputs;
      const [ofInputs, ofOutputs] = [strengths(first, columnOf), strengths(last, rowOf)];
      const attend = (error: number, strength: number) => lambda * error + (1 - lambda) * strength;
      for (let i = 0; i < inputs.length; i++) {
        inputs[i] += attend(errors[Math.floor(i / last.blockSize)] / 2, ofInputs[i]);
      }
      for (let i = 0; i < outputs.length; i++) {
        outputs[i] += attend(errors[i] / 2, ofOutputs[i]);
      }
      return [moved(first, inputs, columnOf, pruneRate), moved(last, outputs, rowOf, pruneRate)];
    },
  };
}

/** Moves connections of a layer to positions of high attention. */
function moved(layer: LayerView, attention: Float64Array, end: End, rate: number): LayerChange {
  const { shape, random, weights } = layer;
  const neurons = neuronsOf(layer, end);
  const important = weights.map((weight, k) => weight * attention[neurons[k]]);
  const remove = pruneMagnitude({ ...layer, weights: important }, rate);
  const survivors = survivorsOf(layer, remove);
  const free = shape[0] * shape[1] - survivors.indices.length;
  const pool = Math.min(free, CANDIDATES * remove.length);
  const candidates = sampleFree([survivors], pool, shape, random);
  // The largest of strength / exponential draws are a sample in proportion to strength.
  const keys = candidates.map((position) =>
    attention[end(position, shape[1])] / -Math.log(1 - random.float())
  );
  const grow = largestScores(candidates, keys, remove.length);
  // New weights are 0. Random weights after every few steps would drown the learnt ones.
  return { layer: layer.layer, remove, grow, values: 0 };
}
