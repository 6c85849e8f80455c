import assert from "node:assert/strict";
import type { Member } from "../../lib/nn/member.ts";
import {
  accuracyOf,
  ensembleOutputs,
  memberOutputs,
  mostProbable,
  openEnsemble,
} from "../../lib/prediction/prediction.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../lib/random.ts";
import { csrToDense } from "../../lib/sparse/csr.ts";
import { backEnds } from "../kernels/back_ends.ts";
import { assertClose, normals } from "../kernels/problem.ts";
import { randomLayers } from "../nn/example_networks.ts";

const ROWS = 45;
const ALL_RELU = { kind: "all-relu", alpha: 0.5 } as const;
const INPUTS = normals(ROWS * 4, randomStream(1, "inputs"));
const MEMBERS: Member[] = [1, 2, 3].map((seed) => ({
  layers: randomLayers([4, 20, 15, 3], ["sparse", "sparse", seed === 3 ? "dense" : "sparse"], seed),
  epoch: seed,
  validationAccuracy: null,
}));

/** The softmax of a member's logits, by definition and in 64 bits. */
function probabilitiesOf({ layers }: Member, row: number): number[] {
  let x = Array.from(INPUTS.subarray(row * 4, row * 4 + 4));
  layers.forEach((layer, l) => {
    const [rows, columns] = layer.shape;
    const weights = layer.kind === "sparse" ? csrToDense(layer) : layer.weights;
    const slope = l === layers.length - 1 ? 1 : l % 2 === 0 ? -0.5 : 0.5;
    x = Array.from({ length: rows }, (_, j) => {
      const z = x.reduce((sum, xi, i) => sum + weights[j * columns + i] * xi, layer.bias[j]);
      return z < 0 ? slope * z : z;
    });
  });
  const total = x.reduce((sum, z) => sum + Math.exp(z), 0);
  return x.map((z) => Math.exp(z) / total);
}

for (const kernels of [referenceKernels(), ...backEnds()]) {
  Deno.test(`the ensemble (${kernels.description}) predicts its members' mean`, () => {
    const each = MEMBERS.map((member) =>
      Array.from({ length: ROWS }, (_, row) => probabilitiesOf(member, row)).flat()
    );
    const mean = each[0].map((_, i) => (each[0][i] + each[1][i] + each[2][i]) / 3);
    for (const batch of [undefined, 1, 16, 44]) {
      using ensemble = openEnsemble(MEMBERS, ALL_RELU, kernels, batch);
      assert.equal(ensemble.columns, 4);
      assert.equal(ensemble.classes, 3);
      memberOutputs(ensemble, INPUTS, ROWS).forEach((found, m) =>
        assertClose(found, each[m], () => 1e-5, `member ${m}, batches of ${batch}`)
      );
      const found = ensembleOutputs(ensemble, INPUTS, ROWS);
      assertClose(found, mean, () => 1e-5, `batches of ${batch}`);
      for (let row = 0; row < ROWS; row++) {
        const sum = found.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b);
        assert.ok(Math.abs(sum - 1) < 1e-5);
      }
      assert.equal(ensembleOutputs(ensemble, INPUTS, 0).length, 0);
    }
  });
}

Deno.test("openEnsemble refuses no members, and gives its memory back once", () => {
  const { used } = wasmMemory();
  assert.throws(() => openEnsemble([], ALL_RELU, wasmKernels()), {
    name: "RangeError",
    message: "Cannot predict: the ensemble has no members",
  });
  const ensemble = openEnsemble(MEMBERS, ALL_RELU, wasmKernels());
  assert.ok(wasmMemory().used > used);
  ensemble.dispose();
  ensemble.dispose();
  assert.equal(wasmMemory().used, used);
});

Deno.test("a closed ensemble refuses to predict, also where others have its memory", () => {
  const ensemble = openEnsemble(MEMBERS, ALL_RELU, wasmKernels());
  ensemble.dispose();
  using _other = openEnsemble(MEMBERS, ALL_RELU, wasmKernels());
  const closed = { message: "Cannot predict: found a closed model, need it opened anew" };
  for (const rows of [1, 2]) {
    assert.throws(() => ensembleOutputs(ensemble, INPUTS, rows), closed);
    assert.throws(() => memberOutputs(ensemble, INPUTS, rows), closed);
  }
});

Deno.test("mostProbable takes the first of equally probable classes", () => {
  const p = Float32Array.of(0.2, 0.3, 0.5, 0.4, 0.4, 0.2, 0.1, 0.45, 0.45, 1, 0, 0);
  assert.deepEqual(mostProbable(p, 3), Int32Array.of(2, 0, 1, 0));
  assert.deepEqual(mostProbable(new Float32Array(0), 3), new Int32Array(0));
});

Deno.test("accuracyOf is the share of predictions that are right", () => {
  assert.equal(accuracyOf(Int32Array.of(1, 2, 0, 1), Int32Array.of(1, 2, 1, 0)), 0.5);
  assert.equal(accuracyOf(Int32Array.of(1), Int32Array.of(1)), 1);
  assert.equal(accuracyOf(Int32Array.of(1), Int32Array.of(0)), 0);
});
