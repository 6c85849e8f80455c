import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { addContentDigest } from "../../../lib/files/content_digest.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from "../../../lib/files/safetensors.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../lib/ensemble/training_checkpoint.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun, saveRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import type { Kernels } from "../../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../../lib/random.ts";
import { finish, METHODS, problemOf, tinySettings } from "../tiny_runs.ts";
import { headerEndOf, mutated, strangeJson } from "../../files/mutation.ts";

const source = "checkpoint.safetensors";
const context = {
  data: "a digest",
  kernels: "wasm",
  seconds: { train: 1, topology: 0.5, evaluate: 0.25, total: 2, cpu: 2 },
};

function bytesOf({ tensors, metadata }: Safetensors): Uint8Array {
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

function decode(bytes: Uint8Array): Checkpoint {
  return decodeCheckpoint(decodeSafetensors(bytes, source), source);
}

/** Trains until so many batches are done, and gives the state as bytes. */
function stoppedAfter(settings: Settings, batches: number, kernels: Kernels): Uint8Array {
  using run = openRun(problemOf(settings), settings, kernels);
  for (const event of train(run)) {
    if (event.type === "batch" && run.progress.step >= batches) {
      return bytesOf(encodeCheckpoint(saveRun(run), settings, context));
    }
  }
  return assert.fail(`there are not ${batches} batches`);
}

/** The outcome of a run, from a checkpoint or from the beginning. */
function outcome(settings: Settings, kernels: Kernels, bytes?: Uint8Array): unknown {
  const saved = bytes === undefined ? undefined : decode(bytes).saved;
  using run: TrainingRun = openRun(problemOf(settings), settings, kernels, { saved });
  finish(run);
  return run.progress;
}

const VARIANTS: [name: string, settings: Settings, kernels: () => Kernels][] = [
  ...METHODS.map((method): [string, Settings, () => Kernels] => [
    method,
    tinySettings(method),
    wasmKernels,
  ]),
  ["fd with an embedding", tinySettings("fd", { embedding: "periodic" }), wasmKernels],
  ["fd, numbers", tinySettings("fd", { task: "regression" }), wasmKernels],
  [
    "fd with Adam, one cycle and label smoothing",
    tinySettings("fd", {
      optimizer: "adam",
      learningRate: 0.01,
      learningRateCurve: "one-cycle",
      labelSmoothing: 0.1,
    }),
    wasmKernels,
  ],
  ["rd with the last network", tinySettings("rd", { memberSelection: "last" }), wasmKernels],
  ["fd with incomplete batches", tinySettings("fd", { dropLastBatch: false }), wasmKernels],
  ["fd with rollback allowed", tinySettings("fd", { onDivergence: "rollback" }), wasmKernels],
  ["dist with the reference kernels", tinySettings("dist"), referenceKernels],
];

for (const [name, settings, kernels] of VARIANTS) {
  Deno.test(`a checkpoint of ${name} goes on as if nothing had happened`, () => {
    const straight = outcome(settings, kernels());
    // Within an epoch, at its first and last batch, and within the last member: 120 batches in all.
    for (const batches of [1, 10, 11, 37, 60, 80, 81, 110, 119, 120]) {
      const bytes = stoppedAfter(settings, batches, kernels());
      assert.deepEqual(outcome(settings, kernels(), bytes), straight, `stopped after ${batches}`);
    }
  });
}

Deno.test("a checkpoint keeps what it was told, and the same state as the same bytes", () => {
  const settings = tinySettings("fd");
  const bytes = stoppedAfter(settings, 95, wasmKernels());
  assert.deepEqual(stoppedAfter(settings, 95, wasmKernels()), bytes);
  const checkpoint = decode(bytes);
  const { data, kernels, seconds } = checkpoint;
  assert.deepEqual({ data, kernels, seconds }, context);
  assert.deepEqual(checkpoint.settings, settings);
  const { progress } = checkpoint.saved;
  assert.equal(progress.step, 95);
  assert.equal(progress.epoch, 9);
  assert.equal(progress.batch, 5);
  assert.equal(progress.members.length, 1);
  assert.equal(progress.history.length, 9);
  const again = encodeCheckpoint(checkpoint.saved, settings, context);
  assert.deepEqual(decode(bytesOf(again)), checkpoint);
});

function isClear(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.length < 1500 &&
    error.message.startsWith(`Cannot read "${source}": `) &&
    !/undefined|\[object|Cannot (read|set) propert|is not a function/.test(error.message);
}

const small = tinySettings("fd", { hidden: [4], epsilon: 1 });
const original = stoppedAfter(small, 95, wasmKernels());

Deno.test("every truncation of a checkpoint is refused", () => {
  for (let length = 0; length < original.length; length++) {
    assert.throws(() => decode(original.slice(0, length)), isClear, `${length} bytes`);
  }
});

Deno.test("2,000 mutated checkpoints: a clear error, or the very same state", () => {
  const expected = decode(original);
  const headerEnd = headerEndOf(original);
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    const random = randomStream(7, "checkpoint mutation", round);
    let damaged = original;
    for (let left = 1 + random.below(3); left > 0; left--) {
      damaged = mutated(damaged, headerEnd, random);
    }
    let found: Checkpoint;
    try {
      found = decode(damaged);
    } catch (error) {
      assert.ok(isClear(error), `round ${round}: ${error}`);
      refused++;
      continue;
    }
    assert.deepEqual(found, expected, `round ${round}`);
  }
  assert.ok(refused > 1900, `${refused} refused`);
});

Deno.test("2,000 forged checkpoints with a right digest: a clear error, or a state", () => {
  const { tensors, metadata } = decodeSafetensors(original, source);
  const description = JSON.parse(metadata.sparsemble);
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    const random = randomStream(8, "checkpoint forgery", round);
    const text = JSON.stringify(strangeJson(description, random));
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    try {
      const { saved } = decodeCheckpoint(file, source);
      assert.equal(saved.layers.length, 2);
    } catch (error) {
      assert.ok(isClear(error), `round ${round}: ${(error as Error).stack}`);
      refused++;
    }
  }
  assert.ok(refused > 500 && refused < 1900, `${refused} refused`);
});

