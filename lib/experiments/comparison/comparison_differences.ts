/**
 * The differences of methods to a reference method over data sets, with intervals and tests.
 *
 * @module
 */
import { textOr } from "../../reports/mod.ts";
import { holm, type Interval, mean, tInterval, wilcoxon } from "../../statistics/mod.ts";
import { type ComparisonSummary, type DatasetScore, scoreOf } from "./comparison_summary.ts";

/** The difference of a method to the reference over the data sets; `null` for the reference itself. */
export interface Difference {
  readonly difference: number | null;
  /**
   * Student's 95 % interval of the mean difference over the data sets, or over the seeds of a single data
   * set; `null` with fewer than three.
   */
  readonly low: number | null;
  readonly high: number | null;
  /** `null` also with a single data set. */
  readonly pValue: number | null;
  /** After Holm, for the comparisons with the reference. */
  readonly adjustedP: number | null;
  /** The conclusion in a word or two, such as that the difference is shown. */
  readonly shown: string;
}

/**
 * Tests every method against the reference, paired over the data sets. The result is in the order of the
 * methods.
 */
export function differencesTo(
  reference: string,
  summary: ComparisonSummary,
  valueOf: (score: DatasetScore) => number,
): Difference[] {
  const { overall, datasets } = summary;
  const values = (name: string) =>
    datasets.map((dataset) => valueOf(scoreOf(summary, dataset, name)!));
  const first = values(reference);
  const tested = overall.map(({ name }) => {
    // Rounded, so that equal differences tie in spite of their last bits.
    const differences = values(name).map((value, d) => Number((value - first[d]).toFixed(12)));
    return {
      difference: name === reference ? null : mean(differences),
      ...name === reference || datasets.length < 3 ? NO_INTERVAL : ends(tInterval(differences)),
      ...name === reference || datasets.length < 2 ? UNTESTED : signedRanks(differences),
    };
  });
  const pValues = tested.flatMap(({ pValue }) => pValue ?? []);
  const adjusted = holm(pValues);
  return tested.map(({ isLess, ...row }) => {
    const adjustedP = row.pValue === null ? null : adjusted[pValues.indexOf(row.pValue)];
    const shown = textOr(
      "",
      adjustedP,
      (p) => p >= 0.05 ? "not shown" : isLess ? "lower" : "higher",
    );
    return { ...row, adjustedP, shown };
  });
}

/**
 * The differences of every method to the reference on a single data set, paired over the seeds.
 *
 * Splits of one table share training rows. So their differences vary less than differences on new tables
 * would. The interval is widened as in Nadeau and Bengio, "Inference for the Generalization Error" (2003),
 * https://doi.org/10.1023/A:1024068626366: the factor 1 / seeds of the variance becomes 1 / seeds + test
 * rows / training rows.
 *
 * @param testPerTraining Test rows / training rows, if each seed draws its own split; 0 if the test rows
 * are fixed.
 */
export function differencesOverSeeds(
  reference: string,
  summary: ComparisonSummary,
  testPerTraining: number,
): Difference[] {
  const { overall, datasets: [dataset] } = summary;
  const first = scoreOf(summary, dataset, reference)!;
  return overall.map(({ name }) => {
    const own = scoreOf(summary, dataset, name)!;
    const pairs = own.seeds.flatMap((seed, s) => {
      const place = first.seeds.indexOf(seed);
      return place < 0 ? [] : [own.values[s] - first.values[place]];
    });
    const isReference = name === reference;
    const isIntervalled = !isReference && pairs.length > 2;
    return {
      ...NO_INTERVAL,
      difference: isReference ? null : own.score.estimate - first.score.estimate,
      ...isIntervalled && widened(tInterval(pairs), 1 + pairs.length * testPerTraining),
      pValue: null,
      adjustedP: null,
      shown: "",
    };
  });
}

/** Widens an interval to a variance `times` times as large. */
function widened({ estimate, low, high }: Interval, times: number): { low: number; high: number } {
  const factor = Math.sqrt(times);
  return { low: estimate + factor * (low - estimate), high: estimate + factor * (high - estimate) };
}

const NO_INTERVAL = { low: null, high: null };

function ends({ low, high }: Interval): { low: number; high: number } {
  return { low, high };
}

const UNTESTED = { pValue: null, isLess: false };

/** Wilcoxon's signed-rank test: the two-sided p-value, and the side on which the differences lie. */
function signedRanks(differences: readonly number[]): { pValue: number; isLess: boolean } {
  const p = (alternative: "two-sided" | "less") =>
    wilcoxon(differences, differences.map(() => 0), { alternative }).pValue;
  return { pValue: p("two-sided"), isLess: p("less") < 0.5 };
}
