import { methodNamed } from "../../../methods/mod.ts";
import { winCounts } from "../../../statistics/mod.ts";
import type { RunConfig } from "../../run/mod.ts";
import { meanOrNull } from "../../../reports/mod.ts";
import { accuracies, finishedRuns } from "../evidence_runs.ts";
import type { Evidence, Selection } from "../experiment.ts";
import {
  paperRun,
  selectedMethods,
  SINGLE_RATES,
  SINGLES,
  type Variant,
} from "../paper_configs.ts";

/**
 * The columns of a selection: the paper's columns, then the single networks at the other learning rate, and
 * EDST_RG with the refinement of the proposed methods.
 */
export function variantsOf(selection: Selection): Variant[] {
  const methods = selectedMethods(selection);
  const singles = methods.filter((method) => SINGLES.includes(method));
  const own = { learningRate: null, refinement: null };
  return [
    ...methods.map((method) => ({
      ...own,
      method,
      learningRate: SINGLES.includes(method) ? SINGLE_RATES[0] : null,
    })),
    ...singles.map((method) => ({ ...own, method, learningRate: SINGLE_RATES[1] })),
    ...methods.filter((method) => method === "edst")
      .map((method) => ({ ...own, method, refinement: "comprehensive" as const })),
  ];
}

/** One run for every seed. Dense networks take hours: the first seed is enough. */
export function configsOf(
  { method, learningRate, refinement }: Variant,
  dataset: string,
  { seeds, epsilons: [epsilon], quick }: Selection,
): RunConfig[] {
  const dense = methodNamed(method).layers === "dense";
  return (dense ? seeds.slice(0, 1) : seeds).map((seed) =>
    paperRun(dataset, {
      method,
      seed,
      activation: "relu",
      scaling: "quantile",
      refinement: refinement ?? undefined,
      // "For the dense models, we initially ran all experiments with a fixed learning rate of 0.01",
      // which was lowered for the other two data sets only.
      epsilon: dense ? undefined : epsilon,
      learningRate: learningRate ?? (dense ? 0.01 : undefined),
    }, quick)
  );
}

/** Everything that was run, by data set and variant. */
export type Grid = ReturnType<typeof gridOf>;

/**
 * Sorts the finished runs into the grid, data sets × variants. Scores are mean accuracies in percent,
 * NaN where there is none.
 */
export function gridOf(evidence: Evidence) {
  const { selection } = evidence;
  // A variant that the paper does not have is shown only after its first run.
  const isRun = (variant: Variant) =>
    selection.datasets.some((dataset) =>
      finishedRuns(evidence, configsOf(variant, dataset, selection)).length > 0
    );
  const variants = variantsOf(selection)
    .filter((variant) => variant.refinement === null || isRun(variant));
  const runs = selection.datasets.map((dataset) =>
    variants.map((variant) => finishedRuns(evidence, configsOf(variant, dataset, selection)))
  );
  const scores = runs.map((row) => row.map((cell) => meanOrNull(accuracies(cell)) ?? NaN));
  return { datasets: selection.datasets, variants, runs, scores };
}

/** The variants of a kind that have any run, and their scores on the data sets that have them all. */
export function completeScores({ variants, scores }: Grid, kind: (variant: Variant) => boolean) {
  const present = variants.map((_, v) => v)
    .filter((v) => kind(variants[v]) && scores.some((row) => !Number.isNaN(row[v])));
  const complete = scores.map((row) => present.map((v) => row[v]))
    .filter((row) => !row.some(Number.isNaN));
  return { present, complete };
}

/**
 * Counts wins over the data sets on which all variants of a kind that have any run are finished. A variant
 * that is alone on a data set has not won it. Variants of another kind have `null`.
 */
export function winsAmong(
  grid: Grid,
  kind: (variant: Variant) => boolean,
  round: (score: number) => number = (score) => score,
): { counts: (number | null)[]; datasets: number } {
  const { present, complete } = completeScores(grid, kind);
  if (present.length < 2 || complete.length === 0) {
    return { counts: grid.variants.map(() => null), datasets: 0 };
  }
  const wins = winCounts(complete.map((row) => row.map(round)));
  const counts = grid.variants.map((_, v) => wins[present.indexOf(v)] ?? null);
  return { counts, datasets: complete.length };
}

/** An accuracy in percent to the digits that the paper prints. */
export const toTenths = (score: number) => Math.round(10 * score) / 10;

/** "A baseline deserves the same care": the single networks at the learning rate of the ensembles. */
export const isTuned = ({ learningRate, refinement }: Variant) =>
  refinement === null && (learningRate === null || learningRate === SINGLE_RATES[1]);
