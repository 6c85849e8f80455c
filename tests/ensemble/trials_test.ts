import assert from "node:assert/strict";
import { completeSettings } from "../../lib/settings/mod.ts";
import { openRun, saveRun } from "../../lib/ensemble/training_run.ts";
import type { SavedRun } from "../../lib/ensemble/saved_run.ts";
import { datasetFromArrays } from "../../lib/data/table/mod.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { memberNumbers } from "../../lib/model/mod.ts";
import { train } from "../../lib/ensemble/train.ts";
import { memberSpan } from "../../lib/training/mod.ts";
import type { TrainingEvent } from "../../lib/ensemble/training_event.ts";
import { allRows, keptMembers, settingsOfMember } from "../../lib/ensemble/trials.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { finish, NUMBERS, PROBLEM, trained, trialSettings } from "./tiny_runs.ts";

/** Four rows; class 0 belongs to positive features. */
const ROWS: Rows = {
  rows: 4,
  columns: 1,
  features: Float32Array.of(1, 2, -1, -2),
  labels: Int32Array.of(0, 0, 1, 1),
};

Deno.test("the trials of a method with one member train a network each, whose topology stays", () => {
  const kinds = new Set<string>();
  const settings = trialSettings({ method: "static", members: 1 });
  const { members } = trained(settings, { onEvent: ({ type }) => kinds.add(type) });
  assert.deepEqual([...kinds].sort(), ["batch", "choice", "epoch", "member"]);
  assert.ok(members.length >= 3);
});

Deno.test("allRows puts the held-out rows behind the others, with their weights", () => {
  const training = { ...ROWS, weights: Float32Array.of(1, 2, 3, 4) };
  const both = allRows({ training, validation: ROWS, classes: 2 });
  assert.deepEqual([...both.features], [1, 2, -1, -2, 1, 2, -1, -2]);
  assert.deepEqual([...both.labels], [0, 0, 1, 1, 0, 0, 1, 1]);
  assert.deepEqual([...both.weights!], [1, 2, 3, 4, 1, 1, 1, 1]);
  assert.equal(allRows({ training, validation: null, classes: 2 }), training);
});

Deno.test("a run with trials chooses once, keeps the chosen, and learns from all rows after", () => {
  const events: TrainingEvent[] = [];
  const rows: number[] = [];
  const { members, run } = trained(trialSettings(), {
    onEvent(event, run) {
      if (event.type !== "batch") events.push(event);
      if (event.type === "epoch") rows[event.member] = run.stage.rows.rows;
    },
  });
  const choices = events.filter((event) => event.type === "choice");
  assert.equal(choices.length, 1);
  // Three candidates, and the mixture unless it is one of them.
  const { scores } = choices[0];
  assert.ok(scores.length === 3 || scores.length === 4 && scores[0].candidates.length === 4);
  assert.equal(scores[0].loss, Math.min(...scores.map(({ loss }) => loss)));
  const kept = 2 * new Set(scores[0].candidates).size;
  assert.equal(members.length, kept + 3);
  assert.equal(run.progress.members.length, kept + 3);
  const epochs = events.filter((event) => event.type === "epoch");
  assert.equal(epochs.length, 9 * 3);
  assert.ok(epochs.every((e) => (e.member < 6) === (e.validationAccuracy !== null)));
  // The last one ends as the run does; all of them but it have begun by now.
  assert.equal(run.stage.rows.rows, 260);
  assert.ok(members.slice(0, kept).every((m) => m.validationAccuracy !== null));
  assert.ok(members.slice(kept).every((m) => m.validationAccuracy === null));
});

