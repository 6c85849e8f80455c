/**
 * Whether one method is ahead of another: tested on pairs of runs, and said by fixed rules.
 *
 * @module
 */
import {
  mean,
  median,
  standardDeviation,
  studentTUpperTail,
  tInterval,
  wilcoxon,
} from "../../statistics/mod.ts";
import { type Finding, pText, signed } from "../../reports/mod.ts";

/** Scores in points by what pairs them, such as seed and ε. */
export type Scores = ReadonlyMap<string, number>;

/** One method's scores less another's. */
export interface Comparison {
  /** The differences, in points. */
  readonly differences: readonly number[];
  /** Whether the second method has one score only, and that was taken off every one of the first. */
  readonly againstOne: boolean;
}

/**
 * Pairs scores. Where the second method has a single score, as an expensive baseline may, all scores of
 * the first are compared with that one.
 */
export function compare(first: Scores, second: Scores): Comparison {
  const common = [...first.keys()].filter((key) => second.has(key));
  if (second.size === 1 && first.size > 1) {
    const [only] = second.values();
    return { differences: [...first.values()].map((score) => score - only), againstOne: true };
  }
  return {
    differences: common.map((key) => first.get(key)! - second.get(key)!),
    againstOne: false,
  };
}

/** In what a comparison is told. */
export interface Scale {
  /** The unit. */
  readonly unit: string;
  /** Decimals. */
  readonly digits: number;
}

const POINTS: Scale = { unit: "points", digits: 1 };

/** What stands behind a statement whose runs are missing. */
export const UNTESTED = "No pair of runs is finished";

/**
 * The verdict that the first method is ahead: it holds where the 95 % interval of the mean difference
 * (Student's t) lies above 0, is contradicted where it lies below, and is open otherwise. Intervals are
 * not adjusted for the number of comparisons.
 */
export function orderFinding(
  claim: string,
  { differences, againstOne }: Comparison,
  { unit, digits }: Scale = POINTS,
): Finding {
  const count = differences.length;
  if (count === 0) return { claim, verdict: "untested", evidence: UNTESTED };
  const text = (value: number) => signed(value, digits);
  const difference = mean(differences);
  if (count === 1) {
    const evidence = `The only pair differs by ${text(difference)} ${unit}, which has no interval`;
    return { claim, verdict: "open", evidence };
  }
  const { low, high } = tInterval(differences);
  const deviation = standardDeviation(differences);
  const p = deviation === 0
    ? null
    : 2 * studentTUpperTail(Math.abs(difference) / (deviation / Math.sqrt(count)), count - 1);
  const evidence =
    `Difference ${text(difference)} ${unit}, 95 % interval ${text(low)} to ${
      text(high)
    }, ${count} ${againstOne ? "runs against one" : "pairs"}` +
    (p === null ? "" : `, two-sided p = ${pText(p)}`);
  return { claim, verdict: low > 0 ? "holds" : high < 0 ? "contradicted" : "open", evidence };
}

/**
 * The same over data sets, by the one-tailed Wilcoxon signed-rank test: scores of different data sets
 * have no common unit, so that a mean of their differences would say little.
 *
 * @param scores The first and the second method's score on every data set that has both.
 */
export function rankFinding(
  claim: string,
  scores: readonly (readonly [first: number, second: number])[],
): Finding {
  if (scores.length === 0) return { claim, verdict: "untested", evidence: UNTESTED };
  const [first, second] = [scores.map((pair) => pair[0]), scores.map((pair) => pair[1])];
  const ahead = wilcoxon(first, second, { alternative: "greater" }).pValue;
  const behind = wilcoxon(first, second, { alternative: "less" }).pValue;
  const count = (sign: number) =>
    scores.filter(([one, other]) => Math.sign(one - other) === sign).length;
  return {
    claim,
    verdict: ahead < 0.05 ? "holds" : behind < 0.05 ? "contradicted" : "open",
    evidence:
      `Ahead on ${count(1)}, behind on ${count(-1)} of ${scores.length} data sets, median ` +
      `difference ${
        signed(median(scores.map(([one, other]) => one - other)), 2)
      } points, one-sided ` +
      `Wilcoxon p = ${pText(ahead)}`,
  };
}

/** One sentence that counts the verdicts. */
export function verdictSentence(findings: readonly Finding[]): string {
  const count = (verdict: Finding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const rest = ([
    ["contradicted", "seen the other way round"],
    ["open", "not shown either way"],
    ["untested", "not tested"],
  ] as const).flatMap(([verdict, text]) => count(verdict) > 0 ? [`${count(verdict)} ${text}`] : []);
  return `Of ${findings.length} statements, ${count("holds")} ${
    count("holds") === 1 ? "holds" : "hold"
  } here${rest.length > 0 ? `; ${rest.join(", ")}` : ""}.`;
}
