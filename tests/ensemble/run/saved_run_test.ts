import assert from "node:assert/strict";
import type { Problem } from "../../../lib/ensemble/problem.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../lib/ensemble/training_checkpoint.ts";
import { train } from "../../../lib/ensemble/train.ts";
import type { Progress } from "../../../lib/ensemble/progress.ts";
import type { SavedRun } from "../../../lib/ensemble/saved_run.ts";
import { openRun, saveRun } from "../../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { Kernels } from "../../../lib/kernels/kernels.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { blobs, finish, PROBLEM, problemOf, tinySettings } from "../tiny_runs.ts";

/** The state after 95 batches: in epoch 9 after 5 batches, with one member of two. */
function savedRun(settings: Settings): SavedRun {
  using run = openRun(problemOf(settings), settings, wasmKernels());
  const events = train(run);
  while (run.progress.step < 95) events.next();
  return saveRun(run);
}

/** A back end that must not be asked for memory. */
const closed: Kernels = {
  ...wasmKernels(),
  openArena: () => assert.fail("memory was opened"),
};

function refusal(saved: SavedRun, settings: Settings, problem: Problem = PROBLEM): string {
  try {
    openRun(problem, settings, closed, { saved });
  } catch (error) {
    assert.ok(error instanceof RangeError, `${error}`);
    return error.message.replace("Cannot resume the run: found ", "");
  }
  return assert.fail("it was opened");
}

Deno.test("a saved run of other data, widths or members is refused before memory is opened", () => {
  const settings = tinySettings("fd");
  const saved = savedRun(settings);
  // Two outputs beside classes up to 20,000: the kernels would write far beyond their arrays.
  const classes = { training: { ...PROBLEM.training }, validation: null, classes: 20_000 };
  assert.equal(
    refusal(saved, settings, classes),
    "layers sparse 30 × 6, sparse 30 × 30, sparse 3 × 30, need sparse ones of 30, 30, 20000 neurons",
  );
  const wider = { training: blobs(200, 7, 3, 1), validation: blobs(60, 7, 3, 2), classes: 3 };
  assert.equal(refusal(saved, settings, wider), "inputs 6, need 7");
  const other = savedRun(tinySettings("fd", { hidden: [8, 9] }));
  assert.match(refusal(other, settings), /^layers sparse 8 × 6, .* need sparse ones of 30, 30, 3 /);
  assert.match(
    refusal(savedRun(tinySettings("fd", { hidden: [30] })), settings),
    /^layers 2, need 3/,
  );
  const inMember = { ...saved, progress: { ...saved.progress, members: other.progress.members } };
  assert.match(refusal(inMember, settings), /^layers sparse 8 × 6/);
  const dense = savedRun(tinySettings("dense-ensemble"));
  assert.match(refusal({ ...saved, layers: dense.layers }, settings), /^layers dense 30 × 6/);
  const embedding = tinySettings("fd", { embedding: "periodic" });
  const embedded = { ...savedRun(embedding), layers: [saved.layers[0], ...saved.layers] };
  assert.match(refusal(embedded, embedding), /, need an embedding and sparse ones of 30, 30, 3 /);
});

Deno.test("a saved run at no place of the schedule is refused", () => {
  const settings = tinySettings("fd");
  const saved = savedRun(settings);
  const { members: [member] } = saved.progress;
  const cases: [change: Partial<Progress>, says: string][] = [
    [{ epoch: 13 }, "epoch 13, need 0 to 12"],
    [{ epoch: 12 }, "batch 5, need 0"],
    [{ batch: 11 }, "batch 11, need 0 to 10"],
    [{ step: 96 }, "step 96, need 95"],
    [{ step: 2 ** 60 }, `step ${2 ** 60}, need 95`],
    [{ members: [] }, "finished members 0, need 1"],
    [{ members: Array(8).fill(member) }, "finished members 8, need 1"],
    [
      { epoch: 12, batch: 0, step: 120, members: Array(3).fill(member) },
      "finished members 3, need 1 to 2",
    ],
  ];
  for (const [change, says] of cases) {
    const progress = { ...saved.progress, ...change };
    assert.equal(refusal({ ...saved, progress }, settings), says);
  }
  const last = tinySettings("fd", { memberSelection: "last" });
  assert.equal(
    refusal({ ...savedRun(last), progress: { ...savedRun(last).progress, best: member } }, last),
    "best networks 1, need 0",
  );
});

Deno.test("a run with trials may be saved at any batch, before and after its choice", () => {
  const settings = tinySettings("dense-ensemble", {
    trials: 2,
    candidates: [{ dropout: 0.1 }, { dropout: 0.3 }],
    epochs: 2,
    memberSelection: "last",
    validationFraction: 0.2,
    dropLastBatch: false,
  });
  const saves: SavedRun[] = [];
  using run = openRun(PROBLEM, settings, wasmKernels());
  finish(run, () => saves.push(saveRun(run)));
  saves.push(saveRun(run));
  for (const saved of saves) {
    openRun(PROBLEM, settings, wasmKernels(), { saved }).dispose();
  }
  assert.ok(saves.length > 100, `${saves.length}`);
});

Deno.test("a checkpoint of a back end that is none, or not that of the settings, is refused", () => {
  const decoded = (kernels: string, chosen: Settings["kernels"]): Checkpoint => {
    const settings = tinySettings("fd", { kernels: chosen });
    const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
    const context = { data: "", kernels, seconds };
    return decodeCheckpoint(encodeCheckpoint(savedRun(settings), settings, context), "c");
  };
  for (const name of ["__proto__", "toString", "auto", "wasm\0"]) {
    assert.throws(() => decoded(name, "auto"), /as "kernels", need the name of a back end/);
  }
  assert.throws(
    () => decoded("native", "wasm"),
    /^SyntaxError: Cannot read "c": found kernels "native", need those of the settings, "wasm"$/,
  );
  assert.throws(() => decoded("reference", "auto"), /found kernels "reference"/);
  assert.equal(decoded("native", "auto").kernels, "native");
});
