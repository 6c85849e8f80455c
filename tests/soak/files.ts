/**
 * Damaged model files and checkpoints: whatever happens to the bytes, loading them ends soon, in
 * little memory, with one clear sentence or with the same numbers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeModel, load } from "../../lib/model/model_file.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import { encodeCheckpoint } from "../../lib/ensemble/training_checkpoint.ts";
import { predictProba } from "../../lib/model/predictor.ts";
import { train } from "../../lib/ensemble/train.ts";
import { openRun, saveRun } from "../../lib/ensemble/training_run.ts";
import { readCheckpoint, runFiles } from "../../lib/experiments/run/run_folder.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../lib/random.ts";
import { headerEndOf, mutated } from "../files/mutation.ts";
import { smallModel } from "../model/small_model.ts";
import { PROBLEM, tinySettings } from "../ensemble/tiny_runs.ts";
import { writeFile } from "../files.ts";
import { allocationsOf } from "./allocations.ts";
import { ENOUGH_FAILURES, failureText, type SoakOptions, type SoakReport } from "./report.ts";

/** A whole file and how to use it. */
export interface WholeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where a folder's file of this kind stands. */
  readonly pathIn: (folder: string) => string;
  /** Loads the file and says what must be the same whenever it loads. */
  readonly use: (folder: string) => unknown;
}

const ROWS = [[0.1, 1, 7, -50], [1, 2.5, 7, 30], [-1, 2, 8, 0]];

/** A model of two members and a checkpoint of a second member in training. */
export async function wholeFiles(): Promise<WholeFile[]> {
  const modelIn = (folder: string) => `${folder}/model.safetensors`;
  const settings = tinySettings("fd", { hidden: [6], epsilon: 1, optimizer: "adam" });
  return [
    {
      name: "model",
      bytes: bytesOf(encodeModel(await smallModel({ hidden: [8, 6], epochs: 6, explore: 2 }))),
      pathIn: modelIn,
      use: (folder) => predictProba(load(modelIn(folder)), ROWS),
    },
    {
      name: "checkpoint",
      bytes: bytesOf(checkpointAfter(95)),
      pathIn: (folder) => runFiles(folder).checkpoint,
      use: (folder) => readCheckpoint(runFiles(folder)),
    },
  ];

  function checkpointAfter(batches: number): ReturnType<typeof encodeCheckpoint> {
    using run = openRun(PROBLEM, settings, wasmKernels());
    for (const event of train(run)) {
      if (event.type === "batch" && run.progress.step >= batches) break;
    }
    const seconds = { train: 1, topology: 0.5, evaluate: 0.25, total: 2, cpu: 2 };
    return encodeCheckpoint(saveRun(run), settings, { data: "a digest", kernels: "wasm", seconds });
  }
}

function bytesOf({ tensors, metadata }: ReturnType<typeof decodeSafetensors>): Uint8Array {
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

/** Bytes beside twice the file: V8's own, the header as text, the network's descriptions. */
const SMALL_CHANGE = 2 ** 16;

/**
 * Loads a file whose bytes were changed.
 *
 * @returns Whether it loaded: then with the same numbers as the whole one.
 * @throws {assert.AssertionError} If it ends in any other way.
 */
export function checkDamaged(
  file: WholeFile,
  bytes: Uint8Array,
  folder: string,
  expected: unknown,
): boolean {
  const path = file.pathIn(folder);
  writeFile(path, bytes);
  let found: unknown;
  let error: unknown = null;
  const began = performance.now();
  const { largest } = allocationsOf(() => {
    try {
      found = file.use(folder);
    } catch (thrown) {
      error = thrown;
    }
  });
  const milliseconds = performance.now() - began;
  // Nothing hangs: far more than a loaded machine takes.
  assert.ok(milliseconds < 60_000, `${milliseconds} ms`);
  assert.ok(
    largest <= 2 * bytes.length + SMALL_CHANGE,
    `an array of ${largest} bytes for a file of ${bytes.length}`,
  );
  if (error === null) {
    assert.deepEqual(found, expected);
    return true;
  }
  assert.ok(error instanceof SyntaxError, failureText(error));
  assert.ok(error.message.startsWith(`Cannot read "${path}": `), error.message);
  assert.ok(error.message.length < 1500, error.message);
  assert.doesNotMatch(
    error.message,
    /undefined|\[object|Cannot (read|set) propert|is not a function/,
  );
  return false;
}

/** Every truncation of both files, and as many mutations as asked for, half of each. */
export async function soakFiles(mutations: number, options: SoakOptions): Promise<SoakReport> {
  const { seed, folder, deadline, onProgress } = options;
  const counts = { truncations: 0, mutations: 0, refused: 0, "loaded, the same": 0 };
  const failures: string[] = [];
  const check = (file: WholeFile, bytes: Uint8Array, expected: unknown, what: string): boolean => {
    try {
      const same = checkDamaged(file, bytes, folder, expected);
      counts[same ? "loaded, the same" : "refused"]++;
      return same;
    } catch (error) {
      failures.push(`${what}: ${failureText(error)}`);
      return false;
    }
  };
  for (const file of await wholeFiles()) {
    const { name, bytes, pathIn, use } = file;
    writeFile(pathIn(folder), bytes);
    const expected = use(folder);
    const hopeless = () => failures.length >= ENOUGH_FAILURES || performance.now() >= deadline;
    for (let length = 0; length < bytes.length && !hopeless(); length++) {
      const what = `${name} cut to ${length} of ${bytes.length} bytes`;
      if (check(file, bytes.subarray(0, length), expected, what)) failures.push(`${what}: loaded`);
      counts.truncations++;
    }
    onProgress?.(`${name}: ${bytes.length} truncations`);
    const headerEnd = headerEndOf(bytes);
    const share = name === "model" ? Math.ceil(mutations / 2) : Math.floor(mutations / 2);
    for (let round = 0; round < share && !hopeless(); round++) {
      const random = randomStream(seed, "file mutation", name, round);
      let damaged = bytes;
      for (let left = 1 + random.below(3); left > 0; left--) {
        damaged = mutated(damaged, headerEnd, random);
      }
      check(file, damaged, expected, `${name}, mutation ${round}`);
      counts.mutations++;
    }
    onProgress?.(`${name}: ${share} mutations`);
    await Deno.remove(pathIn(folder));
  }
  return { counts, failures };
}
