import { node } from "../../node.ts";
import { ensureWritableFolder, readTextFile, writeFileAtomically } from "../../files/mod.ts";
import { escaped, parseJson, quotedPath } from "../../messages.ts";
import { METHODS } from "../../methods/mod.ts";
import * as v from "../../valibot.ts";
import { checkRecord, completeConfig, readJson, runHash } from "../run/mod.ts";
import type { Evidence, RunLine } from "./experiment.ts";
import { readWorkLog, writeWorkLog } from "./work_log.ts";

const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
const amount = v.pipe(finite, v.minValue(0, "a number from 0"));
const count = v.pipe(amount, v.safeInteger("a whole number"));
const text = v.string("a text");
const object = v.record(text, v.unknown(), "an object");

const lineSchema = v.object({ config: object, record: object }, "an object");

const schema = v.object({
  selection: v.object({
    datasets: v.array(text, "a list"),
    seeds: v.array(count, "a list"),
    epsilons: v.array(amount, "a list"),
    methods: v.array(v.picklist(METHODS, "the name of a method"), "a list"),
    quick: v.boolean("true or false"),
  }, "an object"),
  dense: v.record(
    text,
    v.object({
      sizes: v.pipe(v.array(count, "a list"), v.minLength(2, "two layers or more")),
      trainingRows: count,
      weights: count,
      biases: count,
      flops: amount,
    }, "an object"),
    "an object",
  ),
  failed: v.array(v.object({ hash: text, config: object, reason: text }, "an object"), "a list"),
}, "an object");

const SELECTION = "selection.json";
const RUNS = "runs.jsonl";
const MEASURED = "measured.jsonl";

/**
 * Writes evidence: the selection, one line per run, and one line per measurement.
 *
 * @param keepLines `true` keeps the existing lines of runs unchanged. An older line that is read and
 * written again would get additional settings.
 */
export function writeEvidence(folder: string, evidence: Evidence, keepLines = false): string[] {
  ensureWritableFolder(folder);
  const { runs, measured, ...rest } = evidence;
  const path = (name: string) => node.path.join(folder, name);
  const standing = new Map(
    keepLines && hasEvidence(folder)
      ? readRuns(path(RUNS)).map(({ run, line }) => [JSON.stringify(run), line])
      : [],
  );
  const lines = runs.map((run) => JSON.stringify(run)).map((line) => standing.get(line) ?? line);
  writeFileAtomically(path(SELECTION), `${JSON.stringify(rest, null, 2)}\n`);
  writeFileAtomically(path(RUNS), lines.map((line) => `${line}\n`).join(""));
  writeWorkLog(path(MEASURED), measured);
  return [path(SELECTION), path(RUNS), path(MEASURED)];
}

/** Returns `true` if a folder holds evidence. */
export function hasEvidence(folder: string): boolean {
  return node.fs.existsSync(node.path.join(folder, SELECTION));
}

/**
 * Reads evidence. The names of runs are computed again, so that runs from before a setting was added are
 * found.
 *
 * @throws {Error} If a file cannot be read.
 * @throws {SyntaxError} If a file does not have the form that {@linkcode writeEvidence} writes.
 */
export function readEvidence(folder: string): Evidence {
  const path = (name: string) => node.path.join(folder, name);
  const rest = v.checkContent(schema, readJson(path(SELECTION)), path(SELECTION));
  const failed = rest.failed.map((run) => ({ ...run, config: completeConfig(run.config) }));
  const runs = readRuns(path(RUNS)).map(({ run }) => run);
  return { ...rest, failed, runs, measured: readWorkLog(path(MEASURED)) };
}

/** The runs of a file, each with its line. */
function readRuns(path: string): { run: RunLine; line: string }[] {
  return readTextFile(path).split("\n").filter((line) => line !== "").map((line, i) => {
    try {
      const { config, record } = v.parse(lineSchema, parseJson(line));
      const complete = completeConfig(config);
      const run = { hash: runHash(complete), config: complete, record: checkRecord(record, "it") };
      return { run, line };
    } catch (cause) {
      const reason = (cause as Error).message.replace(/^Cannot read "it": /, "");
      throw new SyntaxError(
        `Cannot read ${quotedPath(path)}, line ${i + 1}: ${escaped(reason)}`,
        { cause },
      );
    }
  });
}
