import { node } from "../../node.ts";
import type { EpochRecord } from "../../ensemble/mod.ts";
import { readText, runFiles } from "./run_folder.ts";

/**
 * The epochs of a run, as its folder's `events.jsonl` tells them; none where there is no such file.
 *
 * @throws {Error} If the file cannot be read.
 * @throws {SyntaxError} If a line is no event.
 *
 * @example Usage
 * ```ts
 * import { readEpochs } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readEpochs(Deno.makeTempDirSync()), []);
 * ```
 */
export function readEpochs(folder: string): EpochRecord[] {
  const path = runFiles(folder).events;
  if (!node.fs.existsSync(path)) return [];
  return readText(path).split("\n").flatMap((line, number) => {
    if (line === "") return [];
    let event: { type?: unknown } & EpochRecord;
    try {
      event = JSON.parse(line);
    } catch (cause) {
      throw new SyntaxError(`Cannot read "${path}", line ${number + 1}: found no JSON`, { cause });
    }
    return event.type === "epoch" ? [event] : [];
  });
}
