/**
 * What worker threads bring.
 *
 * @module
 */
import { type HardwareCounter, WORKER_COUNTER } from "../counters/mod.ts";
import { type OpenKernels, openKernels } from "../kernels/mod.ts";
import {
  type BackEnds,
  measure,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  speedUp,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";
import { openStep, PAPER_BATCH } from "./training_step.ts";

/** The network that threads are measured on: three hidden layers of 3,000 at ε = 30. */
const SIZES = [50, 3000, 3000, 3000, 5];
const EPSILON = 30;

/** Where a worker thread finds its counter. */

/** One number of threads on one back end. */
export interface ThreadSpeed {
  /** The back end's name. */
  readonly backEnd: string;
  /** Threads in all. */
  readonly threads: number;
  /** Milliseconds a training step. */
  readonly ms: Quartiles;
  /** The operations of a step, in all threads together. */
  readonly flops: WorkFlops;
  /** How many times as fast as one thread. */
  readonly speedUp: Quartiles;
}

/** Measures a training step with one thread and with more, all in turn. */
export async function threadSpeeds(
  counts: readonly number[],
  { present }: BackEnds,
  options: MeasureOptions,
  sizes: readonly number[] = SIZES,
): Promise<ThreadSpeed[]> {
  using stack = new DisposableStack();
  const { counter } = options;
  const inWorkers = counter === undefined || "unavailable" in counter ? null : WORKER_COUNTER;
  const opened: OpenKernels[] = [];
  const cases = [];
  for (const { name } of present) {
    for (const threads of [1, ...counts]) {
      const open = stack.use(await openKernels(name, threads, inWorkers));
      opened.push(open);
      const { step, flops } = stack.use(openStep(open.kernels, sizes, EPSILON, PAPER_BATCH));
      cases.push({ backEnd: name, threads, key: `${name} ${threads}`, step, flops });
    }
  }
  const measured = measure(Object.fromEntries(cases.map(({ key, step }) => [key, step])), {
    ...options,
    ...(counter === undefined ? {} : { counter: inAllThreads(counter, opened) }),
  });
  return cases.map(({ backEnd, threads, key, flops }) => ({
    backEnd,
    threads,
    ms: quartiles(measured[key].samples),
    flops: workFlops(flops, measured[key]),
    speedUp: speedUp(measured[key], measured[`${backEnd} 1`]),
  }));
}

/** This thread's count and all workers' as one: those that are not called add nothing. */
function inAllThreads(own: HardwareCounter, opened: readonly OpenKernels[]): HardwareCounter {
  if ("unavailable" in own) return own;
  const workers = opened.flatMap(({ counts }) => counts === null ? [] : [counts]);
  const readable = workers.flatMap((counts) => "unavailable" in counts ? [] : [counts]);
  const refusal = workers.find((counts) => "unavailable" in counts);
  if (refusal !== undefined && "unavailable" in refusal) return refusal;
  const read = () => readable.reduce((sum, counts) => sum + counts.read(), own.read());
  return { event: own.event, read };
}
