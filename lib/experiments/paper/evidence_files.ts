import { node } from "../../node.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/mod.ts";
import { completeConfig, readJson, readText, runHash } from "../run/mod.ts";
import type { Evidence, RunLine } from "./experiment.ts";
import { readWorkLog, writeWorkLog } from "./work_log.ts";

const SELECTION = "selection.json";
const RUNS = "runs.jsonl";
const MEASURED = "measured.jsonl";

/** Writes evidence: what was selected, a line for every run, a line for every measurement. */
export function writeEvidence(folder: string, evidence: Evidence): string[] {
  ensureWritableFolder(folder);
  const { runs, measured, ...rest } = evidence;
  const path = (name: string) => node.path.join(folder, name);
  writeFileAtomically(path(SELECTION), `${JSON.stringify(rest, null, 2)}\n`);
  writeFileAtomically(path(RUNS), runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
  writeWorkLog(path(MEASURED), measured);
  return [path(SELECTION), path(RUNS), path(MEASURED)];
}

/** Tells whether a folder holds evidence. */
export function hasEvidence(folder: string): boolean {
  return node.fs.existsSync(node.path.join(folder, SELECTION));
}

/**
 * Reads evidence again. Runs are named anew, so that those of a time before some setting was added are
 * found.
 *
 * @throws {Error} If a file cannot be read.
 * @throws {SyntaxError} If one is not what {@linkcode writeEvidence} writes.
 */
export function readEvidence(folder: string): Evidence {
  const path = (name: string) => node.path.join(folder, name);
  const rest = readJson(path(SELECTION)) as unknown as Omit<Evidence, "runs" | "measured">;
  const runs = readText(path(RUNS)).split("\n").filter((line) => line !== "").map(
    (line, i): RunLine => {
      try {
        const { config, record } = JSON.parse(line);
        const complete = completeConfig(config);
        return { hash: runHash(complete), config: complete, record };
      } catch (cause) {
        const reason = (cause as Error).message;
        throw new SyntaxError(`Cannot read "${path(RUNS)}", line ${i + 1}: ${reason}`, { cause });
      }
    },
  );
  return { ...rest, runs, measured: readWorkLog(path(MEASURED)) };
}
