/**
 * The contenders of results/why_sparse: a sparse network with wide layers, and dense ones whose widths
 * follow from the records of results/why_sparse/widths by rule.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { ROOT } from "../../tasks/run_task.ts";

/** The dense widths of the records. */
const LADDER = [32, 64, 128, 256] as const;

/** The names of the contenders. */
export const SPARSE = "Sparse, width 1000";
export const DENSE = {
  weights: "Dense, as many weights",
  weightsTimes4: "Dense, four times as many weights",
  seconds: "Dense, as long a training",
} as const;

/** What the records say of a data set: one member, trained for a few epochs. */
interface Measured {
  readonly sparse: { readonly weights: number; readonly seconds: number };
  /** One for each width of the ladder. */
  readonly dense: readonly { readonly weights: number; readonly seconds: number }[];
}

function measured(): Map<string, Measured> {
  const { scores } = readComparison(`${ROOT}results/why_sparse/widths`);
  const datasets = [...new Set(scores.map(({ dataset }) => dataset))];
  return new Map(datasets.map((dataset) => {
    const of = (wanted: string) => {
      const score = scores.find(({ name, dataset: own }) => name === wanted && own === dataset);
      assert.ok(score !== undefined, `${wanted} on ${dataset}`);
      return { weights: score.weights!, seconds: score.fitSeconds };
    };
    const dense = LADDER.map((width) => of(`Dense, width ${width}`));
    return [dataset, { sparse: of(SPARSE), dense }];
  }));
}

/**
 * The width whose network comes nearest to a number of weights. Three hidden layers of width w have
 * 2w² weights between them; what the sines, the inputs and the outputs add is linear in w.
 */
function widthOfWeights(wanted: number, dense: Measured["dense"]): number {
  const rest = LADDER.map((width, i) => dense[i].weights - 2 * width * width);
  const slope = (rest[1] - rest[0]) / (LADDER[1] - LADDER[0]);
  const weights = (width: number) =>
    2 * width * width + slope * width + rest[0] - slope * LADDER[0];
  LADDER.forEach((width, i) => assert.equal(weights(width), dense[i].weights));
  let width = 1;
  while (weights(width + 1) <= wanted) width++;
  return wanted - weights(width) < weights(width + 1) - wanted ? width : width + 1;
}

/** The width that takes some seconds: a straight line between two widths of the ladder, in logarithms. */
function widthOfSeconds(wanted: number, dense: Measured["dense"]): number {
  const above = LADDER.findIndex((_, i) => dense[i].seconds >= wanted);
  const i = above === -1 ? LADDER.length - 1 : Math.max(1, above);
  const [low, high] = [dense[i - 1].seconds, dense[i].seconds];
  const share = Math.log(wanted / low) / Math.log(high / low);
  return Math.round(LADDER[i - 1] * (LADDER[i] / LADDER[i - 1]) ** share);
}

/** The contenders by rule, as contenders.json has them. */
export function whySparseContenders(): Record<string, Record<string, unknown>> {
  const base = {
    recipe: "modern",
    members: 4,
    trials: 0,
    candidates: [],
    frequency: 0.2,
    dropout: 0.2,
    // The recipe as it was when the study ran
    scaling: "quantile",
    epochs: 24,
    learningRate: 0.012,
    batchSize: 256,
    blockSize: 1,
  };
  const dense = (width: (of: Measured) => number) => ({
    ...base,
    method: "dense-ensemble",
    onDatasets: Object.fromEntries(
      Array.from(measured(), ([dataset, of]) => [dataset, { hidden: Array(3).fill(width(of)) }]),
    ),
  });
  return {
    [SPARSE]: { ...base, hidden: [1000, 1000, 1000] },
    [DENSE.weights]: dense(({ sparse, dense }) => widthOfWeights(sparse.weights, dense)),
    [DENSE.weightsTimes4]: dense(({ sparse, dense }) => widthOfWeights(4 * sparse.weights, dense)),
    [DENSE.seconds]: dense(({ sparse, dense }) => widthOfSeconds(sparse.seconds, dense)),
  };
}
