import { quotedPath } from "../../messages.ts";
import { teamworkOf } from "../../settings/mod.ts";
import type { TrainingRun } from "../training_run.ts";
import { ownThread } from "./own_thread.ts";
import { folderTeam } from "./shared_folder.ts";
import type { Team } from "./team.ts";
import { workerThreads } from "./worker_threads.ts";

/** The team of a run, and the reason why it has one thread although more were requested. */
export interface OpenTeam extends Disposable {
  /** The workers. */
  readonly team: Team;
  /** The reason; `null` if the request was met. */
  readonly reason: string | null;
}

/**
 * Opens the workers of a run. They are divided among threads. With one thread, or with a custom strategy,
 * they take turns in this thread. They do so too if threads cannot be started.
 *
 * @param threads The requested number of threads.
 * @param inThisThread `true` if the work must be done in this thread, because other threads could not be
 * measured.
 * @param folder The folder that the run shares with workers in other processes. Left out: none.
 * @param signal Ends the wait for workers of the folder that do not answer.
 * @returns `null` if one worker trains the run.
 * @throws {RangeError} If there is a folder but only one worker.
 * @throws {TypeError} If there is a folder and a custom strategy.
 */
export async function openTeam(
  run: TrainingRun,
  threads: number,
  inThisThread: boolean,
  folder?: string,
  signal?: AbortSignal,
): Promise<OpenTeam | null> {
  if (teamworkOf(run.settings) === null) {
    if (folder === undefined) return null;
    throw new RangeError(
      `Cannot share work in ${
        quotedPath(folder)
      }: found one worker, need the setting "workers" of ` +
        "at least 2",
    );
  }
  const opened = (team: Team, reason: string | null): OpenTeam => ({
    team,
    reason,
    [Symbol.dispose]: () => team[Symbol.dispose](),
  });
  if (folder !== undefined) {
    if (run.ownStrategy === null) return opened(folderTeam(run, folder, signal), null);
    throw new TypeError(
      `Cannot share work in ${
        quotedPath(folder)
      }: found a strategy of one's own, need a method's: ` +
        "its functions cannot be sent",
    );
  }
  if (threads === 1) return opened(ownThread(run), null);
  if (inThisThread) return opened(ownThread(run), "the hardware's count is of this thread");
  if (run.ownStrategy !== null) return opened(ownThread(run), "the strategy is one's own");
  try {
    return opened(await workerThreads(run, threads), null);
  } catch (error) {
    return opened(ownThread(run), (error as Error).message);
  }
}
