import assert from "node:assert/strict";
import { METHODS } from "../../../lib/methods/methods.ts";
import { type Settings } from "../../../lib/settings/mod.ts";
import { train } from "../../../lib/ensemble/train.ts";
import type { SavedRun } from "../../../lib/ensemble/saved_run.ts";
import { openRun, saveRun } from "../../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { finish, openBreakingRun, problemOf, tinySettings } from "../tiny_runs.ts";

/** Everything about a run that has to be the same, however often it was interrupted. */
function outcome(run: ReturnType<typeof openRun>): string {
  const { members, history, flops, step, rollbacks } = run.progress;
  const weights = run.stage.network.layers.map((layer) => [
    layer.weights,
    layer.bias,
    layer.state,
    layer.kind === "sparse" ? [layer.indptr, layer.indices] : [],
  ]);
  return JSON.stringify({ members, history, flops, step, rollbacks, weights });
}

/** Settings under which everything that carries state from one step to the next is at work. */
function everySetting(): [string, Settings][] {
  const of = (name: string, ...[method, changes]: Parameters<typeof tinySettings>) =>
    [name, tinySettings(method, { dropLastBatch: false, batchSize: 45, ...changes })] as [
      string,
      Settings,
    ];
  return [
    ...METHODS.map((method) => of(method, method)),
    of("fd with Adam", "fd", { optimizer: "adam", learningRate: 0.01, labelSmoothing: 0.1 }),
    of("dense-ensemble with Adam", "dense-ensemble", { optimizer: "adam", epochs: 6 }),
    of("fd by gradient, with weighted rows", "fd", {
      growth: "gradient",
      members: 3,
      memberWeighting: 2,
      classWeights: "balanced",
    }),
    of("edst by gradient with Adam", "edst", { growth: "gradient", optimizer: "adam" }),
    of("weighted members, each alone", "dense-ensemble", { memberWeighting: 2, epochs: 6 }),
    of("fd with an embedding and Adam", "fd", {
      embedding: "periodic",
      frequencies: 3,
      optimizer: "adam",
    }),
    of("numbers", "fd", { task: "regression", onDivergence: "rollback" }),
    of("numbers by gradient with Adam", "edst", {
      task: "regression",
      growth: "gradient",
      optimizer: "adam",
      learningRate: 0.01,
    }),
    of("numbers, dense members", "dense-ensemble", { task: "regression", epochs: 6 }),
    of("members that each evolve alone for a while", "set", {
      members: 3,
      epochs: 6,
      interval: 1,
      evolveUntil: 0.5,
    }),
    of("the last networks, one-cycle", "rd", {
      memberSelection: "last",
      learningRateCurve: "one-cycle",
    }),
  ];
}

for (const [name, settings] of everySetting()) {
  Deno.test(`a run left at any event goes on to the same bytes: ${name}`, () => {
    using whole = openRun(problemOf(settings), settings, wasmKernels());
    let events = 0;
    finish(whole, () => events++);
    const expected = outcome(whole);
    // Three does not divide the number of events of an epoch: every kind of event has its turn.
    for (let stop = 0; stop < events; stop += name === "fd" ? 1 : 3) {
      using run = openRun(problemOf(settings), settings, wasmKernels());
      const some = train(run);
      for (let i = 0; i <= stop; i++) some.next();
      some.return([]);
      finish(run);
      assert.equal(outcome(run), expected, `left at event ${stop} of ${events}`);
    }
  });

  Deno.test(`a run saved at any event goes on elsewhere to the same bytes: ${name}`, () => {
    const saves: SavedRun[] = [];
    using whole = openRun(problemOf(settings), settings, wasmKernels());
    // Copies: what may be gone back to is the same for all events of an epoch.
    finish(whole, (_, run) => saves.push(structuredClone(saveRun(run))));
    const expected = outcome(whole);
    saves.forEach((saved, i) => {
      using run = openRun(problemOf(settings), settings, wasmKernels(), { saved });
      finish(run);
      assert.equal(outcome(run), expected, `saved at event ${i} of ${saves.length}`);
    });
  });
}

Deno.test("a saved run is a copy, which later training does not change", () => {
  const settings = tinySettings("fd");
  using run = openRun(problemOf(settings), settings, wasmKernels());
  const events = train(run);
  for (let i = 0; i < 25; i++) events.next();
  const saved = saveRun(run);
  const then = JSON.stringify(saved);
  for (let i = 0; i < 40; i++) events.next();
  assert.equal(JSON.stringify(saved), then);
});

type Progress = SavedRun["progress"];

/** When the loss breaks: in the first epoch, in the second member, and twice there. */
const BREAKS: [string, (progress: Progress) => boolean][] = [
  ["in the first epoch", (p) => p.epoch === 0 && p.batch === 4 && p.rollbacks.length === 0],
  ["in the second member", (p) => p.epoch === 9 && p.batch === 1 && p.rollbacks.length === 0],
  [
    "twice in the second member",
    ({ epoch, batch, rollbacks: { length } }) => epoch === 9 && length < 2 && batch === 3 - length,
  ],
  ["in a member's last epoch", (p) => p.epoch === 7 && p.batch === 2 && p.rollbacks.length === 0],
];

for (const [name, breaks] of BREAKS) {
  Deno.test(`a run that goes back ${name} may be left and saved at any event too`, () => {
    const settings = tinySettings("fd", { batchSize: 45, onDivergence: "rollback" });
    const saves: SavedRun[] = [];
    using whole = openBreakingRun(settings, breaks);
    // A copy, as if it were written to a file: what happens later must not show in it.
    finish(whole, (_, run) => saves.push(structuredClone(saveRun(run))));
    assert.ok(whole.progress.rollbacks.length > 0);
    const expected = outcome(whole);
    assert.deepEqual(
      whole.progress.history.map(({ epoch }) => epoch),
      Array.from({ length: 12 }, (_, epoch) => epoch + 1),
    );
    saves.forEach((saved, i) => {
      using run = openBreakingRun(settings, breaks, { saved });
      finish(run);
      assert.equal(outcome(run), expected, `saved at event ${i} of ${saves.length}`);
    });
    for (let stop = 0; stop < saves.length; stop += 3) {
      using run = openBreakingRun(settings, breaks);
      const some = train(run);
      for (let i = 0; i <= stop; i++) some.next();
      some.return([]);
      finish(run);
      assert.equal(outcome(run), expected, `left at event ${stop} of ${saves.length}`);
    }
  });
}
