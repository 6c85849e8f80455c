/**
 * Workers in separate threads. Gradients go through memory that a worker shares with its master.
 *
 * @module
 */
import { sharedProblem, sharedRows } from "../side_by_side/mod.ts";
import type { ChangingRun } from "../train.ts";
import type { TrainingRun } from "../training_run.ts";
import type { TeamAnswer } from "./messages.ts";
import { type Link, remoteTeam } from "./remote_team.ts";
import type { Team } from "./team.ts";

/**
 * Starts threads for the workers of a run. The run's rows move into memory that they share.
 *
 * @param threads The number of threads. With fewer threads than workers, a thread works for several
 * workers.
 * @throws {Error} If a thread cannot be started.
 */
export async function workerThreads(run: TrainingRun, threads: number): Promise<Team> {
  const { settings, schedule, stage } = run;
  const problem = shareProblem(run);
  const started: Worker[] = [];
  const dispose = () => {
    for (const worker of started) worker.terminate();
    started.length = 0;
  };
  const received: TeamAnswer[] = [];
  let broken: Error | null = null;
  let wake = () => {};
  async function answer(): Promise<TeamAnswer> {
    while (received.length === 0 && broken === null) {
      await new Promise<void>((resolve) => wake = resolve);
    }
    if (broken !== null) throw broken;
    return received.shift()!;
  }

  const links = Array.from({ length: Math.min(threads, settings.workers ?? 1) }, (): Link => {
    const worker = new Worker(new URL("./team_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TeamAnswer>) => {
      received.push(data);
      wake();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      broken ??= new Error(
        `Cannot go on training: found a thread that broke down (${event.message}), need all of them`,
      );
      wake();
    };
    started.push(worker);
    return { known: null, send: (task) => worker.postMessage(task) };
  });
  try {
    const kernels = stage.network.kernels.name;
    for (const link of links) link.send({ kind: "begin", problem, settings, schedule, kernels });
    for (const _ of links) {
      const ready = await answer();
      if (ready.kind === "failure") throw new Error(ready.message);
    }
  } catch (cause) {
    dispose();
    throw new Error(
      `Cannot start ${links.length} threads for workers: ${(cause as Error).message}`,
      { cause },
    );
  }
  return remoteTeam(run, { links, sharesMemory: true, answer, dispose });
}

/** Moves a run's rows into shared memory, and returns its problem. */
function shareProblem(run: ChangingRun) {
  const { problem, stage } = run;
  const shared = sharedProblem(problem);
  run.problem = shared;
  const rows = stage.rows === problem.training ? shared.training : sharedRows(stage.rows);
  const heldOut = stage.heldOut === problem.validation ? shared.validation : stage.heldOut;
  run.stage = { ...stage, rows, heldOut };
  return shared;
}
