import type { Problem } from "./problem.ts";

/** A batch's mean loss above this many nats is a divergence. */
const EXPLODED = 1000;

/**
 * The mean loss of a batch above which training has diverged: 1000 nats, or 1000 times the squared error
 * that a prediction of the mean has in the row farthest from it.
 */
export function lossLimit({ training, validation }: Problem): number {
  const squares = (targets: Float32Array | undefined) =>
    targets?.reduce((most, target) => Math.max(most, target * target), 1) ?? 1;
  return EXPLODED * Math.max(squares(training.targets), squares(validation?.targets));
}
