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
 * Reads the finished runs in a folder, in the order of their names. Each run is in its own folder, which
 * may have any name. Unfinished runs and other files are ignored.
 *
 * @param onDamaged Called with every run whose configuration or record cannot be read; the run is ignored.
 * Left out: such a run is an error.
 * @throws {Error} If the folder, or a configuration or record in it, cannot be read.
 * @throws {SyntaxError} If a file is not JSON, or a value in a record is missing or impossible.
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

/** Reads the finished run in a folder; `null` if there is none. */
export function resultIn(folder: string): Result | null {
  const files = runFiles(folder);
  if (!isFinished(files) || !node.fs.existsSync(files.config)) return null;
  const config = readConfig(files.config);
  const record = checkRecord(readJson(files.record), files.record);
  return { hash: runHash(config), folder, config, record };
}
