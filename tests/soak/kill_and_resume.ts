/**
 * Kills a training process again and again, resumes it every time, and compares what it leaves with
 * what an undisturbed run leaves. The number of kills is a parameter: a few in the tests, many in a
 * soak.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Random } from "../../lib/random.ts";
import { isThere, newFolder, readBytes, readJsonFile, readText } from "../files.ts";
import { runTask, taskProcess } from "../tasks/run_task.ts";

/** What is to be trained and killed. */
export interface KillAndResume {
  /** The arguments of `train`, without `--out` and `--checkpoint-every`. */
  readonly args: readonly string[];
  /** How many processes to kill in all. */
  readonly kills: number;
  /** Draws the moments. */
  readonly random: Random;
  /** The signals to end processes with, drawn at random. Left out: SIGKILL alone. */
  readonly signals?: readonly StopSignal[] | undefined;
  /** Numbers of threads, of which every process draws one. Left out: 1. */
  readonly threads?: readonly number[] | undefined;
  /** Where to put the runs. Left out: a new folder for temporary files. */
  readonly within?: string | undefined;
  /** The Deno to start processes with. Left out: the one that runs this. */
  readonly deno?: string | undefined;
  /** What must be in the undisturbed run's record; throws where it is not. */
  readonly checkRecord?: ((record: Record<string, unknown>) => void) | undefined;
  /** When to stop before there were so many kills, as `performance.now()` tells it. */
  readonly deadline?: number | undefined;
}

/** A signal that ends a run: at once, or after its batch and with a checkpoint. */
export type StopSignal = "SIGKILL" | "SIGINT";

/** What happened. */
export interface KillCounts {
  /** Processes that were killed before they had ended. */
  readonly kills: number;
  /** How many of these had not yet written a checkpoint. */
  readonly early: number;
  /** How many runs it took: a run can end before it is killed often enough. */
  readonly runs: number;
}

/**
 * Trains once without a disturbance, then kills and resumes until so many processes were killed.
 *
 * @throws {assert.AssertionError} If a resumed run's model, events or record differ.
 */
export async function killAndResume(options: KillAndResume): Promise<KillCounts> {
  const { args, kills, random, signals = ["SIGKILL"], within, deadline = Infinity } = options;
  const { threads = [1] } = options;
  const drawThreads = () =>
    threads.length === 1 ? threads[0] : threads[random.below(threads.length)];
  const { deno } = options;
  const folder = within === undefined ? newFolder() : await Deno.makeTempDir({ dir: within });
  const straight = `${folder}/straight`;
  // The same settings in another order of time: without a checkpoint at all.
  const began = performance.now();
  const all = [...args, "--checkpoint-every", "0", "--out", straight];
  const { code, stderr } = await runTask("train", all, { deno });
  assert.equal(code, 0, stderr);
  const duration = performance.now() - began;
  options.checkRecord?.(readJsonFile(`${straight}/record.json`));

  let [killed, early, runs] = [0, 0, 0];
  while (killed < kills && performance.now() < deadline) {
    const run = `${folder}/run-${runs++}`;
    while (killed < kills && !isThere(`${run}/record.json`) && performance.now() < deadline) {
      const signal = signals[random.below(signals.length)];
      const milliseconds = 1.2 * duration * random.float();
      const own = argsFor(args, run, drawThreads());
      if (await endedWithin(milliseconds, signal, own, deno)) {
        killed++;
        if (!isThere(`${run}/checkpoint.safetensors`)) early++;
      }
    }
    if (!isThere(`${run}/record.json`)) {
      const { code, stderr } = await runTask("train", argsFor(args, run, drawThreads()), { deno });
      assert.equal(code, 0, stderr);
    }
    assertSameRun(straight, run);
  }
  await Deno.remove(folder, { recursive: true });
  return { kills: killed, early, runs };
}

/** A run folder goes on where there is one to go on with, and begins where there is none. */
function argsFor(args: readonly string[], run: string, threads: number): string[] {
  const where = isThere(`${run}/config.json`) ? ["--resume", run] : [...args, "--out", run];
  const count = threads === 1 ? [] : ["--threads", `${threads}`];
  return [...where, ...count, "--checkpoint-every", "0.02"];
}

/** Whether the process was ended by the signal; it may have ended before. */
async function endedWithin(
  milliseconds: number,
  sent: StopSignal,
  args: readonly string[],
  deno: string | undefined,
): Promise<boolean> {
  const process = taskProcess("train", args, { deno }).spawn();
  const ended = process.output();
  const timer = setTimeout(() => killUnlessOver(process, sent), milliseconds);
  const { signal, code, stderr } = await ended;
  clearTimeout(timer);
  // Before it listens for Ctrl-C, a process ends by it as by any signal.
  const stopped = signal === sent || sent === "SIGINT" && code === 130;
  assert.ok(stopped || code === 0, new TextDecoder().decode(stderr));
  return stopped;
}

/** Sends a signal to a process, unless it ended just before; whether it was sent. */
export function killUnlessOver(process: Deno.ChildProcess, signal: StopSignal): boolean {
  try {
    process.kill(signal);
    return true;
  } catch (error) {
    // Deno says it in two ways: once the end was told of, and once the process is gone.
    if (/^Child process has already terminated\.?$/.test((error as Error).message)) return false;
    throw error;
  }
}

/** The same model, byte for byte, the same events, and the same record but for the times. */
export function assertSameRun(one: string, other: string): void {
  assert.ok(
    readBytes(`${one}/model.safetensors`).join() === readBytes(`${other}/model.safetensors`).join(),
    `the models of "${one}" and "${other}" differ`,
  );
  assert.equal(readText(`${other}/events.jsonl`), readText(`${one}/events.jsonl`));
  const told = (run: string) => {
    const { seconds: _, peakMemoryBytes: __, execution: ___, flops, ...rest } = readJsonFile(
      `${run}/record.json`,
    );
    const { counted, phases, members, evaluation } = flops;
    return { ...rest, flops: { counted, phases, members, evaluation: evaluation?.counted } };
  };
  assert.deepEqual(told(other), told(one));
}
