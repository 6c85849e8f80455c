import assert from "node:assert/strict";
import { periodicEmbedding } from "../../lib/nn/periodic_embedding.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import {
  drawPermutations,
  inputStrengths,
  permutationLosses,
} from "../../lib/prediction/importance.ts";
import { regressionErrors } from "../../lib/prediction/regression_errors.ts";
import { randomStream } from "../../lib/random.ts";
import { readJsonFile } from "../files.ts";

interface Case {
  truth: number[];
  coefficients: number[];
  intercept: number;
  losses: number[][];
}

/** What scikit-learn's permutation_importance says: see fixtures/make_importance.py. */
const FIXTURE: {
  columns: number;
  inputs: number[];
  permutations: number[][];
  classes: Case;
  numbers: Case;
} = readJsonFile(new URL("fixtures/importance.json", import.meta.url));

/** A linear model's outputs. */
function outputsOf({ coefficients, intercept }: Case, inputs: Float32Array): number[] {
  const width = coefficients.length;
  return Array.from(
    { length: inputs.length / width },
    (_, row) => coefficients.reduce((sum, w, c) => sum + w * inputs[row * width + c], intercept),
  );
}

function accuracy(own: Case, inputs: Float32Array): number {
  const outputs = outputsOf(own, inputs);
  return outputs.filter((z, row) => (z > 0 ? 1 : 0) === own.truth[row]).length / outputs.length;
}

function rSquared(own: Case, inputs: Float32Array): number {
  return regressionErrors(outputsOf(own, inputs), own.truth).r2;
}

const groups = Array.from({ length: FIXTURE.columns }, (_, column) => [column]);

for (const [kind, score] of [["classes", accuracy], ["numbers", rSquared]] as const) {
  const own = FIXTURE[kind];

  Deno.test(`permutationLosses of ${kind} are scikit-learn's, by the same permutations`, () => {
    const inputs = Float32Array.from(FIXTURE.inputs);
    const before = inputs.slice();
    const losses = permutationLosses(
      inputs,
      FIXTURE.columns,
      groups,
      FIXTURE.permutations.map((order) => Int32Array.from(order)),
      (inputs) => score(own, inputs),
    );
    assert.deepEqual(inputs, before);
    losses.forEach((found, column) =>
      found.forEach((loss, repeat) => {
        const expected = own.losses[column][repeat];
        assert.ok(Math.abs(loss - expected) < 1e-9, `${column}, ${repeat}: ${loss}, ${expected}`);
      })
    );
  });

  Deno.test(`permutations of our own give the same mean of ${kind}, within sampling error`, () => {
    const inputs = Float32Array.from(FIXTURE.inputs);
    const permutations = drawPermutations(own.truth.length, 400, randomStream(1, "test"));
    const found = permutationLosses(
      inputs,
      FIXTURE.columns,
      groups,
      permutations,
      (inputs) => score(own, inputs),
    );
    const moments = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { mean, variance: squares / (values.length - 1) / values.length };
    };
    for (let column = 0; column < FIXTURE.columns; column++) {
      const [ours, theirs] = [moments(found[column]), moments(own.losses[column])];
      const error = Math.sqrt(ours.variance + theirs.variance) + 1e-12;
      assert.ok(Math.abs(ours.mean - theirs.mean) < 4 * error, `column ${column}`);
    }
  });
}

Deno.test("inputs of one group are permuted together, and a group without inputs loses nothing", () => {
  const inputs = Float32Array.of(0, 0, 1, 10, 2, 20);
  const together = permutationLosses(
    inputs,
    2,
    [[0, 1], []],
    [Int32Array.of(2, 0, 1)],
    (inputs) => [0, 1, 2].filter((row) => inputs[2 * row + 1] === 10 * inputs[2 * row]).length,
  );
  assert.deepEqual(together, [[0], [0]]);
});

Deno.test("every permutation is one, and the seed decides which", () => {
  const drawn = drawPermutations(50, 3, randomStream(4, "importance"));
  for (const order of drawn) {
    assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
  }
  assert.notDeepEqual(drawn[0], drawn[1]);
  assert.deepEqual(drawn, drawPermutations(50, 3, randomStream(4, "importance")));
});

Deno.test("inputStrengths sums |w| over connections, and folds sine units to their input", () => {
  const sparse = (columns: number): StoredSparseLayer => ({
    kind: "sparse",
    shape: [2, columns],
    indptr: Int32Array.of(0, 2, 4),
    indices: Int32Array.of(0, 2, 2, 3),
    data: Float32Array.of(1, -2, 0.5, 4),
    bias: new Float32Array(2),
  });
  assert.deepEqual([...inputStrengths({ layers: [sparse(5)] })], [1, 0, 2.5, 4, 0]);
  // Two inputs, two units each: their strengths are those of the layer behind.
  const units = { frequencies: 1, frequency: 5, frequencySpread: 10 };
  const embedding = periodicEmbedding(2, units, randomStream(1, "embedding"));
  assert.deepEqual([...inputStrengths({ layers: [embedding, sparse(4)] })], [1, 6.5]);
});
