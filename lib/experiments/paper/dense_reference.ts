import { totalFlops, trainingStepFlops } from "../../counters/mod.ts";
import { prepareProblem } from "../../ensemble/mod.ts";
import { optimizerOf } from "../../settings/mod.ts";
import { batchesPerEpoch } from "../../training/mod.ts";
import { readRunData, type RunConfig, settingsOf } from "../run/mod.ts";

/** The single dense network that sizes are fractions of: what it would cost, without training it. */
export interface DenseReference {
  /** Neurons of every layer, from the inputs to the classes. */
  readonly sizes: readonly number[];
  /** Rows that it would be trained on. */
  readonly trainingRows: number;
  /** Weights, without biases. */
  readonly weights: number;
  /** Biases. */
  readonly biases: number;
  /** Floating-point operations of its training: exactly what a run would count. */
  readonly flops: number;
}

/**
 * Works out the cost of a run with dense layers from its configuration and data.
 *
 * @param config The run of a single dense network.
 */
export async function denseReference(config: RunConfig): Promise<DenseReference> {
  const settings = settingsOf(config);
  const { training } = await readRunData(config);
  const { problem } = prepareProblem(training, settings);
  const { rows, columns } = problem.training;
  const sizes = [columns, ...settings.hidden, problem.classes];
  const layers = sizes.slice(1).map((size, l) => ({
    rows: size,
    columns: sizes[l],
    nnz: size * sizes[l],
  }));
  const { batchSize, dropLastBatch, epochs, labelSmoothing } = settings;
  const stepFlops = (batch: number) =>
    totalFlops(trainingStepFlops(layers, batch, optimizerOf(settings), labelSmoothing > 0));
  const batches = batchesPerEpoch(rows, batchSize, dropLastBatch);
  let flops = 0;
  for (let batch = 0; batch < batches; batch++) {
    flops += stepFlops(Math.min(batchSize, rows - batch * batchSize));
  }
  return {
    sizes,
    trainingRows: rows,
    weights: layers.reduce((sum, { nnz }) => sum + nnz, 0),
    biases: layers.reduce((sum, { rows }) => sum + rows, 0),
    flops: epochs * flops,
  };
}
