import assert from "node:assert/strict";
import {
  completeSettings,
  epochsInTurn,
  epochsOfTrials,
  type Settings,
  trialMembers,
} from "../../lib/settings/mod.ts";
import { openRun, saveRun } from "../../lib/ensemble/training_run.ts";
import type { SavedRun } from "../../lib/ensemble/saved_run.ts";
import { datasetFromArrays } from "../../lib/data/table/mod.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { memberNumbers } from "../../lib/model/mod.ts";
import { train } from "../../lib/ensemble/train.ts";
import { memberSpan } from "../../lib/training/mod.ts";
import type { TrainingEvent } from "../../lib/ensemble/training_event.ts";
import {
  allRows,
  keptMembers,
  scoreCandidates,
  settingsOfMember,
  trialsOf,
} from "../../lib/ensemble/trials.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { finish, NUMBERS, PROBLEM, tinySettings, trained } from "./tiny_runs.ts";

/** Three candidates, two trials of each, which stay if they are of the best, and three members proper. */
function trialSettings(changes: Partial<Settings> = {}): Settings {
  return tinySettings("sparse-ensemble", {
    explore: 0,
    epochs: 3,
    members: 3,
    memberSelection: "last",
    embedding: "periodic",
    frequencies: 2,
    optimizer: "adam",
    learningRate: 0.01,
    trials: 2,
    keepTrials: true,
    candidates: [{ frequency: 0.1 }, { frequency: 1, dropout: 0.5 }, { labelSmoothing: 0.2 }],
    ...changes,
  });
}

/** A member whose logits for two classes are ±`strength` times the row's only feature. */
function linear(strength: number): Member {
  const layer = {
    kind: "dense",
    shape: [2, 1],
    weights: Float32Array.of(strength, -strength),
    bias: new Float32Array(2),
  } as const;
  return { layers: [layer], epoch: 1, validationAccuracy: null };
}

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

Deno.test("scoreCandidates judges a candidate by the mean of its trial members", () => {
  const settings = trialSettings({ trials: 4, candidates: [{ dropout: 0 }, { dropout: 0.5 }] });
  // Candidate 0: one of four is wrong, and outvoted. Candidate 1: two are wrong, and more surely so.
  const strengths = [[1, 1, 1, -2], [-3, 1, -3, 1]];
  const trials = [0, 1, 2, 3].flatMap((t) => [linear(strengths[0][t]), linear(strengths[1][t])]);
  const scores = scoreCandidates(trials, settings, ROWS, wasmKernels());
  assert.deepEqual(scores.map(({ candidates, accuracy }) => [candidates, accuracy]), [
    [[0], 1],
    [[1], 0],
  ]);
  // −log of the mean of σ(2), σ(2), σ(2), σ(−4) and of σ(4), σ(4), σ(4), σ(−8), worked out by hand.
  const mean = (strength: number) =>
    strengths[0].reduce((sum, own) => sum + 1 / (1 + Math.exp(-2 * own * strength)), 0) / 4;
  const expected = -(Math.log(mean(1)) + Math.log(mean(2))) / 2;
  assert.ok(Math.abs(scores[0].loss - expected) < 1e-5);
});

Deno.test("scoreCandidates goes by the loss, whatever the accuracy", () => {
  const settings = trialSettings({ trials: 1, candidates: [{ dropout: 0 }, { dropout: 0.5 }] });
  const scores = scoreCandidates([linear(0.1), linear(3)], settings, ROWS, wasmKernels());
  assert.deepEqual(scores.map(({ candidates }) => candidates), [[1], [0]]);
  assert.ok(scores.every(({ accuracy }) => accuracy === 1));
});

