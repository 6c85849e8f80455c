/** `deno task train --join`: a process that works for another process's run. */
import { type FolderState, workInFolder } from "../../lib/ensemble/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { tell, userPath } from "../terminal/command_line.ts";
import { onInterrupt } from "../terminal/interrupt.ts";

/**
 * Works for a run until it is over, or until Ctrl-C.
 *
 * @throws {TypeError} If `--join` or `--worker` is missing, or is combined with another option.
 * @throws {RangeError} If the worker's number is not an integer from 0.
 */
export async function joinRun(
  file: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const { join: folder, worker, checkpointEvery: _, threads: __, ...rest } = options;
  const other = Object.entries(rest).find(([, value]) => value !== undefined)?.[0];
  if (folder === undefined || worker === undefined) {
    throw new TypeError(
      "Cannot join a run: need both --join FOLDER and --worker NUMBER, from 0",
    );
  }
  if (file !== undefined || other !== undefined) {
    throw new TypeError(
      `Cannot combine --join with ${file === undefined ? `the option "${other}"` : `"${file}"`}: ` +
        "a worker has the data and settings of its master",
    );
  }
  if (!Number.isSafeInteger(worker) || (worker as number) < 0) {
    throw new RangeError(`Cannot join a run: found --worker ${worker}, need an integer from 0`);
  }
  using interrupt = onInterrupt("Stopping after this task");
  const path = userPath(`${folder}`);
  await workInFolder(path, worker as number, {
    signal: interrupt.signal,
    onState: (state) => tell(sentenceOf(state, quotedPath(path), worker as number)),
  });
}

/** A sentence on the state of a worker: it waits, or it works. */
function sentenceOf(state: FolderState, folder: string, worker: number): string {
  const waiting = `waiting for a master: deno task train … --worker-folder ${folder}`;
  switch (state) {
    case "no folder":
      return `There is no folder ${folder} yet; ${waiting}`;
    case "no master":
      return `No master is in ${folder} yet; ${waiting}`;
    case "working":
      return `Working in ${folder} as worker ${worker}`;
    case "done":
      return `The work in ${folder} is done`;
  }
}
