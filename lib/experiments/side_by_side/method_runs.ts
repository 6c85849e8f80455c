/**
 * The runs of a benchmark in one file, one line per run. Reports are made from it without run folders.
 */
import { readTextFile, writeFileAtomically } from "../../files/mod.ts";
import { contentError, parseJson } from "../../messages.ts";
import { METHODS } from "../../methods/mod.ts";
import { node } from "../../node.ts";
import * as v from "../../valibot.ts";
import type { Result } from "../results/mod.ts";
import { type RunConfig, runHash } from "../run/mod.ts";
import { METHOD_RUN, type MethodRun, methodRunOf } from "./method_run.ts";

/** The runs, in the order in which they were added. */
const RUNS = "runs.jsonl";

/** Every run once: repetitions on other machines are left out. */
export function distinctRuns(runs: readonly MethodRun[]): MethodRun[] {
  const kept = new Map<string, MethodRun>();
  for (const run of inOrder(runs)) {
    if (!kept.has(run.hash)) kept.set(run.hash, run);
  }
  return runs.filter((run) => kept.get(run.hash) === run);
}

/**
 * The runs of a folder, by method, density, data set and seed. A folder without the file has none.
 *
 * @throws {SyntaxError} If a line is no run.
 */
export function readMethodRuns(folder: string): MethodRun[] {
  return inOrder(linesOf(folder).map(({ run }) => run));
}

/**
 * Adds finished runs to the runs of a folder. A run that is already there keeps its line. Repeated on
 * another machine it gets a further line, for its seconds and memory there.
 *
 * @returns The number of new runs.
 * @throws What {@linkcode methodRunOf} and {@linkcode readMethodRuns} throw.
 */
export function addMethodRuns(folder: string, results: readonly Result[]): number {
  const lines = linesOf(folder);
  const keyOf = ({ hash, machine }: MethodRun) => `${hash} ${machine}`;
  const known = new Set(lines.map(({ run }) => run.hash));
  const timed = new Set(lines.map(({ run }) => keyOf(run)));
  const isNew = (run: MethodRun) =>
    !known.has(run.hash) || run.machine !== undefined && !timed.has(keyOf(run));
  const added = inOrder(results.map(methodRunOf).filter(isNew));
  if (added.length === 0) return 0;
  node.fs.mkdirSync(folder, { recursive: true });
  const all = [...lines.map(({ line }) => line), ...added.map((run) => JSON.stringify(run))];
  writeFileAtomically(node.path.join(folder, RUNS), all.map((line) => `${line}\n`).join(""));
  return added.length;
}

/**
 * The configurations for which a folder has no line yet. A run with a line needs no run folder.
 *
 * @throws {RangeError} If the folder has no lines, so that nothing could be left out.
 * @throws {SyntaxError} If a line is no run.
 */
export function unrecordedConfigs(configs: readonly RunConfig[], folder: string): RunConfig[] {
  const known = new Set(linesOf(folder).map(({ run }) => run.hash));
  if (known.size === 0) {
    throw new RangeError(
      `Cannot leave out recorded runs: found none in "${folder}", need a folder with ${RUNS}`,
    );
  }
  return configs.filter((config) => !known.has(runHash(config)));
}

function linesOf(folder: string): { line: string; run: MethodRun }[] {
  const path = node.path.join(folder, RUNS);
  if (!node.fs.existsSync(path)) return [];
  return readTextFile(path).split("\n").filter((line) => line !== "").map((line, i) => {
    let value: unknown;
    try {
      value = parseJson(line);
    } catch (cause) {
      throw contentError(path, `no JSON in line ${i + 1}`, "a run", cause);
    }
    return { line, run: v.checkContent(METHOD_RUN, value, path, `line ${i + 1}`) };
  });
}

function inOrder(runs: readonly MethodRun[]): MethodRun[] {
  const keyOf = ({ dataset, hash, machine = "" }: MethodRun) => `${dataset} ${hash} ${machine}`;
  return [...runs].sort((a, b) =>
    METHODS.indexOf(a.method) - METHODS.indexOf(b.method) || a.members - b.members ||
    (b.density ?? 2) - (a.density ?? 2) || a.seed - b.seed ||
    (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0)
  );
}
