import type { MethodName } from "../../../methods/mod.ts";
import { mean, median } from "../../../statistics/mod.ts";
import type { RunConfig, RunRecord } from "../../run/mod.ts";
import type { DenseReference } from "../dense_reference.ts";
import { accuracies, finishedRuns } from "../evidence_runs.ts";
import type { Evidence, Selection } from "../experiment.ts";
import {
  ensembleRun,
  ENSEMBLES,
  paperRun,
  selectedMethods,
  SINGLE_RATES,
  SINGLES,
  slopeFor,
} from "../paper_configs.ts";
import { publishedDataset, type PublishedRun, TABLE1 } from "../published.ts";

/** A row of the table: a model, and what tells it from others of its method. */
export interface Model {
  readonly method: MethodName;
  readonly epsilon: number | null;
  /** Set where the paper's learning rate is not the only one tried. */
  readonly learningRate: number | null;
}

/** The paper runs the single networks at ε = 20 alone. */
export function singleEpsilon({ epsilons }: Selection): number {
  return epsilons.includes(20) ? 20 : epsilons[0];
}

/** The models of a selection, in the order of the table. */
export function modelsOf(selection: Selection): Model[] {
  return selectedMethods(selection).flatMap((method): Model[] => {
    if (ENSEMBLES.includes(method)) {
      return selection.epsilons.map((epsilon) => ({ method, epsilon, learningRate: null }));
    }
    if (SINGLES.includes(method)) {
      const epsilon = singleEpsilon(selection);
      return SINGLE_RATES.map((learningRate) => ({ method, epsilon, learningRate }));
    }
    return [{ method, epsilon: null, learningRate: null }];
  });
}

/** Dense networks take hours and the paper trained each once: the first seed is enough. */
export function seedsOf({ epsilon }: Model, { seeds }: Selection): readonly number[] {
  return epsilon === null ? seeds.slice(0, 1) : seeds;
}

/** A model's run, by seed. */
export function configOf(
  { method, epsilon, learningRate }: Model,
  { datasets: [dataset], quick }: Selection,
): (seed: number) => RunConfig {
  return (seed) =>
    epsilon === null
      ? paperRun(dataset, { method, seed }, quick)
      : learningRate === null
      ? ensembleRun(dataset, method, epsilon, seed, quick)
      : paperRun(dataset, { method, epsilon, learningRate, seed, ...slopeFor(dataset) }, quick);
}

function publishedRun(dataset: string, { method, epsilon }: Model): PublishedRun | undefined {
  const published = publishedDataset(dataset);
  if (published === null) return undefined;
  return TABLE1[published].runs.find((run) => run.method === method && run.epsilon === epsilon);
}

/** A row with everything that is known of it. */
export type Row = ReturnType<typeof rowOf>;

/**
 * Gathers a row. Weights and FLOPs are multiples of the dense network's; they and the minutes are
 * `null` where there is no run.
 */
export function rowOf(evidence: Evidence, model: Model, dense: DenseReference) {
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
