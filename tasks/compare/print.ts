/** The tables that `deno task compare` prints. */
import {
  referenceOf,
  type StoredComparison,
  summarizeComparison,
} from "../../lib/experiments/comparison/mod.ts";
import { overallTable, perDatasetTable } from "../terminal/comparison_table.ts";
import { say } from "../terminal/command_line.ts";

/** Prints every method on every data set, and all methods over the data sets; or one JSON object. */
export function printComparison(
  { scores, description }: StoredComparison,
  json: boolean | undefined,
): void {
  const summary = summarizeComparison(scores);
  if (json) return say(JSON.stringify({ scores, ...summary }));
  say(perDatasetTable(summary));
  if (summary.datasets.length > 0 && summary.overall.length > 1) {
    say(overallTable(summary, referenceOf(scores, description)));
  }
}
