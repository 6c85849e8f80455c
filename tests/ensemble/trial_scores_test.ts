/** The choice among candidates by held-out rows, and what is told of it. */
import assert from "node:assert/strict";
import { trialMembers } from "../../lib/settings/mod.ts";
import {
  keptMembers,
  scoreCandidates,
  settingsOfMember,
  trialsOf,
} from "../../lib/ensemble/trials.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { tinySettings, trialSettings } from "./tiny_runs.ts";

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