Deno.test("scoreCandidates mixes candidates where their mean has less loss, part by part", () => {
  // Rows of two kinds: each candidate knows one of them, and is wrong on the other, less surely.
  const knows = (kind: number): Member => {
    const weights = kind === 0 ? [4, -1, -4, 1] : [-1, 4, 1, -4];
    const layer = {
      kind: "dense",
      shape: [2, 2],
      weights: Float32Array.from(weights),
      bias: new Float32Array(2),
    } as const;
    return { layers: [layer], epoch: 1, validationAccuracy: null };
  };
  const rows: Rows = {
    rows: 5,
    columns: 2,
    features: Float32Array.of(1, 0, -1, 0, 1, 0, 0, 1, 0, -1),
    labels: Int32Array.of(0, 1, 0, 0, 1),
  };
  const settings = trialSettings({ trials: 1, candidates: [{ dropout: 0 }, { dropout: 0.5 }] });
  const members = [knows(0), knows(1)];
  const [mixture, ...single] = scoreCandidates(members, settings, rows, wasmKernels());
  assert.deepEqual(single.map(({ candidates }) => candidates), [[0], [1]]);
  const [sure, wrong] = [1 / (1 + Math.exp(-8)), 1 / (1 + Math.exp(2))];
  const lossOf = (first: number) =>
    -(3 * Math.log(first * sure + (1 - first) * wrong) +
      2 * Math.log(first * wrong + (1 - first) * sure)) / 5;
  // Greedy: 0, then 1; of three and four parts, those with the least loss.
  const third = lossOf(2 / 3) < lossOf(1 / 3) ? 0 : 1;
  assert.equal(third, 0);
  const fourth = lossOf(3 / 4) < lossOf(2 / 4) ? 0 : 1;
  assert.deepEqual(mixture.candidates, [0, 1, third, fourth]);
  assert.ok(Math.abs(mixture.loss - lossOf(fourth === 0 ? 3 / 4 : 2 / 4)) < 1e-5);
  assert.ok(mixture.loss < single[0].loss);
});

