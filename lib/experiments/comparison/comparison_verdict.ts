/**
 * The findings of a comparison, as sentences. They follow by rule from the tests over data sets.
 *
 * @module
 */
import type { Difference } from "./comparison_differences.ts";
import type { OverallScore } from "./comparison_summary.ts";

/**
 * The methods that the reference is shown to be ahead of, those it is behind, and the others.
 *
 * @param tested A difference to the reference for every method, in their order.
 * @param better The side on which the better methods are.
 * @returns No sentence where nothing was tested.
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

/** A list of names; one with a comma in it stands between quotes. */
export function namesText(names: readonly string[]): string {
  const quoted = names.map((name) => name.includes(",") ? `"${name}"` : name);
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
