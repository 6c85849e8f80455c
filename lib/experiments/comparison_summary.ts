/**
 * What a comparison of methods comes to: per data set, and over all of them.
 *
 * @module
 */
import { friedman } from "../statistics/friedman.ts";
import { type Interval, tInterval, wilsonInterval } from "../statistics/intervals.ts";
import { nemenyi } from "../statistics/nemenyi.ts";
import { mean, median } from "../statistics/summary.ts";
import { winCounts } from "../statistics/win_counts.ts";
import type { ComparisonScore } from "./comparison.ts";

/** A method on one data set. */
export interface DatasetScore {
  /** The data set. */
  readonly dataset: string;
  /** The method. */
  readonly name: string;
  /**
   * The mean accuracy with its 95 % interval: Student's over seeds, or Wilson's over test rows where
   * there is one seed.
   */
  readonly accuracy: Interval;
  /** Medians over the seeds; `null` where the method has no such thing. */
  readonly medians: {
    readonly fitSeconds: number;
    readonly predictSeconds: number;
    readonly modelBytes: number;
    readonly weights: number | null;
    readonly density: number | null;
    readonly flops: number | null;
  };
}

/** A method over all data sets that every method was run on. */
export interface OverallScore {
  /** The method. */
  readonly name: string;
  /** The mean over the data sets of its mean accuracy. */
  readonly meanAccuracy: number;
  /** The mean over the data sets of its rank, from 1 for the best; ties share. */
  readonly meanRank: number;
  /** On how many data sets it is best; ties share. */
  readonly wins: number;
}

/** The whole comparison. */
export interface ComparisonSummary {
  /** Every method on every data set. */
  readonly perDataset: readonly DatasetScore[];
  /** The data sets that every method was run on. */
  readonly datasets: readonly string[];
  /** Over those, best mean rank first. */
  readonly overall: readonly OverallScore[];
  /** Friedman's and Nemenyi's answer; `null` with fewer than three methods or two data sets. */
  readonly test: {
    readonly pValue: number;
    /** Mean ranks further apart than this differ at 95 %. */
    readonly criticalDifference: number;
  } | null;
}

/** Summarises scores. */
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
    names.map((name) => of(dataset, name)!.accuracy.estimate)
  );
  const wins = datasets.length > 0 ? winCounts(table) : names.map(() => 0);
  const ranked = names.length >= 3 && datasets.length > 0 ? friedman(table) : null;
  const overall = names.map((name, n): OverallScore => ({
    name,
    meanAccuracy: datasets.length > 0 ? mean(table.map((row) => row[n])) : NaN,
    meanRank: ranked?.meanRanks[n] ?? NaN,
    wins: wins[n],
  })).sort((a, b) => a.meanRank - b.meanRank);
  const test = ranked !== null && datasets.length >= 2
    ? {
      pValue: ranked.pValue,
      criticalDifference: nemenyi(ranked.meanRanks, datasets.length).criticalDifference,
    }
    : null;
  return { perDataset, datasets, overall, test };
}

function summarizeOne(
  dataset: string,
  name: string,
  own: readonly ComparisonScore[],
): DatasetScore {
  const accuracies = own.map(({ accuracy }) => accuracy);
  const [{ accuracy, testRows }] = own;
  const medianOf = (key: "fitSeconds" | "predictSeconds" | "modelBytes") =>
    median(own.map((score) => score[key]));
  const medianOrNull = (key: "weights" | "density" | "flops") => {
    const values = own.map((score) => score[key]).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  return {
    dataset,
    name,
    accuracy: own.length > 1
      ? tInterval(accuracies)
      : wilsonInterval(Math.round(accuracy * testRows), testRows),
    medians: {
      fitSeconds: medianOf("fitSeconds"),
      predictSeconds: medianOf("predictSeconds"),
      modelBytes: medianOf("modelBytes"),
      weights: medianOrNull("weights"),
      density: medianOrNull("density"),
      flops: medianOrNull("flops"),
    },
  };
}