Deno.test("members get the settings of their candidate, first in turn and then as chosen", () => {
  const settings = trialSettings();
  assert.equal(trialMembers(settings), 6);
  const of = (member: number) => settingsOfMember(settings, member, [1, 2]);
  assert.deepEqual([of(0).frequency, of(1).frequency, of(2).labelSmoothing], [0.1, 1, 0.2]);
  assert.deepEqual([of(3).frequency, of(4).dropout], [0.1, 0.5]);
  assert.deepEqual([of(6).dropout, of(7).labelSmoothing, of(8).dropout], [0.5, 0.2, 0.5]);
  assert.deepEqual(keptMembers(settings, 9, [1]), [1, 4, 6, 7, 8]);
  assert.deepEqual(keptMembers({ ...settings, keepTrials: false }, 9, [1]), [6, 7, 8]);
  const without = tinySettings("static");
  assert.equal(settingsOfMember(without, 0, []), without);
  assert.deepEqual(keptMembers(without, 1, []), [0]);
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

Deno.test("a number of members is a wish, unless settings were stored whole", () => {
  const stored = completeSettings({ recipe: "modern" });
  assert.deepEqual([stored.members, stored.keepTrials], [8, false]);
  assert.equal(completeSettings({ recipe: "modern", members: 12 }).keepTrials, false);
  const none = completeSettings({ recipe: "modern", members: 12, trials: 0 });
  assert.ok(!Object.hasOwn(none, "keepTrials") && !Object.hasOwn(none, "trialEpochs"));
  const kept = completeSettings({ recipe: "modern", members: 12, keepTrials: true });
  assert.ok(!Object.hasOwn(kept, "keepTrials"));
  for (const settings of [stored, none, kept, completeSettings({ recipe: "modern", members: 3 })]) {
    assert.deepEqual(completeSettings(settings), settings);
  }
});

Deno.test("stored settings keep what they leave out, whatever their recipe has by now", () => {
  const { blockSize, trialEpochs, keepTrials, ...before } = completeSettings({ recipe: "modern" });
  assert.deepEqual([blockSize, trialEpochs, keepTrials], [8, 0.5, false]);
  assert.deepEqual(completeSettings(before), before);
});

Deno.test("trialsOf says what was tried, chosen and kept, with the numbers of training", () => {
  const settings = trialSettings();
  const scores = [[1, 2], [1], [0], [2], [0, 1], [0, 2]].map((candidates, place) => ({
    candidates,
    accuracy: 0.9 - place / 10,
    loss: place,
  }));
  const trials = trialsOf(settings, scores, 60)!;
  assert.deepEqual(trials.tried.map(({ members }) => members), [[1, 4], [2, 5], [3, 6]]);
  assert.deepEqual(trials.tried.map(({ loss }) => loss), [2, 1, 3]);
  assert.deepEqual(trials.tried.map(({ chosen }) => chosen), [false, true, true]);
  assert.deepEqual(trials.tried.map(({ kept }) => kept), [false, true, true]);
  assert.deepEqual(trials.together, { accuracy: 0.9, loss: 0 });
  const left = trialsOf({ ...settings, keepTrials: false }, scores, 60)!;
  assert.ok(left.tried.every(({ kept }) => !kept));
  assert.equal(trialsOf(settings, [], 60), null);
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

Deno.test("a trial has one epoch at least, and the share of all epochs is no setting", () => {
  assert.deepEqual(epochsOfTrials(trialSettings({ epochs: 3, trialEpochs: 0.01 })), [1, 1, 1]);
  const candidates = [{ memberEpochs: 2.5 }, { dropout: 0 }, { memberEpochs: 0.1 }];
  assert.deepEqual(epochsOfTrials({ epochs: 12, trialEpochs: 0.5, candidates }), [15, 6, 1]);
  assert.deepEqual(epochsOfTrials({ epochs: 12, candidates }), [30, 12, 1]);
  assert.ok(!Object.hasOwn(completeSettings({ trialEpochs: 1 }), "trialEpochs"));
  assert.throws(() => completeSettings({ trialEpochs: 0 }), RangeError);
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

Deno.test("members learn for an epoch at least, and candidates that all agree change no schedule", () => {
  const candidates = [{ memberEpochs: 0.01 }, { memberEpochs: 1 }, {}];
  const { epochs } = trialSettings();
  assert.deepEqual(epochsInTurn({ epochs, candidates }, [0, 1, 0]), [1, epochs, 1]);
  assert.equal(epochsInTurn({ epochs, candidates }, [1, 2]), undefined);
  assert.equal(epochsInTurn({ epochs, candidates }, []), undefined);
  const wrong = { recipe: "modern", candidates: [{ memberEpochs: 0 }] } as const;
  assert.throws(() => completeSettings(wrong), /candidates.*memberEpochs.*found 0/);
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

Deno.test("trials need independent members, held-out rows, and something to choose from", () => {
  const wrong: [Partial<Settings>, RegExp][] = [
    [{ candidates: [] }, /"candidates": found \[\], need some/],
    [{ memberSelection: "best" }, /"memberSelection": found "best", need "last"/],
    [{ validationFraction: 0 }, /"validationFraction": found 0, need above 0/],
    [{ memberWeighting: 1 }, /"memberWeighting": found 1, need 0/],
    [{ method: "fd", epochs: 30 }, /"trials": found 2, need 0 with method "fd"/],
  ];
  for (const [changes, message] of wrong) {
    assert.throws(() => trialSettings(changes), { name: "RangeError", message });
  }
  const candidates = (candidate: object) => () =>
    completeSettings({ recipe: "modern", candidates: [candidate] });
  assert.throws(candidates({ droput: 0.1 }), TypeError);
  assert.throws(candidates({ dropout: 1.5 }), RangeError);
  assert.throws(candidates({ dropout: "much" }), TypeError);
});

Deno.test("a given setting holds for every candidate, so that trials do not choose another value", () => {
  const candidatesOf = (partial: object) => completeSettings(partial).candidates;
  const frequencies = [{ frequency: 0.02 }, { frequency: 0.2 }, { frequency: 2 }];
  assert.deepEqual(candidatesOf({ dropout: 0.33 }), frequencies);
  assert.deepEqual(candidatesOf({ dropout: 0.33, task: "regression" }), frequencies);
  assert.deepEqual(
    candidatesOf({ frequency: 1 }),
    [0.1, 0.4, 0.2, 0].map((dropout) => ({ dropout })),
  );
  // Nothing is left to choose, but the trials still calibrate.
  const both = completeSettings({ frequency: 1, dropout: 0.33 });
  assert.deepEqual([both.candidates, trialMembers(both)], [[{}], 2]);
  // What candidates do not vary leaves them as they are, and so do candidates that a person gives.
  assert.deepEqual(candidatesOf({ labelSmoothing: 0 }), candidatesOf({}));
  const own = [{ dropout: 0.1 }, { dropout: 0.3 }];
  assert.deepEqual(candidatesOf({ dropout: 0.2, candidates: own }), own);
  // Stored settings are complete, and keep their candidates.
  const stored = completeSettings({ dropout: 0.33 });
  assert.deepEqual(completeSettings(stored), stored);
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
