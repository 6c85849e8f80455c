import { node } from "../../node.ts";
import { readTextFile, writeFileAtomically } from "../../files/mod.ts";
import { contentError, parseJson } from "../../messages.ts";
import * as v from "../../valibot.ts";
import { readJson } from "../run/mod.ts";
import type { ComparisonScore } from "./comparison.ts";
import { type ComparisonDescription, LOG_LOSS_FLOOR } from "./comparison_introduction.ts";

/** The scores, in the order in which they were made. */
const SCORES = "comparison.jsonl";

/** The description: the sizes of the data, the split and the settings. */
const DESCRIPTION = "comparison.json";

/** The content of a folder. */
export interface StoredComparison {
  /** The scores, in the order in which they were made. */
  readonly scores: readonly ComparisonScore[];
  /** The methods and tables, as far as they were recorded. */
  readonly description: ComparisonDescription;
}

/**
 * Reads a folder. An incomplete last line is ignored.
 *
 * @throws {SyntaxError} If a line is not a score, or the description cannot be parsed.
 */
export function readComparison(folder: string): StoredComparison {
  const file = node.path.join(folder, SCORES);
  const path = node.path.join(folder, DESCRIPTION);
  const description = node.fs.existsSync(path)
    ? v.checkContent(descriptionSchema, readJson(path), path)
    : {};
  const lines = completeLines(file)?.split("\n").slice(0, -1) ?? [];
  return {
    scores: lines.map((line, i) => parseScore(line, file, i + 1)),
    description,
  };
}

/**
 * Prepares a folder for more scores, and reads its scores. An incomplete last line is removed, because the
 * next score would continue it.
 */
export function openComparison(folder: string): StoredComparison {
  node.fs.mkdirSync(folder, { recursive: true });
  const file = node.path.join(folder, SCORES);
  const complete = completeLines(file);
  const stored = readComparison(folder);
  if (complete !== null && complete !== readTextFile(file)) {
    writeFileAtomically(file, complete);
  }
  return stored;
}

/** Adds a score. */
export function appendScore(folder: string, score: ComparisonScore): void {
  Deno.writeTextFileSync(node.path.join(folder, SCORES), lineOf(score), { append: true });
}

/** Replaces the scores of a folder. The folder is created if it is missing. */
export function writeScores(folder: string, scores: readonly ComparisonScore[]): void {
  node.fs.mkdirSync(folder, { recursive: true });
  writeFileAtomically(node.path.join(folder, SCORES), scores.map(lineOf).join(""));
}

/** The line of a score. The value is always stored as `accuracy`, even if it is R². */
function lineOf({ name, dataset, seed, value: accuracy, ...rest }: ComparisonScore): string {
  return `${JSON.stringify({ name, dataset, seed, accuracy, ...rest })}\n`;
}

/** Writes the description, unless the file holds it already. */
export function writeDescription(folder: string, description: ComparisonDescription): void {
  const path = node.path.join(folder, DESCRIPTION);
  const text = `${JSON.stringify(description, null, 2)}\n`;
  if (node.fs.existsSync(path) && readTextFile(path) === text) return;
  writeFileAtomically(path, text);
}

/** Writes files, each in one step. Removes the files whose content is `null`. */
export function writeReportFiles(
  folder: string,
  files: Readonly<Record<string, string | null>>,
): void {
  for (const [name, content] of Object.entries(files)) {
    const path = node.path.join(folder, name);
    if (content === null) node.fs.rmSync(path, { force: true });
    else writeFileAtomically(path, content);
  }
}

/** The complete lines of a file; `null` if there is no file. */
function completeLines(file: string): string | null {
  if (!node.fs.existsSync(file)) return null;
  const text = readTextFile(file);
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
const amount = v.pipe(finite, v.minValue(0, "a number from 0"));
const count = v.pipe(amount, v.safeInteger("a whole number"));
const text = v.string("a text");
const maybe = v.nullable(amount);

const scoreSchema = v.object({
  name: text,
  dataset: text,
  seed: count,
  accuracy: finite,
  task: v.exactOptional(v.literal("regression", '"regression"')),
  logLoss: v.exactOptional(amount),
  testRows: count,
  fitSeconds: amount,
  predictSeconds: amount,
  modelBytes: amount,
  weights: maybe,
  density: maybe,
  flops: maybe,
  tuning: v.exactOptional(
    v.object({ configurations: count, trees: count, budgetSeconds: amount }, "an object"),
  ),
}, "an object");

const descriptionSchema = v.object({
  title: v.exactOptional(text),
  testFraction: v.exactOptional(v.pipe(amount, v.ltValue(1, "a number below 1"))),
  contenders: v.exactOptional(
    v.record(text, v.record(text, v.unknown(), "an object of settings"), "an object"),
  ),
  logLossFloor: v.exactOptional(v.literal(LOG_LOSS_FLOOR, `"${LOG_LOSS_FLOOR}"`)),
  equalBudget: v.exactOptional(text),
  libraries: v.exactOptional(v.array(text, "a list")),
  datasets: v.exactOptional(v.record(
    text,
    v.object({
      rows: count,
      features: count,
      textFeatures: count,
      missingCells: count,
      classes: count,
      testRows: v.nullable(count),
      digest: v.exactOptional(text),
    }, "an object"),
    "an object",
  )),
}, "an object");

function parseScore(line: string, file: string, number: number): ComparisonScore {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (cause) {
    throw contentError(file, `no JSON in line ${number}`, "a score", cause);
  }
  const checked = v.checkContent(scoreSchema, value, file, `line ${number}`);
  const { accuracy, ...score } = checked;
  return { ...score, value: accuracy };
}
