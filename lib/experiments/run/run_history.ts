import { node } from "../../node.ts";
import type { EpochRecord } from "../../ensemble/mod.ts";
import { parseJson } from "../../messages.ts";
import * as v from "../../valibot.ts";
import { readTextFile } from "../../files/mod.ts";
import { runFiles } from "./run_folder.ts";

const eventSchema = v.object({ type: v.string("a text") }, "an object");

const finite = v.pipe(v.number("a number"), v.finite("a finite number"));

/** The parts of an epoch that the figure of a run shows. */
const epochSchema = v.object({
  epoch: finite,
  member: finite,
  phase: v.string("a text"),
  accuracy: v.nullable(finite),
  validationAccuracy: v.nullable(finite),
}, "an object");

/**
 * Reads the epochs of a run from its folder's `events.jsonl`. Empty if there is no such file.
 *
 * @throws {Error} If the file cannot be read.
 * @throws {SyntaxError} If a line is not an event.
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
  const epochs: EpochRecord[] = [];
  readTextFile(path).split("\n").forEach((line, number) => {
    if (line === "") return;
    let event: unknown;
    try {
      event = parseJson(line);
    } catch (cause) {
      throw new SyntaxError(`Cannot read "${path}", line ${number + 1}: found no JSON`, { cause });
    }
    const what = `line ${number + 1}`;
    if (v.checkContent(eventSchema, event, path, what).type !== "epoch") return;
    v.checkContent(epochSchema, event, path, what);
    const record = event as EpochRecord;
    // After a rollback, epochs are reported again and replace the earlier ones.
    while (epochs.length > 0 && epochs[epochs.length - 1].epoch >= record.epoch) epochs.pop();
    epochs.push(record);
  });
  return epochs;
}
