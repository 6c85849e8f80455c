/**
 * A power cut after every change of the disk: what a disk may hold then is laid out in a folder, and the
 * run there goes on to the same bytes, or says that there is nothing to go on with.
 *
 * @module
 */
import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { Buffer } from "node:buffer";
import type { DiskChange } from "../../lib/files/mod.ts";
import {
  completeConfig,
  resumeRun,
  type RunConfig,
  startRun,
} from "../../lib/experiments/run/mod.ts";
import { type Random, randomStream, shuffle } from "../../lib/random.ts";
import { METHODS } from "../../lib/methods/mod.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { isThere, newFolder, readBytes, readText, writeFile } from "../files.ts";
import { tinyTable } from "../tasks/tiny_run.ts";
import { failureText, type SoakOptions, type SoakReport } from "./report.ts";

/** The files of a folder by their names. */
type Files = ReadonlyMap<string, Uint8Array>;

/** What a cut power may do to what was not flushed. */
const LOSSES = {
  "all reaches the disk": { names: true, share: 1 },
  "names reach the disk, and half of the bytes": { names: true, share: 0.5 },
  "names reach the disk, and no bytes": { names: true, share: 0 },
  "nothing reaches the disk": { names: false, share: 0 },
} as const;

/** What power cuts came to. */
export interface PowerLossCounts {
  /** Changes of the disk that the run made. */
  readonly changes: number;
  /** Different states of the disk that were tried. */
  readonly states: number;
  /** Those from which the run went on. */
  readonly resumed: number;
  /** Those in which it had ended. */
  readonly finished: number;
  /** Those that held no run. */
  readonly nothing: number;
}

/**
 * Trains a run that is killed, resumed and stopped on the way, and cuts the power after its changes of the
 * disk.
 *
 * @param most States of the disk to try at most; which, `random` draws.
 * @param within Where to put the runs. Left out: a new folder for temporary files.
 * @throws {assert.AssertionError} If a run that goes on has another model or other events.
 */
export async function cutPower(
  config: RunConfig,
  killedAt: readonly number[],
  most: number,
  random: Random,
  within?: string,
): Promise<PowerLossCounts> {
  const folder = within === undefined ? newFolder() : await Deno.makeTempDir({ dir: within });
  const [straight, broken, scratch] = ["straight", "run", "cut"].map((name) => `${folder}/${name}`);
  await startRun(config, straight, { checkpointEvery: 0 });
  const changes = await changesOf(config, broken, killedAt);
  const model = readBytes(`${straight}/model.safetensors`);
  const events = readText(`${straight}/events.jsonl`);
  assert.equal(readText(`${broken}/events.jsonl`), events);

  // From then on the configuration is on the disk, and with it the run.
  const named = changes.findIndex((it) => it.kind === "rename" && it.to.endsWith("config.json"));
  const begun = changes.findIndex((it, k) => k > named && it.kind === "flush");
  const found = new Map<string, { files: Files; what: string; count: number }>();
  for (let count = 0; count <= changes.length; count++) {
    for (const [what, loss] of Object.entries(LOSSES)) {
      const files = filesAfter(changes.slice(0, count), broken, loss);
      const content = [...files].map(([name, bytes]) =>
        `${name} ${Buffer.from(bytes).toString("hex")}`
      );
      // Of a temporary file the bytes do not matter: it is removed unread.
      const key = content.map((file) => file.replace(/\.tmp .*/, "")).sort().join("\n");
      if (!found.has(key)) found.set(key, { files, what: `after ${count} changes ${what}`, count });
    }
  }
  const states = [...found.values()];
  const order = Int32Array.from(states.keys());
  shuffle(order, random);
  const ends = { resumed: 0, finished: 0, nothing: 0 };
  for (const k of order.subarray(0, most)) {
    const { files, what, count } = states[k];
    if (isThere(scratch)) await Deno.remove(scratch, { recursive: true });
    await Deno.mkdir(scratch);
    for (const [name, bytes] of files) writeFile(`${scratch}/${name}`, bytes);
    const end = await endOf(scratch).catch((cause) => {
      throw new assert.AssertionError({ message: `${what}: ${cause.message}` });
    });
    ends[end]++;
    if (end === "nothing") {
      assert.ok(count <= begun, `${what}: the run is lost`);
      continue;
    }
    assert.ok(
      readBytes(`${scratch}/model.safetensors`).join() === model.join(),
      `${what}: the model`,
    );
    assert.equal(readText(`${scratch}/events.jsonl`), events, what);
  }
  await Deno.remove(folder, { recursive: true });
  return { changes: changes.length, states: Math.min(most, states.length), ...ends };
}

