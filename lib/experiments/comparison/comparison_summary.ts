import {
  friedman,
  type Interval,
  mean,
  median,
  nemenyi,
  rank,
  tInterval,
  wilsonInterval,
  winCounts,
} from "../../statistics/mod.ts";
import type { ComparisonCosts, ComparisonScore } from "./comparison.ts";
import { type ComparisonMeasure, measureOf } from "./comparison_measure.ts";

/** A method on one data set. */
export interface DatasetScore {
  /** The data set. */
  readonly dataset: string;
  /** The method. */
  readonly name: string;
  /**
   * The mean score with its 95 % interval. With three seeds or more it is Student's interval over the
   * seeds, cut at the limits of the score. With one seed it is Wilson's interval over the test rows. Two
   * scores, or a single R², have no interval: its ends are NaN.
   */
  readonly score: Interval;
  /** The seeds, in ascending order. */
  readonly seeds: readonly number[];
  /** The score of every seed. */
  readonly values: readonly number[];
  /** Number of test rows. */
  readonly testRows: number;
  /** The mean over the seeds; `null` if a score has none. */
  readonly logLoss: number | null;
  /** Medians over the seeds; `null` if the method has no such number. */
  readonly medians: ComparisonCosts;
}

/** A method over all data sets on which every method was run. */
export interface OverallScore {
  /** The method. */
  readonly name: string;
  /** The mean over the data sets of its mean score. */
  readonly meanScore: number;
  /** The mean over the data sets of its log loss; `null` if a data set has none. */
  readonly meanLogLoss: number | null;
  /** The mean over the data sets of its rank, from 1 for the best; ties share. */
  readonly meanRank: number;
  /** The number of data sets on which it is best; ties share. */
  readonly wins: number;
}

/** The whole comparison. */
export interface ComparisonSummary {
  /** The kind of the scores. */
  readonly measure: ComparisonMeasure;
  /** Every method on every data set. */
  readonly perDataset: readonly DatasetScore[];
  /** The data sets on which every method was run. */
  readonly datasets: readonly string[];
  /** Every method over these data sets, the best mean rank first. */
  readonly overall: readonly OverallScore[];
  /** Friedman's and Nemenyi's tests; `null` with fewer than three methods or two data sets. */
  readonly test: {
    readonly pValue: number;
    /** Mean ranks further apart than this differ at 95 %. */
    readonly criticalDifference: number;
    /** Sets of methods that do not differ, by their place in `overall`. */
    readonly groups: readonly (readonly number[])[];
  } | null;
}

/**
 * Summarises scores.
 *
 * @throws {RangeError} If some scores are for classes and others for numbers.
 */
export function summarizeComparison(scores: readonly ComparisonScore[]): ComparisonSummary {
  const names = [...new Set(scores.map(({ name }) => name))];
  const all = [...new Set(scores.map(({ dataset }) => dataset))];
  const perDataset = all.flatMap((dataset) =>
    names.flatMap((name) => {
      const own = scores.filter((score) => score.dataset === dataset && score.name === name);
      return own.length === 0 ? [] : [summarizeOne(dataset, name, own)];
    })
  );
  const of = (dataset: string, name: string) =>
    perDataset.find((score) => score.dataset === dataset && score.name === name);
  const datasets = all.filter((dataset) => names.every((name) => of(dataset, name) !== undefined));
  const table = datasets.map((dataset) =>
    // Rounded, so that equal means tie in spite of their last bits.
    names.map((name) => Number(of(dataset, name)!.score.estimate.toFixed(12)))
  );
  const wins = datasets.length > 0 ? winCounts(table) : names.map(() => 0);
  // The highest score has rank 1.
  const ranks = table.map((row) => rank(row.map((score) => -score)).ranks);
  const meanOver = (values: number[]) => values.length > 0 ? mean(values) : NaN;
  const overall = names.map((name, n): OverallScore => ({
    name,
    meanScore: meanOver(table.map((row) => row[n])),
    meanLogLoss: meanOrNull(datasets.map((dataset) => of(dataset, name)!.logLoss)),
    meanRank: meanOver(ranks.map((row) => row[n])),
    wins: wins[n],
  })).sort((a, b) => a.meanRank - b.meanRank || 0);
  const test = rankTest(table, overall);
  return { measure: measureOf(scores), perDataset, datasets, overall, test };
}

function meanOrNull(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 || known.length < values.length ? null : mean(known);
}

function rankTest(
  table: readonly (readonly number[])[],
  overall: readonly OverallScore[],
): ComparisonSummary["test"] {
  if (overall.length < 3 || table.length < 2) return null;
  const meanRanks = overall.map(({ meanRank }) => meanRank);
  const { criticalDifference, groups } = nemenyi(meanRanks, table.length);
  return { pValue: friedman(table).pValue, criticalDifference, groups };
}

const COSTS = [
  "fitSeconds",
  "predictSeconds",
  "modelBytes",
  "weights",
  "density",
  "flops",
] as const;

function summarizeOne(
  dataset: string,
  name: string,
  scores: readonly ComparisonScore[],
): DatasetScore {
  const own = scores.toSorted((a, b) => a.seed - b.seed);
  const [{ value, testRows, task }] = own;
  const medians = COSTS.map((key) => {
    const values = own.map((score) => score[key]).filter((value) => value !== null);
    return [key, values.length === 0 ? null : median(values)];
  });
  return {
    dataset,
    name,
    score: own.length === 1 && task !== "regression"
      ? wilsonInterval(Math.round(value * testRows), testRows)
      : intervalOver(own.map(({ value }) => value), task === "regression" ? -Infinity : 0),
    seeds: own.map(({ seed }) => seed),
    values: own.map(({ value }) => value),
    testRows,
    logLoss: meanOrNull(own.map(({ logLoss }) => logLoss)),
    medians: Object.fromEntries(medians),
  };
}

/**
 * The mean over seeds with its interval. Two values get none: Student's interval would reach 13 standard
 * deviations.
 */
function intervalOver(values: readonly number[], least: number): Interval {
  const count = values.length;
  if (count < 3) return { estimate: mean(values), low: NaN, high: NaN, confidence: 0.95, count };
  const interval = tInterval(values);
  // Neither an accuracy nor R² is above 1.
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(1, interval.high) };
}

/** The score of a method on a data set, if it has one. */
export function scoreOf(
  { perDataset }: ComparisonSummary,
  dataset: string,
  name: string,
): DatasetScore | undefined {
  return perDataset.find((score) => score.dataset === dataset && score.name === name);
}

/** The data sets, in the order of the scores. */
export function datasetsOf({ perDataset }: ComparisonSummary): string[] {
  return [...new Set(perDataset.map(({ dataset }) => dataset))];
}
