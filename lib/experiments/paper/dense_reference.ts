import { prepareProblem } from "../../ensemble/mod.ts";
import { plannedFlops, readRunData, type RunConfig, settingsOf } from "../run/mod.ts";

/** The cost of the single dense network, without training it. Sizes of other models are fractions of it. */
export interface DenseReference {
  /** Neurons of every layer, from the inputs to the classes. */
  readonly sizes: readonly number[];
  readonly trainingRows: number;
  /** Weights, without biases. */
  readonly weights: number;
  readonly biases: number;
  /** Floating-point operations of its training steps: exactly the number that a run would count. */
  readonly flops: number;
}

/**
 * Computes the cost of a run with dense layers from its configuration and data.
 *
 * @param config The run of a single dense network.
 */
export async function denseReference(config: RunConfig): Promise<DenseReference> {
  const settings = settingsOf(config);
  const { training } = await readRunData(config);
  const { problem } = prepareProblem(training, settings);
  const { classes, training: { rows, columns } } = problem;
  const sizes = [columns, ...settings.hidden, classes];
  // The validation rows have already been subtracted.
  const planned = plannedFlops({ ...settings, validationFraction: 0 }, { rows, columns, classes });
  return {
    sizes,
    trainingRows: rows,
    weights: planned.weights,
    biases: sizes.slice(1).reduce((sum, size) => sum + size, 0),
    flops: planned.counted - planned.phases.validation,
  };
}
