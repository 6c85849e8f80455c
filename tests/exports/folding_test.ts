import assert from "node:assert/strict";
import {
  exportC,
  type ExportPlan,
  foldPlan,
  planModel,
  planPredictor,
} from "../../lib/exports/mod.ts";
import { modelOf, oddRows } from "./varied_models.ts";

/** One hidden layer of four neurons, of which two say nothing: one is constant, one leads nowhere. */
const PLAN: ExportPlan = {
  columns: ["a", "b", "c"],
  target: "y",
  inputs: 3,
  numbers: [0, 1, 2].map((column) => ({
    column,
    input: column,
    median: 0,
    scaling: { kind: "none" },
  })),
  missing: [],
  categories: [],
  texts: [],
  notations: [],
  conformal: null,
  members: [{
    number: 1,
    share: 1,
    layers: [
      {
        kind: "sparse",
        outputs: 4,
        inputs: 3,
        blockSize: 1,
        indptr: Int32Array.of(0, 1, 1, 2, 4),
        indices: Int32Array.of(0, 1, 0, 2),
        data: Float32Array.of(2, 3, 5, 0),
        bias: Float32Array.of(1, 4, 0, -1),
        activation: { kind: "rectified", slope: -0.5 },
      },
      {
        kind: "sparse",
        outputs: 1,
        inputs: 4,
        blockSize: 1,
        indptr: Int32Array.of(0, 3),
        indices: Int32Array.of(0, 1, 3),
        data: Float32Array.of(1, 0.5, 2),
        bias: Float32Array.of(10),
        activation: { kind: "none" },
      },
    ],
  }],
  output: { kind: "number", mean: 0, deviation: 1 },
  folded: { neurons: 0, weights: 0, inputs: 0 },
};

Deno.test("constant and dead neurons, weights of 0 and unused inputs are folded away", () => {
  const folded = foldPlan(PLAN);
  // Neuron 1 is 4 in every row, and half of it goes into the bias; neuron 2 leads nowhere.
  const [first, second] = folded.members[0].layers;
  assert.deepEqual([...second.bias], [12]);
  assert.deepEqual([first.outputs, first.inputs, folded.inputs], [2, 1, 1]);
  assert.deepEqual(folded.numbers.map(({ column, input }) => [column, input]), [[0, 0]]);
  assert.deepEqual(folded.folded, { neurons: 2, weights: 3, inputs: 2 });
  const rows = [[1, 2, 3], [-2, 0, 5], [0.1, 9, 9]];
  const [before, after] = [planPredictor(PLAN), planPredictor(folded)];
  for (const row of rows) assert.deepEqual(after(row), before(row));
  // 2 · 1 + 1 = 3, and 2 · (5 · 1 − 1) = 8, beside 12.
  assert.deepEqual(after([1, 2, 3]), Float32Array.of(23));
  assert.equal(foldPlan(folded).folded.neurons, 2);
});

Deno.test("a member without any connection is exported as a constant", () => {
  const [first, second] = PLAN.members[0].layers;
  assert.ok(first.kind === "sparse" && second.kind === "sparse");
  const none = { indices: new Int32Array(0), data: new Float32Array(0) };
  const layers = [{ ...first, ...none, indptr: new Int32Array(5) }, second];
  const plan = { ...PLAN, members: [{ number: 1, share: 1, layers }] };
  const { files, predict } = exportC(plan, { weights: "int8" });
  // ReLU leaves 1 and 4; −1 becomes 0.5.
  assert.ok(Math.abs((predict([7, 7, 7]) as Float32Array)[0] - 14) < 1e-2);
  assert.equal(foldPlan(plan).inputs, 0);
  assert.ok(files[0].content.length > 0);
});

Deno.test("folding a trained model changes no answer", async () => {
  for (const kind of ["blocks of 8", "sines and quantiles"] as const) {
    const model = await modelOf(kind);
    const plan = planModel(model);
    // Without folding: `planPredictor` folds.
    const cut: ExportPlan = {
      ...plan,
      members: plan.members.map((member) => ({
        ...member,
        layers: member.layers.map((layer, l) =>
          // A few weights of 0 leave neurons without connections.
          l === 0 && layer.kind === "sparse"
            ? {
              ...layer,
              data: layer.data.map((weight, k) => k < layer.data.length / 3 ? 0 : weight),
            }
            : layer
        ),
      })),
    };
    const folded = foldPlan(cut);
    assert.ok(folded.folded.weights > 0);
    const rows = oddRows(model, 40);
    const columns = plan.columns.length;
    const { predict } = exportC(cut);
    for (let row = 0; row < 40; row++) {
      const raw = rows.subarray(row * columns, (row + 1) * columns);
      assert.deepEqual(predict(raw), planPredictor(folded)(raw));
    }
  }
});