Deno.test("members that are asked for are those of the ensemble, with trials and without", async () => {
  const dataset = datasetFromArrays({
    features: Array.from({ length: 120 }, (_, row) => [row % 12, row % 5]),
    labels: Array.from({ length: 120 }, (_, row) => row % 12 < 6 ? "low" : "high"),
  });
  const small = { hidden: [12], epsilon: 3, epochs: 2, frequencies: 2 };
  const tried = completeSettings({ recipe: "modern" }).candidates.length;
  for (const members of [1, 3]) {
    const settings = { recipe: "modern", ...small, members } as const;
    const model = await fit(dataset, settings);
    assert.equal(model.members.length, members);
    // All of them learned from all rows; the trials before them have chosen and calibrated.
    assert.ok(model.members.every(({ validationAccuracy }) => validationAccuracy === null));
    assert.ok(model.temperature! > 0);
    const numbers = Array.from({ length: members }, (_, m) => 2 * tried + m + 1);
    assert.deepEqual(memberNumbers(model), numbers);
    const kept = await fit(dataset, { ...settings, keepTrials: true });
    const trials = kept.members.length - members;
    assert.ok(trials > 0 && trials <= 2 * tried && trials % 2 === 0);
    assert.deepEqual(memberNumbers(kept).slice(trials), numbers);
    assert.deepEqual(kept.members.slice(trials), model.members);
  }
});

Deno.test("trials take their share of a member's epochs, and members keep their numbers", () => {
  const settings = trialSettings({ epochs: 4, trialEpochs: 0.5, method: "set", evolveUntil: 0.5 });
  const { members, run } = trained(settings);
  const { schedule } = run;
  assert.equal(schedule.epochs, 6 * 2 + 3 * 4);
  assert.deepEqual(
    [0, 5, 6, 8].map((member) => memberSpan(schedule, member)),
    [{ from: 0, to: 2 }, { from: 10, to: 12 }, { from: 12, to: 16 }, { from: 20, to: 24 }],
  );
  // Each evolves for half of its own epochs.
  const evolving = schedule.phases.filter(({ pruneRate }) => pruneRate > 0);
  assert.deepEqual(evolving.map(({ from, to }) => to - from), [1, 1, 1, 1, 1, 1, 2, 2, 2]);
  const numbers = memberNumbers({ members, settings });
  const kept = keptMembers(settings, 9, run.stage.trialScores[0].candidates);
  assert.deepEqual(numbers, kept.map((member) => member + 1));
});

for (const [trialEpochs, memberEpochs] of [[1, 1], [0.5, 1], [0.5, 1.7]]) {
  const name = `${trialEpochs} of the epochs, and ${memberEpochs} times as many`;
  Deno.test(`a run with trials that is taken up anywhere ends with the same members, ${name}`, () => {
    const candidates = trialSettings().candidates.map((own) => ({ ...own, memberEpochs }));
    const balanced = { classWeights: "balanced", dropLastBatch: false } as const;
    const settings = trialSettings({ ...balanced, trialEpochs, candidates });
    const { members } = trained(settings);
    using run = openRun(PROBLEM, settings, wasmKernels());
    const states = [];
    let batches = 0;
    for (const event of train(run)) {
      if (event.type === "batch" && ++batches % 17 === 0) states.push(saveRun(run));
    }
    assert.ok(states.length > 10);
    for (const saved of states) {
      using again = openRun(PROBLEM, settings, wasmKernels(), { saved });
      assert.deepEqual(finish(again), members);
    }
  });
}

