/** Tests whether one method is ahead of another, on pairs of runs and by fixed rules. */
import {
  mean,
  median,
  standardDeviation,
  studentTUpperTail,
  tInterval,
  wilcoxon,
} from "../../statistics/mod.ts";
import { type Finding, pText, type ReportPart, signed } from "../../reports/mod.ts";

/** Scores in points by what pairs them, such as seed and ε. */
export type Scores = ReadonlyMap<string, number>;

/** One method's scores less another's, in points. */
export interface Comparison {
  readonly differences: readonly number[];
  /** Set if the second method has a single score, which was subtracted from all of the first. */
  readonly againstOne: boolean;
}

/**
 * Pairs scores. Where the second method has a single score, as an expensive baseline may, all scores of
 * the first are compared with that one.
 */
export function compare(first: Scores, second: Scores): Comparison {
  if (second.size === 1 && first.size > 1) {
    const [only] = second.values();
    return { differences: [...first.values()].map((score) => score - only), againstOne: true };
  }
  const common = [...first.keys()].filter((key) => second.has(key));
  const differences = common.map((key) => first.get(key)! - second.get(key)!);
  return { differences, againstOne: false };
}

/** The unit of a comparison, and its decimals. */
export interface Scale {
  readonly unit: string;
  readonly digits: number;
}

const POINTS: Scale = { unit: "points", digits: 1 };

/** A statement whose runs are missing. */
export function untested(claim: string): Finding {
  return { claim, verdict: "untested", evidence: "No pair of runs is finished" };
}

/** A statement that numbers alone decide, without a test. */
export function decided(claim: string, holds: boolean, evidence: string): Finding {
  return { claim, verdict: holds ? "holds" : "contradicted", evidence };
}

/** The last parts of a report: how many statements hold, and which. */
export function findingParts(findings: readonly Finding[]): ReportPart[] {
  const text = `## Which statements hold\n\n${verdictSentence(findings)}`;
  return [{ kind: "text", text }, { kind: "findings", findings }];
}

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
  if (count === 0) return untested(claim);
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
    `Difference ${text(difference)} ${unit}, 95 % interval ${text(low)} to ${text(high)}, ` +
    `${count} ${againstOne ? "runs against one" : "pairs"}` +
    (p === null ? "" : `, two-sided p = ${pText(p)}`);
  return { claim, verdict: low > 0 ? "holds" : high < 0 ? "contradicted" : "open", evidence };
}

/**
 * The verdict over data sets, by the one-tailed Wilcoxon signed-rank test. Scores of different data
 * sets have no common unit: a mean of their differences would say little.
 *
 * @param scores The first and the second method's score on every data set that has both.
 */
export function rankFinding(
  claim: string,
  scores: readonly (readonly [first: number, second: number])[],
): Finding {
  if (scores.length === 0) return untested(claim);
  const [first, second] = [scores.map((pair) => pair[0]), scores.map((pair) => pair[1])];
  const ahead = wilcoxon(first, second, { alternative: "greater" }).pValue;
  const behind = wilcoxon(first, second, { alternative: "less" }).pValue;
  const count = (sign: number) =>
    scores.filter(([one, other]) => Math.sign(one - other) === sign).length;
  const difference = signed(median(scores.map(([one, other]) => one - other)), 2);
  return {
    claim,
    verdict: ahead < 0.05 ? "holds" : behind < 0.05 ? "contradicted" : "open",
    evidence:
      `Ahead on ${count(1)}, behind on ${count(-1)} of ${scores.length} data sets, median ` +
      `difference ${difference} points, one-sided Wilcoxon p = ${pText(ahead)}`,
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
  const hold = `${count("holds")} ${count("holds") === 1 ? "holds" : "hold"} here`;
  return `Of ${findings.length} statements, ${[hold, rest.join(", ")].filter(Boolean).join("; ")}.`;
}