/** A short run, with a checkpoint after every batch. */
export function shortRun(folder: string, changes: Partial<Settings> = {}): RunConfig {
  const path = `${folder}/table.csv`;
  writeFile(path, tinyTable({ rows: 60 }));
  const data = { file: path, target: "class", testFraction: 0.2 };
  const sizes = { hidden: [8], epsilon: 1, batchSize: 16, members: 2, explore: 2, epochs: 8 };
  return completeConfig({ method: "fd", ...data, ...sizes, kernels: "wasm", ...changes });
}

/** Cuts the power in short runs of every method, at every change of the disk that is another state of it. */
export async function soakPowerLoss(options: SoakOptions): Promise<SoakReport> {
  const { seed, folder, deadline } = options;
  const counts: Record<string, number> = { "states of the disk": 0, "runs that went on": 0 };
  const failures: string[] = [];
  for (const method of METHODS) {
    if (performance.now() >= deadline) break;
    const single = ["set", "rigl", "static", "dense"].includes(method);
    const explore = single || method === "dense-ensemble" ? 0 : 2;
    const config = shortRun(folder, { method, seed, explore, members: single ? 1 : 2 });
    try {
      const random = randomStream(seed, "power loss", method);
      const { states, resumed } = await cutPower(config, [2, 5], Infinity, random, folder);
      counts["states of the disk"] += states;
      counts["runs that went on"] += resumed;
    } catch (error) {
      failures.push(`${method}: ${failureText(error)}`);
    }
  }
  return { counts, failures };
}

/** The changes that a run makes, killed in some epochs and stopped in another. */
async function changesOf(
  config: RunConfig,
  folder: string,
  killedAt: readonly number[],
): Promise<DiskChange[]> {
  const changes: DiskChange[] = [];
  const watch = (change: DiskChange) => {
    const last = changes[changes.length - 1];
    if (change.kind !== "write") changes.push(change);
    else if (last?.kind === "write" && last.path === change.path) {
      // A file's arrays are written one by one; what is cut between them is cut.
      const bytes = new Uint8Array(Buffer.concat([last.bytes, change.bytes]));
      changes[changes.length - 1] = { ...last, bytes };
    } else changes.push({ ...change, bytes: change.bytes.slice() });
  };
  const carryOut = (killed: number) => {
    const onEvent = (event: { type: string; epoch?: number }) => {
      if (event.type === "epoch" && event.epoch === killed) throw new Error("killed");
    };
    // As many checkpoints as there are batches.
    const options = { watch, onEvent, checkpointEvery: 1e-9 };
    return isThere(`${folder}/config.json`)
      ? resumeRun(folder, options)
      : startRun(config, folder, options);
  };
  for (const epoch of killedAt) await assert.rejects(carryOut(epoch), { message: "killed" });
  await carryOut(Infinity);
  return changes;
}

/** What is in a folder after changes, of which those that were not flushed came to some loss. */
function filesAfter(
  changes: readonly DiskChange[],
  folder: string,
  loss: (typeof LOSSES)[keyof typeof LOSSES],
): Files {
  /** A file's bytes, and how many of them were flushed. */
  interface Content {
    bytes: Uint8Array;
    flushed: number;
  }
  const names = new Map<string, Content>();
  let onDisk = new Map<string, Content>();
  for (const change of changes) {
    const content = names.get(change.path);
    switch (change.kind) {
      case "create":
        names.set(change.path, { bytes: new Uint8Array(0), flushed: 0 });
        break;
      case "remove":
        names.delete(change.path);
        break;
      case "write":
        content!.bytes = new Uint8Array(Buffer.concat([content!.bytes, change.bytes]));
        break;
      case "rename":
        names.delete(change.path);
        names.set(change.to, content!);
        break;
      case "flush":
        if (change.path === folder) onDisk = new Map(names);
        else if (content !== undefined) content.flushed = content.bytes.length;
    }
  }
  const left = loss.names ? names : onDisk;
  return new Map(
    [...left].filter(([path]) => dirname(path) === folder).map(([path, { bytes, flushed }]) => {
      const kept = flushed + Math.floor(loss.share * (bytes.length - flushed));
      return [basename(path), bytes.subarray(0, kept)];
    }),
  );
}

async function endOf(folder: string): Promise<"resumed" | "finished" | "nothing"> {
  try {
    await resumeRun(folder, { checkpointEvery: 0 });
    return "resumed";
  } catch (error) {
    const { message } = error as Error;
    if (/^Cannot resume the run in .*: it is finished, /.test(message)) return "finished";
    if (/^Cannot read ".*config\.json": there is no such file/.test(message)) return "nothing";
    throw error;
  }
}
