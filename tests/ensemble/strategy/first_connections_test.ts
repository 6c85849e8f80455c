/** The settings of first connections, in runs. */
import assert from "node:assert/strict";
import { copyState, openRun, saveRun } from "../../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import { completeSettings, type Settings } from "../../../lib/settings/mod.ts";
import { degrees } from "../../../lib/sparse/pattern.ts";
import { finish, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

const sparse = (settings: Settings) => {
  using run = openRun(PROBLEM, settings, wasmKernels());
  return (run.stage.network.layers as SparseLayer[]).map(
    ({ rows, columns, blockSize, indptr, indices }) => ({
      shape: [rows / blockSize, columns] as const,
      ...{ indptr: indptr.slice(), indices: indices.slice() },
    }),
  );
};

for (const blockSize of [1, 8]) {
  Deno.test(`first topologies and allocations train, and are saved, in blocks of ${blockSize}`, () => {
    for (
      const changes of [
        { initialTopology: "barabasi-albert" },
        { initialTopology: "watts-strogatz" },
        { initialTopology: "watts-strogatz", smallWorldRewiring: 0 },
        { allocation: "uniform" },
        { allocation: "equal", initialTopology: "barabasi-albert" },
      ] as const
    ) {
      const settings = tinySettings("set", { ...changes, blockSize, hidden: [48, 32], epochs: 3 });
      using whole = openRun(PROBLEM, settings, wasmKernels());
      const saved = saveRun(whole);
      finish(whole);
      using resumed = openRun(PROBLEM, settings, wasmKernels(), { saved });
      finish(resumed);
      assert.deepEqual(copyState(resumed), copyState(whole));
      const plain = tinySettings("set", { blockSize, hidden: [48, 32], epochs: 3 });
      assert.notDeepEqual(sparse(settings), sparse(plain));
    }
  });
}

Deno.test("what the settings leave out is what Erdős–Rényi layers are", () => {
  const plain = sparse(tinySettings("set"));
  for (const allocation of ["er", "erk"] as const) {
    assert.deepEqual(sparse(tinySettings("set", { allocation })), plain);
  }
  assert.deepEqual(sparse(tinySettings("set", { initialTopology: "erdos-renyi" })), plain);
});

Deno.test("the settings reach the layers: a ring, hubs, and equally dense layers", () => {
  const [, ring] = sparse(
    tinySettings("set", { initialTopology: "watts-strogatz", smallWorldRewiring: 0 }),
  );
  assert.deepEqual([...new Set(degrees(ring).incoming)], [4]);
  const wide = { hidden: [300, 300], epsilon: 2 };
  const hub = (changes: Partial<Settings>) =>
    Math.max(...degrees(sparse(tinySettings("set", { ...wide, ...changes }))[1]).outgoing);
  assert.ok(hub({ initialTopology: "barabasi-albert" }) > 2 * hub({}));
  const layers = sparse(tinySettings("set", { allocation: "uniform", hidden: [60, 300, 60] }));
  const shares = layers.map(({ shape, indices }) => indices.length / (shape[0] * shape[1]));
  assert.ok(Math.max(...shares) < 1.6 * Math.min(...shares), `${shares}`);
});

Deno.test("a method that draws its first connections itself refuses others, in a sentence", () => {
  for (const method of ["srigl", "snip", "gradual"] as const) {
    assert.throws(
      () => completeSettings({ method, initialTopology: "barabasi-albert" }),
      {
        name: "RangeError",
        message:
          'Cannot use setting "initialTopology": found "barabasi-albert", need "erdos-renyi" ' +
          `with method "${method}"`,
      },
    );
    completeSettings({ method, initialTopology: "erdos-renyi" });
  }
  assert.throws(
    () => completeSettings({ smallWorldRewiring: 0.5 }),
    /"smallWorldRewiring": found 0.5, need initialTopology "watts-strogatz" for it/,
  );
});

Deno.test("the density that a method aims at is that of the allocation", () => {
  const settings = tinySettings("gradual", { allocation: "uniform", updateSteps: 5, epsilon: 3 });
  const { members: [{ layers }] } = trained(settings);
  const total = 3 * 36 + 3 * 60 + Math.min(90, 3 * 33);
  const [first, second] = layers.map((layer) => layer.kind === "sparse" ? layer.data.length : 0);
  assert.equal(first, Math.round(180 * total / 1170));
  assert.equal(second, Math.round(900 * total / 1170));
});
