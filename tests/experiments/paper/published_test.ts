import assert from "node:assert/strict";
import {
  SPARSITY,
  TABLE1,
  type Table1Dataset,
  TABLE2,
  TABLE3,
  TABLE4,
  TABLE5,
} from "../../../lib/experiments/paper/published.ts";

const DATASETS: Table1Dataset[] = ["gesture-phase", "higgs"];

Deno.test("the published wins are those of 14 data sets", () => {
  const wins = TABLE2.reduce((sum, row) => sum + row.wins, 0);
  assert.ok(Math.abs(wins - 14) < 0.02, `${wins}`);
});

Deno.test("Table 1 marks those models that Table 5 finds significant", () => {
  for (const dataset of DATASETS) {
    const tests = TABLE5[dataset].filter(({ pValue }) => pValue !== null);
    assert.equal(tests.length, dataset === "gesture-phase" ? 9 : 6);
    for (const { method, epsilon, pValue } of tests) {
      const run = TABLE1[dataset].runs.find((run) =>
        run.method === method && run.epsilon === epsilon
      );
      assert.equal(run?.marked, pValue! < 0.05, `${dataset} ${method} ${epsilon}`);
    }
  }
});

Deno.test("the published sizes follow from the architecture", () => {
  // 50 × 1000 × 1000 × 1000 × 5 and 28 × 1000 × 1000 × 1000 × 2, with biases.
  for (const [dataset, inputs, classes] of [[DATASETS[0], 50, 5], [DATASETS[1], 28, 2]] as const) {
    const weights = 1000 * inputs + 2e6 + 1000 * classes + 3000 + classes;
    assert.equal(TABLE1[dataset].denseWeights, weights);
    for (const { epsilon, method, weights: share } of TABLE1[dataset].runs) {
      if (epsilon === null || method === "set" || method === "static") continue;
      // Five members without the output layer.
      const sparse = 5 * epsilon * (inputs + 1000 + 2 * 2000);
      assert.ok(Math.abs(sparse / weights - share) < 0.006, `${dataset} ${method} ${epsilon}`);
    }
  }
  assert.deepEqual(Object.keys(SPARSITY).map(Number), [10, 20, 30]);
});

Deno.test("the published tables have all their rows", () => {
  assert.deepEqual(DATASETS.map((name) => TABLE1[name].runs.length), [16, 12]);
  assert.deepEqual(DATASETS.map((name) => TABLE3[name].length), [3, 3]);
  assert.equal(TABLE4.length, 12);
  // "The average number of iterations (minimum = 100)."
  assert.ok(TABLE4.every(({ iterations }) => iterations === null || iterations > 100));
});
