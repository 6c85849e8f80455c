/**
 * Floating-point operations of what was timed: the exact count by phase, and the hardware's beside
 * it.
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
import type { KernelFunction, KernelTime } from "./timed_kernels.ts";

/** The operations of one run of some work. */
export interface WorkFlops extends HardwareCount {
  /** The exact count. */
  readonly counted: number;
  /** The same by phase. */
  readonly phases: FlopCount;
  /** Counted operations per second, at the median time. */
  readonly perSecond: number;
}

/** Puts the count of some work beside what was measured of it. */
export function workFlops(
  phases: Partial<FlopCount>,
  { median, hardware }: Pick<Measurement, "median" | "hardware">,
): WorkFlops {
  const all = { ...noFlops(), ...phases };
  const counted = totalFlops(all);
  return { counted, ...hardware, phases: all, perSecond: counted / median * 1000 };
}

/** A pass through a network: phases that the kernels do in one go, so that only their sum has a time. */
export type Pass = "forward" | "input gradient" | "weight gradient + update" | "softmax + loss";

/** One pass's share of training. */
export interface PassFlops extends HardwareCount {
  /** The pass. */
  readonly pass: Pass;
  /** The exact count. */
  readonly counted: number;
  /** Milliseconds in its kernels. */
  readonly ms: number;
  /** Counted operations per second. */
  readonly perSecond: number;
}

/** Which functions a pass consists of. */
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
 * Divides the count of training among its passes, each with the time and the hardware count of its
 * kernels.
 *
 * @param flops The count of training by phase.
 * @param layers The network, whose activations belong to two passes.
 * @param times What the kernels took in training.
 */
export function passFlops(
  flops: FlopCount,
  layers: readonly Pick<LayerSize, "rows" | "columns">[],
  times: Readonly<Record<KernelFunction, KernelTime>>,
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
  // A sample takes one activation per neuron forward, and one per hidden neuron backward.
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
