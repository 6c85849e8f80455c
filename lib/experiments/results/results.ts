import { node } from "../../node.ts";
import { fileErrorReason } from "../../files/mod.ts";
import type { RunConfig, RunRecord } from "../run/mod.ts";
import { checkRecord, isFinished, readConfig, readJson, runFiles, runHash } from "../run/mod.ts";

/** A finished run. */
export interface Result {
  /** The name of its configuration. */
  readonly hash: string;
  /** Its folder. */
  readonly folder: string;
  /** Its configuration. */
  readonly config: RunConfig;
  /** Its record. */
  readonly record: RunRecord;
}

/**
 * The finished runs in a folder, in the order of their names. Each is in a folder of its own, whatever
 * that is called; unfinished ones and everything else are passed over.
 *
 * @param onDamaged Hears of every run whose configuration or record cannot be read, which is left out then.
 * Left out: it is an error.
 * @throws {Error} If the folder, or a configuration or record in it, cannot be read.
 * @throws {SyntaxError} If one is not JSON, or something in a record is missing or impossible.
 *
 * @example Usage
 * ```ts
 * import { readResults } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readResults(Deno.makeTempDirSync()), []);
 * ```
 */
export function readResults(
  folder: string,
  onDamaged?: (name: string, error: Error) => void,
): Result[] {
  let names: string[];
  try {
    names = node.fs.readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    throw new Error(`Cannot read "${folder}": ${fileErrorReason(cause)}`, { cause });
  }
  const read = (name: string): Result | null => {
    try {
      return resultIn(node.path.join(folder, name));
    } catch (error) {
      if (onDamaged === undefined) throw error;
      onDamaged(name, error as Error);
      return null;
    }
  };
  return names.sort().flatMap((name) => read(name) ?? [])
    .sort((a, b) => a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
}

/** The finished run whose folder this is; `null` where it is none. */
export function resultIn(folder: string): Result | null {
  const files = runFiles(folder);
  if (!isFinished(files) || !node.fs.existsSync(files.config)) return null;
  const config = readConfig(files.config);
  const record = checkRecord(readJson(files.record), files.record);
  return { hash: runHash(config), folder, config, record };
}
