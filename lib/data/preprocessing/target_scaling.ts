import { quoted } from "../../messages.ts";
import { moments } from "./scaling.ts";

/**
 * The scale of a target of numbers: a network learns (target − mean) / deviation. A plain object,
 * stored with a model.
 */
export interface TargetScaling {
  /** The training rows' mean. */
  readonly mean: number;
  /** Their standard deviation (of the population, divisor n), above 0. */
  readonly deviation: number;
}

/**
 * Fits the scale to the targets of the rows to learn from.
 *
 * @param source The table's name, and `name` the column's, for messages.
 * @throws {RangeError} If all targets are the same.
 */
export function fitTargetScaling(
  targets: Float32Array,
  source: string,
  name: string,
): TargetScaling {
  const [mean, deviation] = moments(targets, targets.length, 1);
  if (!(deviation > 0)) {
    throw new RangeError(
      `Cannot learn from ${quoted(source)}, column ${quoted(name)}: found the one number ` +
        `${targets[0]} in all ${targets.length} training rows, need at least two`,
    );
  }
  return { mean, deviation };
}

/** Standardises targets, as a network learns them. */
export function scaleTargets(scaling: TargetScaling, targets: Float32Array): Float32Array {
  return Float32Array.from(targets, (target) => (target - scaling.mean) / scaling.deviation);
}

/** Converts a network's outputs to the unit of the target. */
export function unscaleTargets(scaling: TargetScaling, outputs: Float32Array): Float32Array {
  return Float32Array.from(outputs, (output) => scaling.mean + scaling.deviation * output);
}
