import assert from "node:assert/strict";
import { datasetFromArrays } from "../../lib/data/table/mod.ts";
import { independentWithin, keepWithin, settingsWithin } from "../../lib/ensemble/budget.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { completeConfig } from "../../lib/experiments/run/run_config.ts";
import { resumeRun, startRun } from "../../lib/experiments/run/run.ts";
import { readConfig } from "../../lib/experiments/run/run_folder.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { completeSettings, type Settings } from "../../lib/settings/mod.ts";
import { folderWithTable } from "../tasks/tiny_run.ts";
import { train } from "../../lib/ensemble/train.ts";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { PROBLEM, tinySettings, trained } from "./tiny_runs.ts";

const MODERN = completeSettings({ recipe: "modern" });

/** What a budget chooses. */
const chosen = ({ trials, candidates, members, epochs }: Settings) => [
  ...[trials, candidates.length, members, epochs],
];

Deno.test("independentWithin trains as many networks as there is time for, the members first", () => {
  const { epochs } = MODERN;
  const expected: [number, number[]][] = [
    [0.01, [0, 0, 1, 1]],
    [0.5, [0, 0, 1, epochs / 2]],
    [1.9, [0, 0, 1, epochs]],
    [6.4, [0, 0, 4, epochs]],
    // A trial takes half of a member's epochs: one of each of five candidates is 2.5 networks.
    [6.5, [1, 5, 4, epochs]],
    [8, [1, 5, 5, epochs]],
    [12.9, [1, 5, 8, epochs]],
    [13, [2, 5, 8, epochs]],
    [17, [2, 5, 12, epochs]],
    [1e9, [2, 5, 64, epochs]],
  ];
  for (const [networks, settings] of expected) {
    assert.deepEqual(chosen(independentWithin(MODERN, networks)), settings, `${networks}`);
  }
});

Deno.test("independentWithin never has fewer members or epochs where there is more time", () => {
  let before = independentWithin(MODERN, 0);
  for (let networks = 0.05; networks < 120; networks *= 1.01) {
    const now = independentWithin(MODERN, networks);
    assert.ok(now.members >= before.members && now.epochs >= before.epochs, `${networks}`);
    const total = now.members + now.trials * now.candidates.length / 2;
    assert.ok(total * now.epochs <= Math.max(1, networks) * MODERN.epochs + 1, `${networks}`);
    before = now;
  }
});

Deno.test("independentWithin takes the middle candidate where there is no time for trials", () => {
  const { frequency, dropout } = independentWithin(MODERN, 3);
  assert.deepEqual({ frequency, dropout }, MODERN.candidates[2]);
  const plain = independentWithin({ ...MODERN, trials: 0, candidates: [] }, 3);
  assert.deepEqual(chosen(plain), [0, 0, 3, MODERN.epochs]);
});

Deno.test("independentWithin shortens members that have no candidates, or candidates with epochs of their own", () => {
  const plain = completeSettings({ method: "sparse-ensemble", hidden: [8], epochs: 10 });
  assert.deepEqual(chosen(independentWithin(plain, 0.5)), [0, 0, 1, 5]);
  const candidates = MODERN.candidates.map((own) => ({ ...own, memberEpochs: 2 }));
  for (const networks of [0.5, 3]) {
    const within = independentWithin({ ...MODERN, candidates }, networks);
    assert.deepEqual(within, independentWithin(MODERN, networks));
  }
});

Deno.test("settingsWithin leaves settings without a budget alone", () => {
  assert.equal(settingsWithin(PROBLEM, MODERN, wasmKernels(), 1), MODERN);
});

// These budgets are so small, or so large, that no machine's speed changes the answer.
Deno.test("settingsWithin has one epoch of one member in no time, and the most in all the time", () => {
  const small = { hidden: [16], batchSize: 32 };
  const within = (budget: number, more: Partial<Settings>) =>
    settingsWithin(PROBLEM, completeSettings({ ...small, ...more, budget }), wasmKernels(), 1);
  const modern = { recipe: "modern" } as const;
  assert.deepEqual(chosen(within(0.001, { ...modern, epochs: 100_000 })).slice(0, 3), [0, 0, 1]);
  assert.deepEqual(chosen(within(1e8, modern)), [2, 5, 64, MODERN.epochs]);
  const paper = { method: "fd", epochs: 1_000_000, explore: 100_000, members: 3 } as const;
  const short = within(0.001, paper);
  assert.equal(short.members, 3);
  assert.ok(short.epochs < 100_000 && short.epochs - short.explore >= 6);
  assert.deepEqual(chosen(within(1e9, { ...paper, epochs: 350, explore: 50 })), [0, 0, 3, 350]);
});

