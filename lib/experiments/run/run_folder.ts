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
  /** The run's configuration, from which it can be repeated. */
  readonly config: string;
  /** One line of JSON for every epoch, topology change and member. */
  readonly events: string;
  /** The trained ensemble. */
  readonly model: string;
  /** The result. It is written last, so a run is finished if and only if this file exists. */
  readonly record: string;
  /** The state of a run that is not finished. */
  readonly checkpoint: string;
  /** The training rows of an unfinished run, if they are streamed. */
  readonly rows: string;
  /** Called before every change of these files. For tests. */
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

/** The end of the message about a folder that already has a run. */
export const ANOTHER_FOLDER =
  "need a folder without one (--out), or a run that was stopped (--resume)";

/**
 * Makes a run folder and writes the configuration into it.
 *
 * @throws {Error} If there is a run in the folder, or the folder cannot be written.
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

/** Removes a run that failed before its first batch from its folder. */
export function discardRun(files: RunFiles): void {
  for (const path of [files.config, files.events]) node.fs.rmSync(path, { force: true });
  removeStream(files.rows);
}

/** Removes a folder if it is empty. */
export function removeEmptyFolder(folder: string): void {
  try {
    node.fs.rmdirSync(folder);
  } catch {
    // The folder is not empty, and its content belongs to others.
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
 * Reads a JSON object. Editors on Windows may have put a byte order mark before it.
 *
 * @throws {SyntaxError} If the file does not hold a JSON object.
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
 * Appends lines to a run's events. Each has the step after which the event came.
 *
 * @throws {Error} If the lines cannot be written; the message says why.
 */
export function appendEvents(files: RunFiles, step: number, events: readonly object[]): void {
  const lines = events.map((event) => `${JSON.stringify({ step, ...event })}\n`);
  const bytes = new TextEncoder().encode(lines.join(""));
  try {
    files.watch?.({ kind: "write", path: files.events, bytes });
    // Node's function would append with permissions for everybody, and ignore the umask.
    Deno.writeFileSync(files.events, bytes, { append: true });
  } catch (cause) {
    throw new Error(`Cannot write "${files.events}": ${fileErrorReason(cause)}`, { cause });
  }
}

/**
 * Removes the events after a step, and an incomplete last line. A run that continues from a checkpoint will
 * report these events again.
 *
 * A rollback goes back to an earlier step, so steps alone do not tell the order of events. The number of a
 * rollback tells if the checkpoint includes it. Events before the last included rollback stay, and events
 * after the next one are removed, whatever their steps. Between the two, the steps decide.
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

/**
 * Replaces a run's checkpoint. Earlier events will not be reported again, so they are flushed to the disk
 * first.
 */
export function writeCheckpoint(files: RunFiles, { tensors, metadata }: Safetensors): void {
  flushFile(files.events, files.watch);
  writeFileAtomically(files.checkpoint, encodeSafetensors(tensors, metadata), files.watch);
}

/** Reads a run's checkpoint; `null` if it has none yet. */
export function readCheckpoint(files: RunFiles): Checkpoint | null {
  if (!node.fs.existsSync(files.checkpoint)) return null;
  return decodeCheckpoint(readSafetensors(files.checkpoint), files.checkpoint);
}

/** Returns `true` if a run is finished. */
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
