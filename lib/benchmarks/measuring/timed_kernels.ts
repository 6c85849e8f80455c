import type { HardwareCounter } from "../../counters/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";

/** The computing functions of a back end. */
export const KERNEL_FUNCTIONS = [
  "sparseForward",
  "sparseBackward",
  "sparseGradient",
  "sparseGradientSgd",
  "denseForward",
  "denseBackward",
  "denseGradient",
  "sine",
  "sparseRow",
  "denseRow",
  "sgdUpdate",
  "adamUpdate",
  "softmax",
  "softmaxCrossEntropy",
  "squaredError",
] as const;

export type KernelFunction = typeof KERNEL_FUNCTIONS[number];

/** The calls of a function so far. */
export interface KernelTime {
  /** The number of calls. */
  calls: number;
  /** The total milliseconds. */
  ms: number;
  /** The hardware's total count, or `null`. */
  hardware: number | null;
}

/** The calls of every function so far. */
export type KernelTimes = Record<KernelFunction, KernelTime>;

/** Times every function of a back end, and counts it in hardware if there is a counter. */
export function timeKernels(
  kernels: Kernels,
  now: () => number = () => performance.now(),
  counter: HardwareCounter | null = null,
): { kernels: Kernels; times: KernelTimes } {
  const timed = { ...kernels };
  const read = counter === null || "unavailable" in counter ? null : counter.read;
  const times = noTimes(read !== null);
  for (const name of KERNEL_FUNCTIONS) {
    const time = times[name];
    const compute = kernels[name] as (...args: unknown[]) => void;
    const watched = (...args: unknown[]) => {
      const counted = read?.() ?? 0;
      const started = now();
      compute.apply(kernels, args);
      time.ms += now() - started;
      if (read !== null) time.hardware! += read() - counted;
      time.calls++;
    };
    Object.assign(timed, { [name]: watched });
  }
  return { kernels: timed, times };
}

/** Times of functions that have not been called. */
export function noTimes(counts: boolean): KernelTimes {
  return Object.fromEntries(
    KERNEL_FUNCTIONS.map((name) => [name, { calls: 0, ms: 0, hardware: counts ? 0 : null }]),
  ) as KernelTimes;
}

/** Adds the calls since an earlier moment to a sum, if it is given, and sets that moment to now. */
export function addTimesSince(
  sum: KernelTimes | null,
  times: KernelTimes,
  since: KernelTimes,
): void {
  for (const name of KERNEL_FUNCTIONS) {
    const { calls, ms, hardware } = times[name];
    if (sum !== null) {
      sum[name].calls += calls - since[name].calls;
      sum[name].ms += ms - since[name].ms;
      if (hardware !== null) sum[name].hardware! += hardware - since[name].hardware!;
    }
    since[name] = { calls, ms, hardware };
  }
}