/** Trains with a budget of 10 seconds by a clock that goes on by so many seconds a member. */
function trainedBy(seconds: number, settings: Settings, atATime = 1) {
  using run = openRun(PROBLEM, { ...settings, budget: 10 }, wasmKernels());
  for (const event of train(run)) {
    if (event.type === "batch") {
      keepWithin(run, seconds * (run.progress.members.length + 1), atATime);
    }
  }
  return { members: run.progress.members, planned: run.settings.members };
}

Deno.test("keepWithin leaves members out that are too late, and adds some where there is time", () => {
  const settings = tinySettings("sparse-ensemble", { explore: 0, epochs: 2, members: 3 });
  const all = trained({ ...settings, members: 10 }).members;
  for (const [seconds, count] of [[11, 1], [4, 2], [3.4, 2], [3, 3], [1.5, 6], [1, 10]]) {
    const { members, planned } = trainedBy(seconds, settings);
    assert.equal(planned, count, `${seconds} s a member`);
    assert.deepEqual(members, all.slice(0, count));
  }
  // Side by side, workers know no more members than there were at first.
  assert.equal(trainedBy(0.01, settings, 2).planned, 3);
  assert.equal(trainedBy(11, settings, 2).planned, 2);
});

Deno.test("keepWithin keeps all trials, and one member at least", () => {
  const settings = tinySettings("sparse-ensemble", {
    ...{ explore: 0, epochs: 2, members: 3, trials: 1, memberSelection: "last", keepTrials: false },
    candidates: [{ dropout: 0 }, { dropout: 0.5 }],
  });
  const { members, planned } = trainedBy(100, settings);
  assert.deepEqual([planned, members.length], [1, 1]);
  // Members and trials of candidates with epochs of their own keep them.
  const longer = settings.candidates.map((own) => ({ ...own, memberEpochs: 2 }));
  const left = trainedBy(100, { ...settings, candidates: longer });
  assert.deepEqual([left.planned, ...left.members.map(({ epoch }) => epoch)], [1, 4 + 4 + 4]);
  // Without trials no candidate is chosen, and the middle one says no epochs of its own.
  const without = independentWithin({ ...settings, candidates: longer }, 1);
  assert.ok(without.trials === 0 && !Object.hasOwn(without, "memberEpochs"));
});

Deno.test("fit keeps within a budget, and its model names what was chosen", async () => {
  const dataset = datasetFromArrays({
    features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
    labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
  });
  const model = await fit(dataset, {
    recipe: "modern",
    hidden: [16],
    epochs: 100_000,
    adaptToRows: false,
    budget: 0.001,
  });
  const { budget, trials, members, epochs } = model.settings;
  assert.deepEqual([budget, trials, members, model.members.length], [0.001, 0, 1, 1]);
  assert.ok(epochs < 10_000);
  // The settings as they were chosen train again, without a budget.
  const again = await fit(dataset, { ...model.settings, budget: undefined });
  assert.deepEqual(again.members, model.members);
});

Deno.test("a run with a budget that is stopped goes on with what was chosen", async () => {
  const folder = folderWithTable();
  const config = completeConfig({
    file: `${folder}/table.csv`,
    target: "class",
    recipe: "modern",
    hidden: [16],
    epochs: 50_000,
    adaptToRows: false,
    budget: 0.001,
  });
  const stop = new AbortController();
  const first = await startRun(config, `${folder}/run`, {
    signal: stop.signal,
    onEvent: ({ type }) => type === "batch" && stop.abort(),
  });
  const planned = readConfig(first.files.config);
  assert.deepEqual([planned.budget, planned.trials, planned.members], [0.001, 0, 1]);
  const last = first.status === "stopped" ? await resumeRun(`${folder}/run`) : first;
  if (last.status !== "finished") return assert.fail("the run was stopped");
  assert.equal(last.model.settings.epochs, planned.epochs);
});
