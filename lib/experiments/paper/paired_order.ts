/** Tests by fixed rules, on pairs of runs, if one method is ahead of another. */
import {
  holm,
  mean,
  median,
  standardDeviation,
  studentTUpperTail,
  tInterval,
  wilcoxon,
} from "../../statistics/mod.ts";
import { type Finding, pText, type ReportPart, signed } from "../../reports/mod.ts";

/** Scores in points by seed. If scores of several kinds are pooled, the kind comes first: `"20/1"`. */
export type Scores = ReadonlyMap<string, number>;

/** One method's scores minus another's, in points. */
export interface Comparison {
  /** One difference per seed. */
  readonly differences: readonly number[];
  /** `true` if the second method has a single run, which was subtracted from all runs of the first. */
  readonly againstOne: boolean;
}

/**
 * Pairs scores, and takes the mean of each seed's pairs. Runs of one seed share their rows and streams, so
 * they are not independent. A seed that lacks a pair of another seed is left out.
 */
export function compare(first: Scores, second: Scores): Comparison {
  const pairs = Map.groupBy(
    [...first.keys()].filter((key) => second.has(key)),
    (key) => key.slice(key.lastIndexOf("/") + 1),
  );
  const most = Math.max(...[...pairs.values()].map((keys) => keys.length));
  const differences = [...pairs.values()].filter((keys) => keys.length === most)
    .map((keys) => mean(keys.map((key) => first.get(key)! - second.get(key)!)));
  return { differences, againstOne: false };
}

/** Subtracts the only score of an expensive baseline from all scores of a method. */
export function compareWithOne(first: Scores, second: Scores): Comparison {
  const differences = [...second.values()].slice(0, 1)
    .flatMap((only) => [...first.values()].map((score) => score - only));
  return { differences, againstOne: differences.length > 1 };
}

/** The unit of a comparison, and its decimals. */
export interface Scale {
  readonly unit: string;
  readonly digits: number;
}

const POINTS: Scale = { unit: "points", digits: 1 };

/** A statement whose runs are missing. */
export function untested(claim: string): Finding {
  return { claim, verdict: "untested", evidence: "Too few runs are finished" };
}

/** A statement that numbers alone decide, without a test. */
export function decided(claim: string, holds: boolean, evidence: string): Finding {
  return { claim, verdict: holds ? "holds" : "contradicted", evidence };
}

/** The rule of findings over seeds. */
const OVER_SEEDS =
  "Intervals are Student's over seeds, one value a seed, each for itself. A difference is shown where its interval excludes 0 and its p-value, adjusted after Holm for the statements that ask the same, is below 0.05. A single run that several are compared with is taken to scatter as they do.";

/** The rule of findings over data sets. */
const OVER_DATA_SETS =
  "A difference is shown where its p-value, adjusted after Holm for the statements that ask the same, is below 0.05.";

/** The last parts of a report: the number of statements that hold, the statements, and the rule. */
export function findingParts(findings: readonly Finding[]): ReportPart[] {
  const has = (key: string) => findings.some(({ numbers = {} }) => key in numbers);
  const rule = has("low") ? ` ${OVER_SEEDS}` : has("ahead") ? ` ${OVER_DATA_SETS}` : "";
  const text = `## Which statements hold\n\n${verdictSentence(findings)}${rule}`;
  return [{ kind: "text", text }, { kind: "findings", findings }];
}

/** A statement that one method is ahead of another. */
export interface Order {
  readonly claim: string;
  readonly comparison: Comparison;
}

/**
 * The verdict on a difference: it is shown if its 95 % interval excludes 0, and its p-value, adjusted for
 * the comparisons of its family, is below 0.05.
 */
export function verdictOf(low: number, high: number, adjusted: number): Finding["verdict"] {
  if (adjusted >= 0.05) return "open";
  return low > 0 ? "holds" : high < 0 ? "contradicted" : "open";
}

/**
 * Findings on a family of statements, which ask the same question about several methods. Intervals are
 * Student's over the seeds, not adjusted. P-values are adjusted after Holm.
 */
