import assert from "node:assert/strict";
import {
  openMembersAtATime,
  type RunState,
  trainSideBySide,
} from "../../../lib/ensemble/side_by_side/mod.ts";
import { openMeters } from "../../../lib/counters/mod.ts";
import { openMemberRun, placeOf } from "../../../lib/ensemble/side_by_side/member_run.ts";
import type { AheadMember, PlacedEvent, SavedRun } from "../../../lib/ensemble/saved_run.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { settingsOfMember } from "../../../lib/ensemble/trials.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/ensemble/training_checkpoint.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import {
  copyState,
  openRun,
  saveRun,
  type TrainingRun,
} from "../../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { finish, problemOf, tinySettings } from "../tiny_runs.ts";

/** What is told of a run: every event but its batches, with the step and the operations so far. */
interface Told {
  readonly step: number;
  readonly event: TrainingEvent;
}

const TRIALS = {
  trials: 2,
  candidates: [{ dropout: 0.1 }, { dropout: 0.3 }],
  members: 3,
  epochs: 3,
  memberSelection: "last",
  validationFraction: 0.2,
} as const;

const CASES: readonly [name: string, settings: Settings][] = [
  ["dense members", tinySettings("dense-ensemble", { members: 4, epochs: 4 })],
  [
    "members that each evolve",
    tinySettings("set", { members: 3, epochs: 6, interval: 1, evolveUntil: 0.5, hidden: [20, 20] }),
  ],
  [
    "members that evolve by steps, with Adam",
    tinySettings("rigl", { members: 3, epochs: 4, optimizer: "adam", learningRate: 0.01 }),
  ],
  [
    "members in blocks",
    tinySettings("set", { members: 3, epochs: 4, hidden: [24, 24], blockSize: 4 }),
  ],
  ["trials", tinySettings("dense-ensemble", { ...TRIALS, dropLastBatch: false })],
  [
    "trials whose members learn longer",
    tinySettings("dense-ensemble", {
      ...TRIALS,
      candidates: TRIALS.candidates.map((own) => ({ ...own, memberEpochs: 1.5 })),
    }),
  ],
  [
    "trials of numbers, with an embedding",
    tinySettings("set", {
      ...TRIALS,
      task: "regression",
      embedding: "periodic",
      candidates: [{ frequencies: 2 }, { frequencies: 3 }],
      epochs: 6,
      trialEpochs: 0.5,
      optimizer: "adam",
      learningRate: 0.01,
    }),
  ],
  [
    "weighted classes, with rollbacks allowed",
    tinySettings("sparse-ensemble", {
      members: 3,
      epochs: 4,
      classWeights: "balanced",
      onDivergence: "rollback",
    }),
  ],
];

function outcome({ progress, stage }: TrainingRun): object {
  const { members, history, flops, step, rollbacks } = progress;
  return { members, history, flops, step, rollbacks, scores: stage.trialScores };
}

/** Batches are told now and then, and the updates by steps of members ahead not again. */
const isTold = (event: TrainingEvent) =>
  event.type !== "batch" && !(event.type === "topology" && event.step !== undefined);

/** As the lines of a log. */
const lines = (told: readonly Told[]) => told.map((line) => JSON.stringify(line, sorted));

/** A file gives the fields of a member in another order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}

function inTurn(settings: Settings): { told: Told[]; outcome: object } {
  const told: Told[] = [];
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => isTold(event) && told.push({ step: run.progress.step, event }));
  return { told, outcome: outcome(run) };
}

/** Trains with so many workers. Asks for a state at some events, and stops at the last one. */
async function sideBySide(
  settings: Settings,
  count: number,
  { saved, states = [] }: { saved?: SavedRun | undefined; states?: readonly number[] } = {},
): Promise<{ told: Told[]; outcome: object; saved: SavedRun[] }> {
  const told: Told[] = [];
  const kept: SavedRun[] = [];
  using run = openRun(problemOf(settings), settings, wasmKernels(), { saved });
  using members = await openMembersAtATime(run, count, false);
  // A run with one thread has no worker, unless it was stopped with several.
  if (members.workers === null) {
    assert.equal(count, 1);
    finish(run, (event) => isTold(event) && told.push({ step: run.progress.step, event }));
    return { told, outcome: outcome(run), saved: [] };
  }
  let events = 0;
  for await (const event of trainSideBySide(run, members.workers)) {
    if (event.type === "state") {
      kept.push((event as RunState).saved);
      if (kept.length === states.length) break;
      continue;
    }
    if (isTold(event)) told.push({ step: run.progress.step, event });
    const place = states.indexOf(events++);
    if (place >= 0) members.workers.askForState(place === states.length - 1);
  }
  return { told, outcome: outcome(run), saved: kept };
}

