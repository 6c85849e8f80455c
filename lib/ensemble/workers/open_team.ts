import { quotedPath } from "../../messages.ts";
import { teamworkOf } from "../../settings/mod.ts";
import type { TrainingRun } from "../training_run.ts";
import { ownThread } from "./own_thread.ts";
import { folderTeam } from "./shared_folder.ts";
import type { Team } from "./team.ts";
import { workerThreads } from "./worker_threads.ts";

/** The team of a run, and why it has one thread where more were asked for; `null` without such a reason. */
export interface OpenTeam extends Disposable {
  /** The workers. */
  readonly team: Team;
  /** The reason, or `null`. */
  readonly reason: string | null;
}

/**
 * Opens the workers of a run: each in a thread, as far as there are so many; taking turns in this thread where
 * there is one, or the strategy is one's own. Where threads cannot be started, this one does the work.
 *
 * @param threads The number of threads that were asked for.
 * @param inThisThread `true` if other threads could not be measured.
 * @param folder The folder that the run shares with workers in processes of their own. Left out: none.
 * @param signal Ends the wait for workers of the folder that do not answer.
 * @returns `null` if one worker trains the run.
 * @throws {RangeError} If there is a folder for one worker.
 * @throws {TypeError} If there is a folder, and a strategy of one's own.
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
