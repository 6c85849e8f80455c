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

/** The numbers in a finding's evidence, with their signs; `±0.0` is 0. */
export function evidence(report: string, claim: string): number[] {
  const { findings } = record(report);
  const found = findings.find((finding: RecordOfAny) => finding.claim === claim);
  if (found === undefined) throw new RangeError(`Cannot find "${claim}" in results/${report}`);
  const numbers = found.evidence.replaceAll("−", "-").match(/[-+]?\d+(\.\d+)?(e-?\d+)?/g);
  return numbers.map(Number);
}

/** A number with a minus sign, if it has one, rounded once. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** The same, with a plus sign where it is positive. */
export function gain(value: number, digits = 1): string {
  return `${value > 0 ? "+" : ""}${fixed(value, digits)}`;
}

/** Mean and deviation, or the mean alone. */
export function spread(mean: number, deviation: number | null, digits = 1): string {
  return deviation === null
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}
