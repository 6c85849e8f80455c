import { escaped, parseJson } from "../../messages.ts";
import { node } from "../../node.ts";
import {
  type DiskWatch,
  encodeSafetensors,
  ensureWritableFolder,
  fileErrorReason,
  flushFile,
  readSafetensors,
  readTextFile,
  type Safetensors,
  writeFileAtomically,
} from "../../files/mod.ts";
import { type Checkpoint, decodeCheckpoint } from "../../ensemble/mod.ts";
import { removeStream } from "../../streams/mod.ts";
import { completeConfig, type RunConfig } from "./run_config.ts";
import type { RunRecord } from "./run_record.ts";

/** The files of a run folder. */
export interface RunFiles {
  /** The run's configuration: repeats it. */
  readonly config: string;
  /** One line of JSON for every epoch, topology change and member. */
  readonly events: string;
  /** The trained ensemble. */
  readonly model: string;
  /** The result. It is written last: a run is finished exactly if it is there. */
  readonly record: string;
  /** The state of a run that is not finished. */
  readonly checkpoint: string;
  /** The training rows of a run that is not finished, where they are streamed. */
  readonly rows: string;
  /** Hears of every change of these files. For tests. */
  readonly watch?: DiskWatch | undefined;
}

/** The paths of a run folder's files. */
export function runFiles(folder: string, watch?: DiskWatch): RunFiles {
  return {
    config: node.path.join(folder, "config.json"),
    events: node.path.join(folder, "events.jsonl"),
    model: node.path.join(folder, "model.safetensors"),
    record: node.path.join(folder, "record.json"),
    checkpoint: node.path.join(folder, "checkpoint.safetensors"),
    rows: node.path.join(folder, "rows.f32"),
    watch,
  };
}

/** The end of the message where a folder has a run already. */
export const ANOTHER_FOLDER =
  "need a folder without one (--out), or a run that was stopped (--resume)";

/**
 * Makes a run folder and writes the configuration into it.
 *
 * @throws {Error} If there is a run in it, or it cannot be written.
 */
export function createRunFolder(
  folder: string,
  config: RunConfig,
  bytes: number,
  watch?: DiskWatch,
): RunFiles {
  const files = runFiles(folder, watch);
  const taken = [files.config, files.model, files.record].find((path) => node.fs.existsSync(path));
  if (taken !== undefined) {
    const found = `found "${node.path.basename(taken)}", the file of another run`;
    throw new Error(`Cannot begin a run in "${folder}": ${found}, ${ANOTHER_FOLDER}`);
  }
  ensureWritableFolder(folder, bytes, watch);
  writeFileAtomically(files.events, "", watch);
  writeConfig(files, config);
  return files;
}

/** Writes a run's configuration. */
export function writeConfig(files: RunFiles, config: RunConfig): void {
  writeFileAtomically(files.config, `${JSON.stringify(config, null, 2)}\n`, files.watch);
}

/** Takes a run that did not get as far as its first batch out of its folder again. */
export function discardRun(files: RunFiles): void {
  for (const path of [files.config, files.events]) node.fs.rmSync(path, { force: true });
  removeStream(files.rows);
}

/** Removes a folder if there is nothing in it. */
export function removeEmptyFolder(folder: string): void {
  try {
    node.fs.rmdirSync(folder);
  } catch {
    // There is something in it, which is not ours to remove.
  }
}

/**
 * Reads the configuration of a run folder, or any file with one.
 *
 * @throws {SyntaxError} If the file is not JSON.
 */
export function readConfig(path: string): RunConfig {
  return completeConfig(readJson(path));
}

/**
 * Reads a JSON object. Editors of Windows put a byte order mark before it.
 *
 * @throws {SyntaxError} If it is none.
 */
export function readJson(path: string): Record<string, unknown> {
  const text = readTextFile(path).replace(/^\uFEFF/, "");
  if (text.startsWith("\uFFFD\uFFFD")) {
    throw new SyntaxError(`Cannot read "${path}": found UTF-16 text, need UTF-8`);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${path}": ${escaped((cause as Error).message)}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError(`Cannot read "${path}": found no JSON object, need one`);
  }
  return value as Record<string, unknown>;
}

/**
 * Adds lines to a run's events, each with the step after which it came.
 *
 * @throws {Error} If they cannot be written; the message says why.
 */
export function appendEvents(files: RunFiles, step: number, events: readonly object[]): void {
  const lines = events.map((event) => `${JSON.stringify({ step, ...event })}\n`);
  const bytes = new TextEncoder().encode(lines.join(""));
  try {
    files.watch?.({ kind: "write", path: files.events, bytes });
    // Node's way of appending would let everybody write to the file, whatever the umask.
    Deno.writeFileSync(files.events, bytes, { append: true });
  } catch (cause) {
    throw new Error(`Cannot write "${files.events}": ${fileErrorReason(cause)}`, { cause });
  }
}

/**
 * Takes the events after a step out again: a run that goes on from a checkpoint will tell them anew.
 * So does a last line that was cut off. A rollback leads back to a step that had been passed, so it is
 * its number that tells whether the checkpoint knows of it. Steps count after the last one that it knows:
 * what is before that happened, and what is after the next one did not, whatever their steps.
 */
export function dropEventsAfter(files: RunFiles, step: number, rollbacks: number): void {
  const text = node.fs.existsSync(files.events) ? readTextFile(files.events) : "";
  let passed = 0;
  const lines = text.split("\n").slice(0, -1).filter((line) => {
    const found = /^\{"step":(\d+),"type":"(\w+)".*\}$/.exec(line);
    if (found === null) return false;
    if (found[2] === "rollback") passed++;
    if (passed !== rollbacks) return passed < rollbacks;
    return found[2] === "rollback" || Number(found[1]) <= step;
  });
  writeFileAtomically(files.events, lines.map((line) => `${line}\n`).join(""), files.watch);
}

/** Replaces a run's checkpoint. The events before it, which are not told again, reach the disk first. */
export function writeCheckpoint(files: RunFiles, { tensors, metadata }: Safetensors): void {
  flushFile(files.events, files.watch);
  writeFileAtomically(files.checkpoint, encodeSafetensors(tensors, metadata), files.watch);
}

/** A run's checkpoint, or `null` where it has none yet. */
export function readCheckpoint(files: RunFiles): Checkpoint | null {
  if (!node.fs.existsSync(files.checkpoint)) return null;
  return decodeCheckpoint(readSafetensors(files.checkpoint), files.checkpoint);
}

/** Tells whether a run has ended. */
export function isFinished(files: RunFiles): boolean {
  return node.fs.existsSync(files.record);
}

/** Writes the record, which makes the run finished, and removes the checkpoint. */
export function finishRunFolder(files: RunFiles, record: RunRecord): void {
  flushFile(files.events, files.watch);
  writeFileAtomically(files.record, `${JSON.stringify(record, null, 2)}\n`, files.watch);
  files.watch?.({ kind: "remove", path: files.checkpoint });
  node.fs.rmSync(files.checkpoint, { force: true });
  removeStream(files.rows);
}
