import { node } from "../../node.ts";
import { writeFileAtomically } from "../../files/mod.ts";
import { readJson, readText } from "../run/mod.ts";
import type { ComparisonScore } from "./comparison.ts";
import type { ComparisonDescription } from "./comparison_introduction.ts";

/** The scores, in the order in which they were made. */
const SCORES = "comparison.jsonl";

/** Holds the sizes of the data, the split and the settings. */
const DESCRIPTION = "comparison.json";

/** The content of a folder. */
export interface StoredComparison {
  /** The scores, in the order in which they were made. */
  readonly scores: readonly ComparisonScore[];
  /** The methods and tables, as far as they were written down. */
  readonly description: ComparisonDescription;
}

/**
 * Reads a folder. A last line that was cut off does not count.
 *
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
 * Prepares a folder for more scores, and reads those in it. A line that was cut off is removed: the
 * next score would continue it.
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

/** Adds a score. Its value is stored as `accuracy`, whatever it is. */
export function appendScore(folder: string, score: ComparisonScore): void {
  const { name, dataset, seed, value: accuracy, ...rest } = score;
  const line = JSON.stringify({ name, dataset, seed, accuracy, ...rest });
  Deno.writeTextFileSync(node.path.join(folder, SCORES), `${line}\n`, { append: true });
}

/** Writes the description, unless the file holds it already. */
export function writeDescription(folder: string, description: ComparisonDescription): void {
  const path = node.path.join(folder, DESCRIPTION);
  const text = `${JSON.stringify(description, null, 2)}\n`;
  if (node.fs.existsSync(path) && node.fs.readFileSync(path, "utf8") === text) return;
  writeFileAtomically(path, text);
}

/** Writes files, each in one step, and removes those without content. */
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
  if (!node.fs.existsSync(file)) return null;
  const text = readText(file);
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function parseScore(line: string, where: string): ComparisonScore {
  let stored = {} as Omit<ComparisonScore, "value"> & { readonly accuracy?: unknown };
  try {
    stored = JSON.parse(line) ?? stored;
  } catch {
    // The check below complains.
  }
  const { accuracy, ...score } = stored;
  const { name, dataset, seed } = score;
  if (
    typeof name !== "string" || typeof dataset !== "string" || !Number.isSafeInteger(seed) ||
    typeof accuracy !== "number"
  ) {
    throw new SyntaxError(
      `Cannot read ${where}: found no score, need name, dataset, seed and accuracy`,
    );
  }
  return { ...score, value: accuracy };
}
