import { plural } from "../../messages.ts";
import type { PairTest } from "./pair_tests.ts";

/** Names the methods that are shown to be better or worse than the reference, and counts the others. */
export function pairSentence(
  measure: "accuracy" | "log loss",
  reference: string,
  methods: readonly { readonly method: string; readonly test: PairTest | null }[],
): string {
  const tested = methods.filter(({ test }) => test !== null && test.adjustedP !== null);
  if (tested.length === 0) return `Nothing is tested against ${reference} in ${measure}.`;
  const named = (verdict: PairTest["verdict"]) =>
    tested.filter(({ test }) => test!.verdict === verdict).map(({ method }) => method);
  const [better, worse, open] = [named("better"), named("worse"), named("not shown")];
  // Names are separated so that a name may contain a comma.
  const shown = (names: readonly string[], which: string) =>
    names.length === 0
      ? `No method is shown to be ${which} than ${reference} in ${measure}.`
      : `Shown to be ${which} than ${reference} in ${measure}: ${names.join("; ")}.`;
  return [
    shown(better, "better"),
    shown(worse, "worse"),
    ...open.length === 0 ? [] : [`For ${plural(open.length, "method")} no difference is shown.`],
  ].join(" ");
}
