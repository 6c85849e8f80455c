import assert from "node:assert/strict";
import { inheritSecondMoments } from "../../lib/nn/second_moments.ts";
import { openLayer, type SparseLayer } from "../../lib/nn/layer.ts";
import { type Adam, adamStep } from "../../lib/nn/optimizer.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { patternFromPositions } from "../../lib/sparse/positions.ts";
import { rewire } from "../../lib/topology/rewire.ts";
import { backEnds } from "../kernels/back_ends.ts";

const ADAM: Adam = {
  kind: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  decayStyle: "decoupled",
};

/** A layer of three neurons with four, two and one connection. */
function threeNeurons(kernels = referenceKernels({ precision: 64 })): SparseLayer {
  const pattern = patternFromPositions(Float64Array.of(0, 1, 3, 4, 5, 8, 11), [3, 5]);
  const stored = {
    kind: "sparse",
    ...pattern,
    data: new Float32Array(7),
    bias: new Float32Array(3),
  };
  return openLayer(
    stored as typeof stored & { kind: "sparse" },
    2,
    kernels.openArena(),
  ) as SparseLayer;
}

Deno.test("grown connections get the mean of their neuron's survivors, or of the layer's", () => {
  const layer = threeNeurons();
  const squares = layer.state[1].weights;
  squares.set([1, 0, 2, 6, 0, 5, 0]);
  // Neuron 0 keeps three, neuron 1 one, neuron 2 none: (1 + 2 + 6) / 3, 5, and (9 + 5) / 4.
  assert.equal(inheritSecondMoments(layer, Int32Array.of(1, 4, 6)), 4 + 2 * 3);
  assert.deepEqual([...squares], [1, 3, 2, 6, 5, 5, 3.5]);
  squares.fill(4);
  inheritSecondMoments(layer, Int32Array.of(0, 1, 2, 3, 4, 5, 6));
  assert.deepEqual([...squares], new Array(7).fill(0));
  squares.fill(4);
  assert.equal(inheritSecondMoments(layer, new Int32Array(0)), 0);
  assert.deepEqual([...squares], new Array(7).fill(4));
});

for (const kernels of backEnds()) {
  Deno.test(`Adam moves a connection grown after step 1000 no farther than one of a fresh network: ${kernels.description}`, () => {
    const layer = threeNeurons(kernels);
    const { weights, state: [mean, square] } = layer;
    const rate = 0.01;
    const steps = (ratio: number, from: number, to: number, after: (k: number) => void) => {
      // The first connection's gradient is steady, and in some ratio to that of the others.
      const gradient = layer.gradient!.weights.fill(-0.5);
      gradient[0] *= ratio;
      for (let step = from; step <= to; step++) {
        kernels.adamUpdate(
          gradient,
          weights,
          mean.weights,
          square.weights,
          adamStep(ADAM, rate, step),
        );
        after(step);
      }
    };
    for (const ratio of [0.01, 0.3, 1]) {
      [weights, mean.weights, square.weights].forEach((array) => array.fill(0));
      steps(1, 1, 1000, (step) => {
        if (step === 1) {
          assert.ok(Math.abs(weights[0] - rate) < 1e-6, "the step of a fresh network");
        }
      });
      const position = Float64Array.of(0);
      const { rows, columns, indptr, indices } = layer;
      rewire(
        { shape: [rows, columns], indptr, indices, weights, state: [mean.weights, square.weights] },
        Int32Array.of(0),
        position,
        new Float32Array(1),
      );
      inheritSecondMoments(layer, Int32Array.of(0));
      let before = 0;
      steps(ratio, 1001, 3000, (step) => {
        const k = step - 1000;
        const [b1, b2] = [ADAM.beta1 ** k, ADAM.beta2 ** k];
        // By hand: m = (1 − β₁ᵏ) g, v = β₂ᵏ (1 − β₂¹⁰⁰⁰) + (1 − β₂ᵏ) ρ², in units of the others' g.
        const v = b2 * (1 - ADAM.beta2 ** 1000) + (1 - b2) * ratio ** 2;
        const expected = rate * (1 - b1) / (1 - ADAM.beta1 ** step) * ratio /
          Math.sqrt(v / (1 - ADAM.beta2 ** step));
        const moved = weights[0] - before;
        before = weights[0];
        assert.ok(Math.abs(moved - expected) < 2e-6, `step ${k}: ${moved}, need ${expected}`);
        assert.ok(moved <= rate + 2e-6, `step ${k}: ${moved}`);
        if (k === 1 && ratio === 1) assert.ok(Math.abs(moved - 0.1 * rate) < 1e-6);
      });
    }
  });
}