Deno.test("members learn as long as their candidate says, and so do its trials", () => {
  const settings = trialSettings({
    epochs: 4,
    trialEpochs: 0.5,
    candidates: [{ frequency: 0.1, memberEpochs: 1.5 }, { frequency: 1, memberEpochs: 0.5 }],
    members: 5,
  });
  let checkpoint: SavedRun | undefined;
  const { members, run } = trained(settings, {
    onEvent: ({ type }, run) => {
      if (type === "epoch" && run.progress.turns !== undefined) checkpoint ??= saveRun(run);
    },
  });
  const { schedule, progress, stage: { trialScores: [{ candidates: chosen }] } } = run;
  const own = [6, 2];
  const spans = Array.from({ length: schedule.members }, (_, member) => {
    const { from, to } = memberSpan(schedule, member);
    return to - from;
  });
  const later = spans.slice(4);
  assert.deepEqual(spans.slice(0, 4), [3, 1, 3, 1]);
  assert.deepEqual(later, later.map((_, m) => own[chosen[m % chosen.length]]));
  assert.equal(progress.epoch, schedule.epochs);
  assert.equal(progress.history.length, schedule.epochs);
  const kept = keptMembers(settings, 9, chosen);
  assert.deepEqual(memberNumbers({ members, settings }), kept.map((member) => member + 1));
  assert.equal(settingsOfMember(settings, 5, chosen).epochs, 4);
  assert.ok(!Object.hasOwn(settingsOfMember(settings, 5, chosen), "memberEpochs"));
  // A checkpoint of another choice has another place in its schedule.
  const saved = { ...checkpoint!, progress: { ...checkpoint!.progress, turns: [7] } };
  assert.throws(() => openRun(PROBLEM, settings, wasmKernels(), { saved }), {
    name: "RangeError",
    message: /found members of 7 epochs, need those of its candidates/,
  });
});

Deno.test("numbers are tried by their error, and all rows bring theirs", () => {
  const candidates = [{ dropout: 0 }, { dropout: 0.9 }];
  const settings = trialSettings({ task: "regression", candidates, labelSmoothing: 0 });
  const { training, validation } = NUMBERS;
  const both = allRows(NUMBERS);
  assert.deepEqual([...both.targets!], [...training.targets!, ...validation!.targets!]);
  const choices: TrainingEvent[] = [];
  const { members } = trained(settings, {
    onEvent: (event) => event.type === "choice" && choices.push(event),
  });
  const [{ scores }] = choices as (TrainingEvent & { type: "choice" })[];
  assert.deepEqual(scores[0].candidates, [candidates[0]]);
  const losses = scores.map(({ loss }) => loss);
  assert.deepEqual(losses, losses.toSorted((a, b) => a - b));
  assert.ok(scores.every(({ accuracy }) => accuracy === null));
  assert.deepEqual(members.map(({ validationLoss }) => validationLoss !== undefined), [
    ...[true, true, false, false, false],
  ]);
  using run = openRun(NUMBERS, settings, wasmKernels());
  const states = [];
  let batches = 0;
  for (const event of train(run)) {
    if (event.type === "batch" && ++batches % 23 === 0) states.push(structuredClone(saveRun(run)));
  }
  for (const saved of states) {
    using again = openRun(NUMBERS, settings, wasmKernels(), { saved });
    assert.deepEqual(finish(again), members);
  }
  assert.throws(
    () => trialSettings({ task: "regression", labelSmoothing: 0 }),
    /"candidates": found .*"labelSmoothing":0.2.*, need no labelSmoothing/,
  );
});

Deno.test("a given dropout is that of all members, with something left to choose and without", async () => {
  const dataset = datasetFromArrays({
    features: Array.from({ length: 120 }, (_, row) => [row % 12, row % 5]),
    labels: Array.from({ length: 120 }, (_, row) => row % 12 < 6 ? "low" : "high"),
  });
  const small = { hidden: [12], epsilon: 3, epochs: 2, frequencies: 2, members: 1 };
  for (const [given, candidates] of [[{}, 3], [{ frequency: 1 }, 1]] as const) {
    const choices: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => {
      if (event.type === "choice") choices.push(event);
    };
    const model = await fit(dataset, { ...small, ...given, dropout: 0.33 }, { onEvent });
    assert.equal(model.settings.dropout, 0.33);
    assert.equal(model.settings.candidates.length, candidates);
    assert.ok(model.settings.candidates.every((candidate) => candidate.dropout === undefined));
    assert.ok(model.temperature! > 0);
    assert.equal(choices.length, 1);
  }
});