Deno.test("a checkpoint of a time when validation was not counted is read", () => {
  const { tensors, metadata } = decodeSafetensors(original, source);
  const description = JSON.parse(metadata.sparsemble);
  const { validation } = description.progress.flops;
  assert.ok(validation > 0);
  delete description.progress.flops.validation;
  const text = JSON.stringify(description);
  const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
  assert.equal(decodeCheckpoint(file, source).saved.progress.flops.validation, 0);
});

Deno.test("a checkpoint of another version or kind is refused, with a reason", () => {
  const { tensors, metadata } = decodeSafetensors(original, source);
  const description = JSON.parse(metadata.sparsemble);
  const cases: [change: Record<string, unknown>, says: RegExp][] = [
    [{ version: 3 }, /found version 3, need version 1 to 2/],
    [{ kind: "model" }, /found a Sparsemble model file, need a Sparsemble checkpoint/],
    [
      { seconds: { ...description.seconds, train: -1 } },
      /found -1 as "seconds\.train", need a finite number from 0/,
    ],
    [
      { progress: { ...description.progress, epoch: 0.5 } },
      /found 0\.5 as "progress\.epoch", need a whole number from 0/,
    ],
    [{ progress: { ...description.progress, epoch: 3 } }, /found a history of another length/],
    [{ hasBest: "yes" }, /found "yes" as "hasBest", need true or false/],
    [{ members: [] }, /found no networks, need the one in training/],
    [
      { progress: { ...description.progress, history: Array(9).fill({ epoch: 1 }) } },
      /found nothing as "progress\.history\[0\]\.member", need it/,
    ],
  ];
  for (const [change, says] of cases) {
    const text = JSON.stringify({ ...description, ...change });
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    assert.throws(
      () => decodeCheckpoint(file, source),
      (error: Error) => isClear(error) && says.test(error.message) || assert.fail(error.message),
    );
  }
});
