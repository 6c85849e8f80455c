import { node } from "../../node.ts";
import { fileErrorReason } from "../../files/mod.ts";
import type { RunConfig, RunRecord } from "../run/mod.ts";
import { isFinished, readConfig, readJson, runFiles, runHash } from "../run/mod.ts";

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
 * @throws {Error} If the folder, or a configuration or record in it, cannot be read.
 * @throws {SyntaxError} If one is not JSON.
 *
 * @example Usage
 * ```ts
 * import { readResults } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readResults(Deno.makeTempDirSync()), []);
 * ```
 */
export function readResults(folder: string): Result[] {
  let names: string[];
  try {
    names = node.fs.readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    throw new Error(`Cannot read "${folder}": ${fileErrorReason(cause)}`, { cause });
  }
  return names.flatMap((name) => resultIn(node.path.join(folder, name)) ?? [])
    .sort((a, b) => a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
}

/** The finished run whose folder this is; `null` where it is none. */
export function resultIn(folder: string): Result | null {
  const files = runFiles(folder);
  if (!isFinished(files) || !node.fs.existsSync(files.config)) return null;
  const config = readConfig(files.config);
  const record = readJson(files.record) as unknown as RunRecord;
  return { hash: runHash(config), folder, config, record };
}
