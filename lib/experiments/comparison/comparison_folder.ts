/**
 * The folder of a comparison: the scores, one a line, and what they were made of.
 *
 * @module
 */
import { node } from "../../node.ts";
import { fileErrorCode, fileErrorReason, writeFileAtomically } from "../../files/mod.ts";
import { readJson } from "../run/mod.ts";
import type { ComparisonScore } from "./comparison.ts";
import type { ComparisonDescription } from "./comparison_introduction.ts";

/** The scores, in the order in which they were made. */
const SCORES = "comparison.jsonl";

/** What a score cannot say: the data's sizes, the split, the settings. */
const DESCRIPTION = "comparison.json";

/** What a folder holds. */
export interface StoredComparison {
  /** The scores, in the order in which they were made. */
  readonly scores: readonly ComparisonScore[];
  /** What they were made of, as far as it was written down. */
  readonly description: ComparisonDescription;
}

/**
 * Reads a folder. A last line that was cut off is a score that is not there.
 *
 * @returns No scores where the folder has none.
 * @throws {SyntaxError} If a line is no score.
 */
export function readComparison(folder: string): StoredComparison {
  const file = node.path.join(folder, SCORES);
  const description = node.fs.existsSync(node.path.join(folder, DESCRIPTION))
    ? readJson(node.path.join(folder, DESCRIPTION)) as ComparisonDescription
    : {};
  const lines = completeLines(file)?.split("\n").slice(0, -1) ?? [];
  return {
    scores: lines.map((line, i) => parseScore(line, `"${file}", line ${i + 1}`)),
    description,
  };
}

/**
 * Makes a folder ready to take scores, and reads those that are there. A line that was cut off is taken
 * away, or the next score would be glued to it.
 */
export function openComparison(folder: string): StoredComparison {
  node.fs.mkdirSync(folder, { recursive: true });
  const file = node.path.join(folder, SCORES);
  const complete = completeLines(file);
  const stored = readComparison(folder);
  if (complete !== null && complete !== node.fs.readFileSync(file, "utf8")) {
    writeFileAtomically(file, complete);
  }
  return stored;
}

/** Adds a score. */
export function appendScore(folder: string, score: ComparisonScore): void {
  node.fs.appendFileSync(node.path.join(folder, SCORES), `${JSON.stringify(score)}\n`);
}

/** Writes what the scores are made of, where it is not there already. */
export function writeDescription(folder: string, description: ComparisonDescription): void {
  const path = node.path.join(folder, DESCRIPTION);
  const text = `${JSON.stringify(description, null, 2)}\n`;
  if (node.fs.existsSync(path) && node.fs.readFileSync(path, "utf8") === text) return;
  writeFileAtomically(path, text);
}

/** Writes files, each in one step; a file without content is taken away. */
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

/** The lines that were written to their end; `null` where there is no file. */
function completeLines(file: string): string | null {
  try {
    const text = node.fs.readFileSync(file, "utf8");
    return text.slice(0, text.lastIndexOf("\n") + 1);
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") return null;
    throw new Error(`Cannot read "${file}": ${fileErrorReason(cause)}`, { cause });
  }
}

function parseScore(line: string, where: string): ComparisonScore {
  let score: Partial<ComparisonScore> | null = null;
  try {
    score = JSON.parse(line);
  } catch {
    // Said below.
  }
  const { name, dataset, seed, accuracy } = score ?? {};
  if (
    typeof name !== "string" || typeof dataset !== "string" || !Number.isSafeInteger(seed) ||
    typeof accuracy !== "number"
  ) {
    throw new SyntaxError(
      `Cannot read ${where}: found no score, need name, dataset, seed and accuracy`,
    );
  }
  return score as ComparisonScore;
}