export function orderFindings(
  family: readonly Order[],
  { unit, digits }: Scale = POINTS,
): Finding[] {
  const text = (value: number) => signed(value, digits);
  const tests = family.map(({ comparison: { differences, againstOne } }) =>
    differences.length < 2 ? null : differenceTest(differences, againstOne)
  );
  const adjust = adjustment(tests.map((test) => test?.pValue ?? null));
  return family.map(({ claim, comparison: { differences, againstOne } }, i): Finding => {
    const test = tests[i];
    if (differences.length === 0) return untested(claim);
    if (test === null) {
      const evidence = `The only value differs by ${
        text(differences[0])
      } ${unit}, which has no interval`;
      return { claim, verdict: "open", evidence };
    }
    const { difference, low, high, pValue } = test;
    const { adjusted, inWords } = adjust(i);
    return {
      claim,
      verdict: verdictOf(low, high, adjusted),
      evidence: `Difference ${text(difference)} ${unit}, 95 % interval ${text(low)} to ` +
        `${text(high)}, ${differences.length} ${againstOne ? "runs against one" : "seeds"}, ` +
        `two-sided ${inWords}`,
      numbers: { difference, low, high, pValue, adjusted, count: differences.length },
    };
  });
}

/**
 * Student's test of the hypothesis that the mean difference is 0. If one run was taken off all, its own
 * chance is in every difference alike, where no deviation shows it: it is taken to be that of the others, as
 * in the interval for one more run.
 */
function differenceTest(differences: readonly number[], againstOne: boolean) {
  const { estimate: difference, high: end, count } = tInterval(differences);
  const wider = againstOne ? Math.sqrt(count + 1) : 1;
  const half = wider * (end - difference);
  const error = wider * standardDeviation(differences) / Math.sqrt(count);
  // If all differences are equal, t is infinite, or there is no difference at all.
  const pValue = difference === 0
    ? 1
    : 2 * studentTUpperTail(Math.abs(difference) / error, count - 1);
  return { difference, low: difference - half, high: difference + half, pValue };
}

/** Holm's adjustment of the p-values of a family. Missing ones are ignored. */
function adjustment(pValues: readonly (number | null)[]) {
  const known = pValues.flatMap((p, i) => p === null ? [] : [i]);
  const adjusted = holm(known.map((i) => pValues[i]!));
  return (i: number) => {
    const own = adjusted[known.indexOf(i)];
    const others = known.length > 1 ? ` (${pText(own)} by Holm, of ${known.length})` : "";
    return { adjusted: own, inWords: `p = ${pText(pValues[i]!)}${others}` };
  };
}

/** A statement, and the first and the second method's score on every data set that has both. */
export interface RankOrder {
  readonly claim: string;
  readonly scores: readonly (readonly [first: number, second: number])[];
}

/**
 * Findings on a family of statements over data sets, by the one-tailed Wilcoxon signed-rank test with
 * p-values adjusted after Holm. Scores of different data sets have no common unit: a mean of their
 * differences would say little.
 */
export function rankFindings(family: readonly RankOrder[]): Finding[] {
  const pValues = (alternative: "greater" | "less") =>
    family.map(({ scores }) =>
      scores.length === 0
        ? null
        : wilcoxon(scores.map(([first]) => first), scores.map(([, second]) => second), {
          alternative,
        }).pValue
    );
  const [ahead, behind] = [pValues("greater"), pValues("less")];
  const [adjust, adjustBehind] = [adjustment(ahead), adjustment(behind)];
  return family.map(({ claim, scores }, i): Finding => {
    if (scores.length === 0) return untested(claim);
    const count = (sign: number) =>
      scores.filter(([one, other]) => Math.sign(one - other) === sign).length;
    const difference = median(scores.map(([one, other]) => one - other));
    const { adjusted, inWords } = adjust(i);
    return {
      claim,
      verdict: adjusted < 0.05
        ? "holds"
        : adjustBehind(i).adjusted < 0.05
        ? "contradicted"
        : "open",
      evidence:
        `Ahead on ${count(1)}, behind on ${count(-1)} of ${scores.length} data sets, median ` +
        `difference ${signed(difference, 2)} points, one-sided Wilcoxon ${inWords}`,
      numbers: {
        ...{ difference, ahead: count(1), behind: count(-1), count: scores.length },
        ...{ pValue: ahead[i]!, adjusted },
      },
    };
  });
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
