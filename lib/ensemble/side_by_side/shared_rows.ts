import type { Rows } from "../../training/mod.ts";
import type { Problem } from "../problem.ts";

/** Copies rows into shared memory, so that workers need no copies. */
export function sharedRows(rows: Rows): Rows {
  const { features, labels, targets, soft, weights } = rows;
  return {
    ...rows,
    features: sharedFloats(features),
    labels: labels.buffer instanceof SharedArrayBuffer ? labels : shareInto(
      new Int32Array(new SharedArrayBuffer(labels.byteLength)),
      labels,
    ),
    targets: targets && sharedFloats(targets),
    soft: soft && sharedFloats(soft),
    weights: weights && sharedFloats(weights),
  };
}

/** Copies a problem's rows into shared memory. */
export function sharedProblem(problem: Problem): Problem {
  const { training, validation } = problem;
  return {
    ...problem,
    training: sharedRows(training),
    validation: validation && sharedRows(validation),
  };
}

function sharedFloats(array: Float32Array): Float32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  return shareInto(new Float32Array(new SharedArrayBuffer(array.byteLength)), array);
}

function shareInto<Numbers extends Float32Array | Int32Array>(
  shared: Numbers,
  array: Numbers,
): Numbers {
  shared.set(array);
  return shared;
}
