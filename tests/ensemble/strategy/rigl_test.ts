import assert from "node:assert/strict";
import { openMissingGradients } from "../../../lib/ensemble/strategy/missing_gradients.ts";
import { prepareProblem } from "../../../lib/ensemble/problem.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun } from "../../../lib/ensemble/training_run.ts";
import { builtinDatasetPath, readDataset } from "../../../mod.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { methodOf } from "../../../lib/methods/methods.ts";
import { noFlops } from "../../../lib/counters/flops.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import { randomStream } from "../../../lib/random.ts";
import { completeSettings } from "../../../lib/settings/mod.ts";
import { gradientPlacement } from "../../../lib/topology/gradient_placement.ts";
import { pruneMagnitude } from "../../../lib/topology/prune.ts";
import { rigl } from "../../strategies/methods/rigl.ts";
import { requestFor } from "../../topology/random_layer.ts";
import { tinySettings, trained } from "../tiny_runs.ts";

Deno.test("RigL's share of replaced connections is the paper's cosine, up to T_end", () => {
  const { topology: { when } } = methodOf(completeSettings({ method: "rigl" }));
  const { every, unit, until, pruneRate } = when!;
  assert.deepEqual([every, unit, until], [100, "steps", 0.75]);
  // f(t) = α / 2 (1 + cos(π t / T_end)), at 0, a third, half and all of T_end.
  const expected = [0.3, 0.225, 0.15, 0];
  [0, 0.25, 0.375, 0.75].forEach((progress, i) =>
    assert.ok(Math.abs(pruneRate!(progress) - expected[i]) < 1e-15)
  );
});

Deno.test("the method rigl has the published times and grows by all gradients; an interval brings epochs back", () => {
  for (const recipe of ["paper", "modern"] as const) {
    const settings = completeSettings({ recipe, method: "rigl" });
    const { growth, growthCandidates, updateSteps, pruneRate, evolveUntil } = settings;
    assert.deepEqual(
      { growth, growthCandidates, updateSteps, pruneRate, evolveUntil },
      {
        growth: "gradient",
        growthCandidates: null,
        updateSteps: 100,
        pruneRate: 0.3,
        evolveUntil: 0.75,
      },
    );
    assert.deepEqual(completeSettings(settings), settings);
  }
  // Settings that were stored before there were updates by steps name an interval and a number.
  const stored = { method: "rigl", interval: 2, growth: "gradient", growthCandidates: 5 };
  const { updateSteps, growthCandidates } = completeSettings(stored);
  assert.deepEqual([updateSteps, growthCandidates], [undefined, 5]);
  assert.equal(methodOf(completeSettings(stored)).topology.when, undefined);
});

Deno.test("growth by gradient is exact, and sampled under its own name", () => {
  const candidates = (settings: object) => completeSettings(settings).growthCandidates;
  assert.equal(candidates({ method: "edst", growth: "gradient" }), null);
  assert.equal(candidates({ method: "edst", growth: "gradient", growthCandidates: 5 }), 5);
  assert.equal(candidates({ method: "edst", growth: "sampled-gradient" }), 5);
  assert.equal(candidates({ method: "edst", growth: "strength" }), 5);
  assert.throws(
    () => completeSettings({ method: "fd", growth: "sampled-gradient", growthCandidates: null }),
    /"growthCandidates": found null, need a number with growth "sampled-gradient"/,
  );
  assert.throws(
    () => completeSettings({ method: "fd", updateSteps: 10 }),
    /"updateSteps": found 10, need method "edst" or ("[a-z-]+" or )*"set" or "set-itop" or "rigl" or/,
  );
});

Deno.test("the method rigl makes the networks that the strategy written from the paper makes", () => {
  const changes = { updateSteps: 7, pruneRate: 0.4, evolveUntil: 0.6 };
  const settings = tinySettings("rigl", changes);
  const built = trained(settings);
  const strategy = rigl({ every: 7, drop: 0.4, until: 0.6 });
  const { members } = trained(tinySettings("set"), { strategy });
  assert.deepEqual(built.members, members);
  const unchanged = trained(tinySettings("static"));
  assert.notDeepEqual(built.members[0].layers[1], unchanged.members[0].layers[1]);
});

Deno.test("five candidates find 4 % of the largest gradients at ε = 20, and a hundred 83 %", async () => {
  const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
  const settings = completeSettings({ method: "rigl", hidden: [1000, 1000], epsilon: 20 });
  const { problem } = prepareProblem(dataset, settings);
  using run = openRun(problem, settings, wasmKernels());
  for (const event of train(run)) if (event.type === "epoch") break;
  using gradients = openMissingGradients(run, noFlops());
  const { rows, columns, indptr, indices, weights } = run.stage.network.layers[1] as SparseLayer;
  const all = gradients.at(1, Float64Array.from({ length: rows * columns }, (_, i) => i));
  assert.ok(all.some((gradient) => Math.abs(gradient) > 1e-4));
  const layer = { layer: 1, layers: 3, shape: [rows, columns] as const, indptr, indices, weights };
  let asked = 0;
  const request = {
    ...requestFor(layer, pruneMagnitude, 0.2, [], randomStream(1, "recall")),
    gradientAt: (positions: Float64Array) => {
      asked = Math.max(asked, positions.length);
      return positions.map((position) => all[position]);
    },
  };
  const { count, survivors } = request;
  const grown = (candidates: number | null) =>
    new Set(gradientPlacement({ candidates }).choose(request, [survivors], count));
  const exact = grown(null);
  // No more than a block at once, where the layer has a million positions.
  assert.ok(asked <= 1 << 15, `${asked}`);
  // Candidates are drawn whatever their gradients are: the recall is their share of the free positions.
  const free = rows * columns - survivors.indices.length;
  for (const [candidates, expected] of [[5, 0.04], [100, 0.83]]) {
    const recall = grown(candidates).intersection(exact).size / count;
    assert.ok(Math.abs(recall - candidates * count / free) < 0.02, `${candidates}: ${recall}`);
    assert.ok(Math.abs(recall - expected) < 0.02, `${candidates}: ${recall}`);
  }
});
