/**
 * The findings of a comparison, as sentences. Fixed rules derive them from the tests over data sets.
 *
 * @module
 */
import type { Difference } from "./comparison_differences.ts";
import type { OverallScore } from "./comparison_summary.ts";

/**
 * Names the methods that are shown to be worse than the reference, those that are shown to be better, and
 * the others.
 *
 * @param tested One difference to the reference per method.
 * @param better The sign of the difference of a better method.
 * @returns Empty if nothing was tested.
 */
export function verdictSentence(
  what: string,
  reference: string,
  overall: readonly Pick<OverallScore, "name">[],
  tested: readonly Difference[],
  better: "higher" | "lower",
): string {
  const worse = better === "higher" ? "lower" : "higher";
  const shownTo = (shown: string) =>
    overall.filter((_, o) => tested[o].shown === shown).map(({ name }) => name);
  const clauses = [
    ["shown to be ahead of", shownTo(worse)],
    ["shown to be behind", shownTo(better)],
    ["not shown to differ from", shownTo("not shown")],
  ] as const;
  const said = clauses.filter(([, names]) => names.length > 0)
    .map(([verdict, names]) => `${verdict} ${namesText(names)}`);
  return said.length === 0 ? "" : `By ${what}, ${reference} is ${said.join("; it is ")}.`;
}

/** A list of names. A name with a comma is quoted. */
export function namesText(names: readonly string[]): string {
  const quoted = names.map((name) => name.includes(",") ? `"${name}"` : name);
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
