/**
 * One run of a sweep. The state of its folder decides if it is begun, continued or left alone. The folder
 * keeps the outcome. Any number of processes may do this at once.
 */
import { node } from "../../node.ts";
import { RunHeld, writeFileAtomically } from "../../files/mod.ts";
import type { RunConfig, RunOptions } from "../run/mod.ts";
import { readConfig, readJson, resumeRun, runFiles, runHash, startRun } from "../run/mod.ts";

/** A run of a sweep. */
export interface SweepTask {
  /** The name of its configuration. */
  readonly hash: string;
  /** Its complete configuration. */
  readonly config: RunConfig;
  /** Its folder. */
  readonly folder: string;
}

/** The state of a run, read from its folder. */
export interface RunState {
  /**
   * `missing`: it has no files. `begun`: it is running or was stopped. `failed`: its last attempt failed.
   * `unusable`: the folder holds something else, or cannot be read; it is left alone.
   */
  readonly status: "finished" | "missing" | "begun" | "failed" | "unusable";
  /** The reason why it failed or is unusable; `null` for all others. */
  readonly message: string | null;
}

/** The end of an attempt at a run, and its reason. */
export interface Attempt {
  /** `held`: another process holds it. */
  readonly status: "finished" | "failed" | "stopped" | "held" | "unusable";
  /** The error; `null` where there is none. */
  readonly message: string | null;
}

/**
 * The runs of a sweep, each once. A run's folder is named by its configuration. If there is no such folder,
 * another folder with a run of the same configuration is used. `deno task train` may have made it, or it
 * may be from before a setting was added whose default it has.
 */
export function sweepTasks(configs: readonly RunConfig[], folder: string): SweepTask[] {
  const named = new Map(configs.map((config) => {
    const hash = runHash(config);
    return [hash, { hash, config, folder: node.path.join(folder, hash) }];
  }));
  const tasks = [...named.values()];
  const isThere = (task: SweepTask) => node.fs.existsSync(task.folder);
  if (tasks.every(isThere)) return tasks;
  const others = runFolders(folder);
  return tasks.map((task) => {
    const other = others.get(task.hash);
    return isThere(task) || other === undefined ? task : { ...task, folder: other };
  });
}

/** The run folders in a folder, by the name of the configuration in them. */
function runFolders(folder: string): Map<string, string> {
  const { existsSync, readdirSync } = node.fs;
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder).sort()) {
    const path = node.path.join(folder, name);
    const { config } = runFiles(path);
    if (!existsSync(config)) continue;
    try {
      found.set(runHash(readConfig(config)), path);
    } catch {
      // The folder holds no readable run, so it is not one of the sweep.
    }
  }
  return found;
}

/** Reads the state of a run from its folder, and changes nothing. */
export function runState({ hash, folder }: SweepTask): RunState {
  const files = runFiles(folder);
  const { existsSync } = node.fs;
  const state = (status: RunState["status"], message: string | null = null) => ({
    status,
    message,
  });
  const unusable = (found: string) =>
    state("unusable", `Cannot use the run folder "${folder}": found ${found}`);
  try {
    if (existsSync(files.config)) {
      const found = runHash(readConfig(files.config));
      if (found !== hash) return unusable(`the run ${found} in it, need ${hash} or none`);
    } else if (existsSync(files.record) || existsSync(files.model)) {
      return unusable('a run without "config.json"');
    }
    if (existsSync(files.record)) {
      readJson(files.record);
      return state("finished");
    }
    const failure = failureFile(folder);
    if (existsSync(failure)) return state("failed", `${readJson(failure).message}`);
    return state(existsSync(files.config) ? "begun" : "missing");
  } catch (error) {
    // Not a state of the run.
    if ((error as Error).name === "NotCapable") throw error;
    return state("unusable", (error as Error).message);
  }
}

/**
 * Carries out one run: begins it, or continues from its checkpoint. It does not touch a finished run, or a
 * folder that holds another run or cannot be read. If the run fails, `failure.json` holds the reason, and
 * the next attempt continues from the last checkpoint. It throws no error for a failed run.
 */
export async function attemptRun(task: SweepTask, options: RunOptions = {}): Promise<Attempt> {
  const { folder } = task;
  const began = performance.now();
  const { status, message } = runState(task);
  if (status === "finished" || status === "unusable") return { status, message };
  const withFailureTaken: RunOptions = {
    ...options,
    onEvent(event) {
      // From here on this process holds the folder.
      if (event.type === "ready") node.fs.rmSync(failureFile(folder), { force: true });
      options.onEvent?.(event);
    },
  };
  try {
    const carryOut = node.fs.existsSync(runFiles(folder).config)
      ? resumeRun(folder, withFailureTaken)
      : startRun(task.config, folder, withFailureTaken);
    const { status } = await carryOut;
    return { status, message: null };
  } catch (error) {
    if (error instanceof RunHeld) return { status: "held", message: error.message };
    // Another process may have finished it between our look and our lock.
    const { status } = runState(task);
    if (status === "finished") return { status, message: null };
    const message = error instanceof Error ? error.message : `${error}`;
    if (status !== "unusable") recordFailure(folder, message, (performance.now() - began) / 1000);
    return { status: "failed", message };
  }
}

/**
 * Records that a run has failed. The file is removed when the run is tried again.
 *
 * @param message One sentence.
 * @param seconds From the start of the process that failed.
 */
export function recordFailure(folder: string, message: string, seconds: number): void {
  node.fs.mkdirSync(folder, { recursive: true });
  writeFileAtomically(failureFile(folder), `${JSON.stringify({ message, seconds }, null, 2)}\n`);
}

function failureFile(folder: string): string {
  return node.path.join(folder, "failure.json");
}
