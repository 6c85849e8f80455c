import { mean, median } from "../../../statistics/mod.ts";
import type { RunConfig, RunRecord } from "../../run/mod.ts";
import type { DenseReference } from "../dense_reference.ts";
import { accuracies, finishedRuns } from "../evidence_runs.ts";
import type { Evidence, Selection } from "../experiment.ts";
import {
  DENSE_RATES,
  ensembleRun,
  ENSEMBLES,
  isPublished,
  paperRun,
  selectedMethods,
  SINGLE_RATES,
  SINGLES,
  slopeFor,
  type Variant,
} from "../paper_configs.ts";
import { publishedDataset, type PublishedRun, TABLE1 } from "../published.ts";

/** A row of the table. */
export interface Model extends Variant {
  /** `null` for dense models. */
  readonly epsilon: number | null;
}

/** The paper runs the single networks only at ε = 20. */
export function singleEpsilon({ epsilons }: Selection): number {
  return epsilons.includes(20) ? 20 : epsilons[0];
}

/** The models of a selection, in the order of the table. */
export function modelsOf(selection: Selection): Model[] {
  const single = singleEpsilon(selection);
  return selectedMethods(selection).flatMap((method): Model[] => {
    const own = { method, epsilon: null, learningRate: null, refinement: null };
    const atRates = (rates: readonly number[], epsilon: number | null) =>
      rates.map((learningRate) => ({ ...own, epsilon, learningRate }));
    if (method === "dense") return atRates(DENSE_RATES, null);
    if (SINGLES.includes(method)) return atRates(SINGLE_RATES, single);
    if (!ENSEMBLES.includes(method)) return [own];
    const refinements = method === "edst" ? [null, "comprehensive" as const] : [null];
    return refinements.flatMap((refinement) =>
      selection.epsilons.map((epsilon) => ({ ...own, epsilon, refinement }))
    );
  });
}

/**
 * The rows of the table. Rows that the paper does not have are shown only after a first run of such a row.
 */
export function rowsOf(evidence: Evidence, dense: DenseReference): Row[] {
  const rows = modelsOf(evidence.selection).map((model) => rowOf(evidence, model, dense));
  const isOfPaper = ({ model }: Row) => isPublished(model) || SINGLES.includes(model.method);
  return rows.filter((row) =>
    isOfPaper(row) ||
    rows.some((other) =>
      !isOfPaper(other) && other.model.method === row.model.method && other.runs.length > 0
    )
  );
}

/** Dense networks take hours and the paper trained each once: the first seed is enough. */
export function seedsOf({ epsilon }: Model, { seeds }: Selection): readonly number[] {
  return epsilon === null ? seeds.slice(0, 1) : seeds;
}

/** A model's run, by seed. */
export function configOf(
  { method, epsilon, learningRate, refinement }: Model,
  { datasets: [dataset], quick }: Selection,
): (seed: number) => RunConfig {
  const rate = learningRate ?? undefined;
  return (seed) =>
    epsilon === null
      ? paperRun(dataset, { method, seed, learningRate: rate }, quick)
      : learningRate === null
      ? ensembleRun(dataset, method, epsilon, seed, quick, refinement ?? undefined)
      : paperRun(dataset, { method, epsilon, learningRate, seed, ...slopeFor(dataset) }, quick);
}

function publishedRun(dataset: string, model: Model): PublishedRun | undefined {
  const published = publishedDataset(dataset);
  if (published === null || !isPublished(model)) return undefined;
  const { method, epsilon } = model;
  return TABLE1[published].runs.find((run) => run.method === method && run.epsilon === epsilon);
}

/** A row with everything that is known of it. */
export type Row = ReturnType<typeof rowOf>;

/**
 * Makes a row. Weights and FLOPs are multiples of the dense network's. Without a run they and the minutes
 * are `null`.
 */
function rowOf(evidence: Evidence, model: Model, dense: DenseReference) {
  const { selection } = evidence;
  const runs = finishedRuns(evidence, seedsOf(model, selection).map(configOf(model, selection)));
  const output = dense.sizes.at(-1)! * dense.sizes.at(-2)!;
  // The paper counts biases in the dense model, and leaves the output layer out of the sparse ones.
  const uncounted = model.epsilon === null ? -dense.biases : output;
  const nothing = model.method === "dense" ? 1 : null;
  const share = (of: (record: RunRecord) => number) =>
    runs.length === 0 ? nothing : mean(runs.map(({ record }) => of(record)));
  return {
    model,
    runs,
    accuracies: accuracies(runs),
    weights: share(({ weights }) => weights / dense.weights),
    weightsAsPublished: share(({ weights, members }) =>
      (weights - members.length * uncounted) / (dense.weights + dense.biases)
    ),
    // Steps and topology changes: older records do not count validation.
    flops: share(({ flops }) => (flops.counted - (flops.phases.validation ?? 0)) / dense.flops),
    minutes: runs.length === 0 ? null : median(runs.map(({ record }) => record.seconds.cpu)) / 60,
    published: publishedRun(selection.datasets[0], model),
  };
}
