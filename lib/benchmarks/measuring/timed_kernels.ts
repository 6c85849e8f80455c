import type { HardwareCounter } from "../../counters/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";

/** The functions of a back end that compute. */
export const KERNEL_FUNCTIONS = [
  "sparseForward",
  "sparseBackward",
  "sparseGradient",
  "sparseGradientSgd",
  "denseForward",
  "denseBackward",
  "denseGradient",
  "sine",
  "sgdUpdate",
  "adamUpdate",
  "softmax",
  "softmaxCrossEntropy",
  "squaredError",
] as const;

/** The name of a function that computes. */
export type KernelFunction = typeof KERNEL_FUNCTIONS[number];

/** What a function was called for so far. */
export interface KernelTime {
  /** How often. */
  calls: number;
  /** Milliseconds in all. */
  ms: number;
  /** What the hardware counted in all, or `null`. */
  hardware: number | null;
}

/** A back end that keeps the time. */
export interface TimedKernels {
  /** The back end, as it was. */
  readonly kernels: Kernels;
  /** What each function has taken since. */
  readonly times: Readonly<Record<KernelFunction, KernelTime>>;
}

/** Puts a stop watch around every kernel, and a hardware counter where there is one. */
export function timeKernels(
  kernels: Kernels,
  now: () => number = () => performance.now(),
  counter: HardwareCounter | null = null,
): TimedKernels {
  const timed = { ...kernels };
  const read = counter === null || "unavailable" in counter ? null : counter.read;
  const times = {} as Record<KernelFunction, KernelTime>;
  for (const name of KERNEL_FUNCTIONS) {
    const time = times[name] = { calls: 0, ms: 0, hardware: read === null ? null : 0 };
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

/** No time in any kernel. */
export function noTimes(counts: boolean): Record<KernelFunction, KernelTime> {
  return Object.fromEntries(
    KERNEL_FUNCTIONS.map((name) => [name, { calls: 0, ms: 0, hardware: counts ? 0 : null }]),
  ) as Record<KernelFunction, KernelTime>;
}

/** Adds what kernels have taken since an earlier moment to a sum, and makes that moment now. */
export function addTimesSince(
  sum: Record<KernelFunction, KernelTime> | null,
  times: Readonly<Record<KernelFunction, KernelTime>>,
  since: Record<KernelFunction, KernelTime>,
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
