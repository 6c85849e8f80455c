/**
 * The records under `results/`, and how pages write their numbers.
 *
 * @module
 */
import {
  type ComparisonScore,
  type ComparisonSummary,
  summarizeComparison,
} from "../../lib/experiments/comparison/mod.ts";
import type { Finding } from "../../lib/reports/mod.ts";
import { readJsonFile, readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

/** A record of a report, or of a run. */
// deno-lint-ignore no-explicit-any
export type RecordOfAny = any;

/** A JSON file under `results/`. */
export function record(path: string): RecordOfAny {
  return readJsonFile(`${ROOT}results/${path}`);
}

/** The lines of a JSON Lines file under `results/`. */
export function records(path: string): RecordOfAny[] {
  return readText(`${ROOT}results/${path}`).trim().split("\n").map((line) => JSON.parse(line));
}

/** A comparison's scores, summarised. */
export function comparison(name: string): ComparisonSummary {
  const scores = records(`${name}/comparison.jsonl`).map(({ accuracy: value, ...score }) => ({
    ...score,
    value,
  }));
  return summarizeComparison(scores as ComparisonScore[]);
}

/** The settings that tell the runs of the paper's tables apart, but for the seed. */
export function modelKey({ config }: RecordOfAny): string {
  const { method, epsilon, learningRate, refinement } = config;
  return [method, epsilon, learningRate, refinement].join("/");
}

/** A finding of a report, by its claim. */
export function finding(report: string, claim: string): Finding {
  const { findings } = record(report);
  const found = findings.find((finding: Finding) => finding.claim === claim);
  if (found === undefined) throw new RangeError(`Cannot find "${claim}" in results/${report}`);
  return found;
}

/** The words for a verdict. Pages have no others for what was tested. */
export const SHOWN: Readonly<Record<Finding["verdict"], string>> = {
  holds: "shown",
  contradicted: "the opposite is shown",
  open: "not shown",
  untested: "not tested",
};

/** A difference in points, its interval, and by rule whether it is shown. */
export function difference({ numbers, verdict }: Finding): string {
  if (numbers === undefined) return SHOWN[verdict];
  const { difference, low, high } = numbers;
  return `${fixed(difference, 1)} (${range(low, high)}), ${SHOWN[verdict]}`;
}

/**
 * A number with a minus sign, if it has one: rounded once, half away from zero. What the last bits of a
 * sum say is no reason to round a half down.
 */
export function fixed(value: number, digits: number): string {
  const text = (Math.abs(value) * (1 + 2 ** -46)).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same, with a plus sign where it is positive. */
export function gain(value: number, digits = 1): string {
  return `${value > 0 ? "+" : ""}${fixed(value, digits)}`;
}

/** Mean and deviation, or the mean alone. */
export function spread(mean: number, deviation: number | null, digits = 1): string {
  return fixed(mean, digits) + (deviation === null ? "" : ` ± ${fixed(deviation, digits)}`);
}

/** An interval as pages write it. */
export function range(low: number, high: number, digits = 1): string {
  return `${fixed(low, digits)} to ${fixed(high, digits)}`;
}

/** The smallest and the largest of some numbers. */
export function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Some numbers as a page writes their extent: one number where they round to the same. */
export function extentText(values: readonly number[], digits = 0): string {
  return [...new Set(extent(values).map((value) => fixed(value, digits)))].join(" to ");
}

/** A small number in words, as sentences begin. */
export const WORDS = [
  ...[
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
  ],
  ...["twelve", "thirteen", "fourteen", "fifteen", "sixteen"],
];
