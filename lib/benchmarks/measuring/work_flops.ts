/**
 * Floating-point operations of timed work: by formula and phase, and by hardware.
 *
 * @module
 */
import {
  type FlopCount,
  type HardwareCount,
  type LayerSize,
  noFlops,
  totalFlops,
} from "../../counters/mod.ts";
import type { Measurement } from "./measure.ts";
import type { KernelFunction, KernelTimes } from "./timed_kernels.ts";

/** The operations of one run of some work. */
export interface WorkFlops extends HardwareCount {
  /** The count by formula. */
  readonly counted: number;
  /** The count by phase. */
  readonly phases: FlopCount;
  /** Counted operations per second, at the median time. */
  readonly perSecond: number;
}

/** Joins the count of some work with its measurement. */
export function workFlops(
  phases: Partial<FlopCount>,
  { median, hardware }: Pick<Measurement, "median" | "hardware">,
): WorkFlops {
  const all = { ...noFlops(), ...phases };
  const counted = totalFlops(all);
  return { counted, ...hardware, phases: all, perSecond: counted / median * 1000 };
}

/** A pass through a network: phases in the same kernels, of which only the common time is known. */
export type Pass = "forward" | "input gradient" | "weight gradient + update" | "softmax + loss";

/** The operations of one pass in training. */
export interface PassFlops extends Omit<WorkFlops, "phases"> {
  readonly pass: Pass;
  /** Milliseconds in the kernels of the pass. */
  readonly ms: number;
}

/** The functions of every pass. */
const FUNCTIONS: Readonly<Record<Pass, readonly KernelFunction[]>> = {
  "forward": ["sparseForward", "denseForward"],
  "input gradient": ["sparseBackward", "denseBackward"],
  "weight gradient + update": [
    "sparseGradient",
    "sparseGradientSgd",
    "denseGradient",
    "sgdUpdate",
    "adamUpdate",
  ],
  "softmax + loss": ["softmax", "softmaxCrossEntropy", "squaredError"],
};

/**
 * Divides the count of training among its passes. Every pass has the time and the hardware count of its
 * kernels.
 *
 * @param flops The count of training by phase.
 * @param layers The layers of the network, by which activations are divided between two passes.
 * @param times The calls of the kernels in training.
 */
export function passFlops(
  flops: FlopCount,
  layers: readonly Pick<LayerSize, "rows" | "columns">[],
  times: KernelTimes,
  { event, reason }: HardwareCount,
): PassFlops[] {
  const counts = countByPass(flops, layers);
  return (Object.keys(FUNCTIONS) as Pass[]).map((pass) => {
    const parts = FUNCTIONS[pass].map((name) => times[name]);
    const ms = parts.reduce((sum, part) => sum + part.ms, 0);
    const hardware = event === null
      ? null
      : parts.reduce((sum, part) => sum + (part.hardware ?? 0), 0);
    const counted = counts[pass];
    return { pass, counted, hardware, event, reason, ms, perSecond: counted / ms * 1000 };
  });
}

function countByPass(
  flops: FlopCount,
  layers: readonly Pick<LayerSize, "rows" | "columns">[],
): Record<Pass, number> {
  const { forward, activation, softmax, inputGradient, weightGradient, update } = flops;
  // Per sample: one activation per neuron forward, and one per hidden neuron backward.
  const ahead = layers.reduce((sum, { rows }) => sum + rows, 0);
  const back = layers.slice(1).reduce((sum, { columns }) => sum + columns, 0);
  const activationForward = activation / (ahead + back) * ahead;
  return {
    "forward": forward + activationForward,
    "input gradient": inputGradient + activation - activationForward,
    "weight gradient + update": weightGradient + update,
    "softmax + loss": softmax,
  };
}