/** As it is read from a file again. */
function throughFile(saved: SavedRun, settings: Settings): SavedRun {
  const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
  const context = { data: "", kernels: "wasm", seconds };
  return decodeCheckpoint(encodeCheckpoint(saved, settings, context), "a checkpoint").saved;
}

for (const [name, settings] of CASES) {
  Deno.test(`any number of workers tells the same and ends in the same bytes: ${name}`, async () => {
    const expected = inTurn(settings);
    for (const count of [2, 3]) {
      const found = await sideBySide(settings, count);
      assert.deepEqual(lines(found.told), lines(expected.told), `${count} workers`);
      assert.deepEqual(found.outcome, expected.outcome, `${count} workers`);
    }
  });

  Deno.test(`a run that was stopped side by side goes on to the same bytes: ${name}`, async () => {
    const expected = inTurn(settings);
    const random = randomStream(1, "stops", name);
    for (const [before, after] of [[2, 3], [3, 2], [2, 1], [3, 0]]) {
      const stop = random.below(Math.floor(0.7 * expected.told.length));
      const first = await sideBySide(settings, before, { states: [stop] });
      // The run may have come to its end before the state was there.
      if (first.saved.length === 0) {
        assert.deepEqual(first.outcome, expected.outcome);
        continue;
      }
      const saved = throughFile(first.saved[0], settings);
      const what = `stopped at ${stop}, ${before} workers and then ${after}`;
      if (after === 0) {
        // Without workers the members ahead are trained again.
        using run = openRun(problemOf(settings), settings, wasmKernels(), { saved });
        finish(run);
        assert.deepEqual(outcome(run), expected.outcome, what);
        continue;
      }
      const second = await sideBySide(settings, after, { saved });
      assert.deepEqual(second.outcome, expected.outcome, what);
      assert.deepEqual(lines([...first.told, ...second.told]), lines(expected.told), what);
    }
  });
}

/** A member's run by itself up to a batch: what a worker has of it then. */
function aheadMember(settings: Settings, member: number, batches: number): AheadMember {
  using whole = openRun(problemOf(settings), settings, wasmKernels());
  const plan = { ...whole.stage, memberSettings: settingsOfMember(settings, member, []) };
  const meters = openMeters();
  using run = openMemberRun(whole, member, plan, wasmKernels(), meters, undefined);
  const events: PlacedEvent[] = [];
  let seen = 0;
  for (const event of train(run)) {
    if (isTold(event)) events.push({ event, at: placeOf(run.progress, meters) });
    if (event.type === "batch" && ++seen === batches) break;
  }
  const saved = seen === batches ? saveRun(run) : copyState(run);
  return { member, saved, events, seconds: { train: 1, topology: 0, evaluate: 0 } };
}

for (const [name, settings] of CASES) {
  Deno.test(`members that were ahead, or finished, are told in their turn: ${name}`, async () => {
    const expected = inTurn(settings);
    using run = openRun(problemOf(settings), settings, wasmKernels());
    let batches = 0;
    const told: Told[] = [];
    for (const event of train(run)) {
      if (isTold(event)) told.push({ step: run.progress.step, event });
      if (event.type === "batch" && ++batches === 17) break;
    }
    const ahead = [aheadMember(settings, 1, 24), aheadMember(settings, 2, Infinity)];
    assert.equal(ahead[0].saved.progress.members.length, 0);
    assert.equal(ahead[1].saved.progress.members.length, 1);
    const saved = throughFile({ ...saveRun(run), ahead }, settings);
    const before = told.filter(({ step }) => step <= saved.progress.step - saved.progress.batch);
    for (const count of [1, 2, 3]) {
      const found = await sideBySide(settings, count, { saved });
      assert.deepEqual(lines([...before, ...found.told]), lines(expected.told), `${count} workers`);
      assert.deepEqual(found.outcome, expected.outcome, `${count} workers`);
    }
  });
}

