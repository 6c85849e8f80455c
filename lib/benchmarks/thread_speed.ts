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

/** The measured network: three hidden layers of 3,000 neurons with ε = 30. */
const SIZES = [50, 3000, 3000, 3000, 5];
const EPSILON = 30;

/** The speed of one back end with one number of threads. */
export interface ThreadSpeed {
  readonly backEnd: string;
  /** The number of threads, the calling one included. */
  readonly threads: number;
  /** Milliseconds per training step. */
  readonly ms: Quartiles;
  /** The operations of a step in all threads. */
  readonly flops: WorkFlops;
  /** The speed as a multiple of one thread's. */
  readonly speedUp: Quartiles;
}

/** Measures a training step with one thread and with more threads, in turn. */
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
    counter: counter && inAllThreads(counter, opened),
  });
  return cases.map(({ backEnd, threads, key, flops }) => ({
    backEnd,
    threads,
    ms: quartiles(measured[key].samples),
    flops: workFlops(flops, measured[key]),
    speedUp: speedUp(measured[key], measured[`${backEnd} 1`]),
  }));
}

/** One counter for this thread and all workers. Idle workers add nothing. */
function inAllThreads(own: HardwareCounter, opened: readonly OpenKernels[]): HardwareCounter {
  if ("unavailable" in own) return own;
  const workers = opened.flatMap(({ counts }) => counts === null ? [] : [counts]);
  const readable = workers.flatMap((counts) => "unavailable" in counts ? [] : [counts]);
  const refusal = workers.find((counts) => "unavailable" in counts);
  if (refusal !== undefined && "unavailable" in refusal) return refusal;
  const read = () => readable.reduce((sum, counts) => sum + counts.read(), own.read());
  return { event: own.event, read };
}
