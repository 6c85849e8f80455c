/**
 * The differences of contenders to a reference, each over the data sets and seeds that both have.
 */
import { holm } from "../../statistics/mod.ts";
import {
  type ComparisonScore,
  type DatasetScore,
  differencesTo,
  summarizeComparison,
} from "../comparison/mod.ts";
import { type MethodContender, scoreOfRun, sharedSplits, splitOf } from "./contenders.ts";

/** The compared score: the accuracy, which should be high, or the log loss, which should be low. */
export type ComparedScore = "accuracy" | "logLoss";

/** The difference of a contender to the reference. */
export interface PairTest {
  /** The data sets that both have. */
  readonly datasets: number;
  /** The mean difference over these data sets; `null` if there is none. */
  readonly difference: number | null;
  /** Student's 95 % interval; `null` with fewer than three data sets. */
  readonly low: number | null;
  readonly high: number | null;
  /**
   * The p-value of Wilcoxon's two-sided test, adjusted after Holm over all contenders; `null` with fewer
   * than two data sets.
   */
  readonly adjustedP: number | null;
  /** The conclusion: shown to be better, shown to be worse, or neither. */
  readonly verdict: "better" | "worse" | "not shown";
}

/** Tests every other contender against the reference, in the order of the contenders. */
export function pairTests(
  contenders: readonly MethodContender[],
  reference: MethodContender,
  compared: ComparedScore,
): Map<string, PairTest> {
  const others = contenders.filter(({ name }) => name !== reference.name);
  const tested = others.map((other) => testOf(other, reference, compared));
  const adjusted = holm(tested.flatMap(({ pValue }) => pValue ?? []));
  let next = 0;
  return new Map(tested.map(({ pValue, isHigher, ...pair }, i) => {
    const adjustedP = pValue === null ? null : adjusted[next++];
    const verdict = adjustedP === null || adjustedP >= 0.05
      ? "not shown"
      : isHigher === (compared === "accuracy")
      ? "better"
      : "worse";
    return [others[i].name, { ...pair, adjustedP, verdict }];
  }));
}

function testOf(other: MethodContender, reference: MethodContender, compared: ComparedScore) {
  const shared = sharedSplits([other, reference]);
  const scores = [reference, other].flatMap(({ name, runs }): ComparisonScore[] =>
    runs.filter((run) => shared.has(splitOf(run))).map((run) => scoreOfRun(name, run))
  );
  const nothing = { difference: null, low: null, high: null, pValue: null, isHigher: false };
  if (scores.length === 0) return { datasets: 0, ...nothing };
  const summary = summarizeComparison(scores);
  const valueOf = ({ score, logLoss }: DatasetScore) =>
    compared === "accuracy" ? score.estimate : logLoss!;
  const { overall, datasets } = summary;
  const place = overall.findIndex(({ name }) => name === other.name);
  const { difference, low, high, pValue, shown } =
    differencesTo(reference.name, summary, valueOf)[place];
  return {
    datasets: datasets.length,
    ...{ difference, low, high, pValue },
    isHigher: shown === "higher",
  };
}