Deno.test("a saved run with members ahead at no place of the schedule is refused", () => {
  const [, settings] = CASES[4];
  using run = openRun(problemOf(settings), settings, wasmKernels());
  const saved = saveRun(run);
  const ahead = aheadMember(settings, 1, 24);
  const { progress } = ahead.saved;
  const refused = (changed: AheadMember[], own = settings) => {
    const options = { saved: { ...saved, ahead: changed } };
    try {
      openRun(problemOf(own), own, wasmKernels(), options).dispose();
    } catch (error) {
      return (error as Error).message.replace("Cannot resume the run: found ", "");
    }
    return "opened";
  };
  const withProgress = (change: object) => [
    { ...ahead, saved: { ...ahead.saved, progress: { ...progress, ...change } } },
  ];
  assert.equal(refused([ahead]), "opened");
  assert.match(refused([{ ...ahead, member: 0 }]), /^a member beside it, number 0, need 1 to 3/);
  assert.match(refused([{ ...ahead, member: 4 }]), /^a member beside it, number 4, need 1 to 3/);
  assert.match(refused([ahead, ahead]), /^a member beside it, number 1, need 2 to 3/);
  assert.match(refused(withProgress({ epoch: 0 })), /^epoch 0, need 3 to 6/);
  assert.match(refused(withProgress({ batch: 0 })), /^step \d+, need \d+/);
  assert.match(refused(withProgress({ history: [] })), /^epochs told 0, need 2/);
  assert.match(refused(withProgress({ members: [1] })), /^finished members 1, need 0/);
  const { layers } = ahead.saved;
  assert.match(
    refused([{ ...ahead, saved: { ...ahead.saved, layers: layers.slice(1) } }]),
    /^layers 2, need 3/,
  );
  const dependent = { ...settings, memberWeighting: 1 };
  assert.match(refused([ahead], dependent), /^members beside it 1, need 0/);
});

Deno.test("members that depend on each other, one thread and own strategies have no workers", async () => {
  for (
    const [settings, threads, strategy] of [
      [tinySettings("fd"), 2, undefined],
      [tinySettings("dense-ensemble", { memberWeighting: 1 }), 2, undefined],
      [tinySettings("dense-ensemble"), 1, undefined],
      [tinySettings("set", { members: 1 }), 2, undefined],
      [tinySettings("set", { members: 2 }), 2, { name: "mine" }],
    ] as const
  ) {
    using run = openRun(problemOf(settings), settings, wasmKernels(), { strategy });
    using members = await openMembersAtATime(run, threads, false);
    assert.equal(members.workers, null);
    assert.equal(members.count, 1);
    assert.equal(members.reason, null);
  }
});

Deno.test("a member that diverges ends the run in its turn, in the same words", async () => {
  const settings = tinySettings("set", { members: 3, learningRate: 1000, dropout: 0 });
  using run = openRun(problemOf(settings), settings, wasmKernels());
  let expected: Error | undefined;
  try {
    finish(run);
  } catch (error) {
    expected = error as Error;
  }
  assert.equal(expected?.name, "TrainingDiverged");
  await assert.rejects(sideBySide(settings, 2), { name: expected.name, message: expected.message });
});

Deno.test("a worker that breaks down ends the run in a sentence", async () => {
  const [, settings] = CASES[0];
  using run = openRun(problemOf(settings), settings, wasmKernels());
  using members = await openMembersAtATime(run, 2, false);
  const workers = members.workers!;
  const { begin } = workers;
  workers.begin = (task) => begin({ ...task, seconds: null as never });
  const events = trainSideBySide(run, workers);
  await assert.rejects(async () => {
    for await (const _ of events);
  }, /^Error: Cannot go on training: found a worker that broke down \(.*\), need all of them$/);
});

Deno.test("the rows lie in shared memory, and the run's own network is closed", async () => {
  const [, settings] = CASES[0];
  const { used } = wasmMemory();
  using run = openRun(problemOf(settings), settings, wasmKernels());
  using members = await openMembersAtATime(run, 2, false);
  assert.ok(members.bytes > 0);
  assert.ok(run.problem.training.features.buffer instanceof SharedArrayBuffer);
  assert.equal(run.stage.rows, run.problem.training);
  for await (const event of trainSideBySide(run, members.workers!)) {
    if (event.type === "member") assert.equal(wasmMemory().used, used);
  }
});
