/**
 * Worker threads for the compiled kernels. A call is divided among the threads by rows. The number of
 * threads does not change the result.
 *
 * @module
 */
import type { CompiledFunctions } from "../compiled.ts";
import type { WorkerReady, WorkerStart } from "../worker_start.ts";
import {
  ARGUMENTS,
  DIVIDED,
  failureOf,
  SHARED_BYTES,
  type SharedCall,
  takeChunks,
  Word,
} from "./thread_protocol.ts";

/** The worker threads' count of their operations, or the reason why there is none. */
export type ThreadCounts =
  | {
    /** The counted event. */
    readonly event: string;
    /** Returns the sum over all worker threads up to the last call, without the calling thread. */
    read(): number;
  }
  | { readonly unavailable: string };

/** Compiled functions whose calls are divided among threads. */
export interface ThreadedFunctions {
  /** The functions, with the same results. */
  readonly functions: CompiledFunctions;
  /** The workers' count, or `null` without a counter. */
  readonly counts: ThreadCounts | null;
  /** Ends the worker threads, without which the process does not end. Safe to call twice. */
  close(): void;
}

/** The number of times that the main thread checks for finished workers before it sleeps. */
const LOOKS = 20_000;
/** Chunks of rows per thread: enough for the other threads to take over the rows of a slow one. */
const CHUNKS = 4;

/**
 * Starts worker threads.
 *
 * @param functions The functions of the calling thread.
 * @param threads The number of threads, the calling one included; at least 2.
 * @param start Returns the memory or library that a worker opens.
 * @param counter The module that counts in every worker, or `null`.
 * @throws {Error} If a worker cannot be started.
 */
export async function startThreads(
  functions: CompiledFunctions,
  threads: number,
  start: (worker: number) => Pick<WorkerStart, "wasm" | "library">,
  counter: string | null,
): Promise<ThreadedFunctions> {
  const words = new SharedArrayBuffer(SHARED_BYTES);
  const numbers = new SharedArrayBuffer(ARGUMENTS * 8);
  const call: SharedCall = { words: new Int32Array(words), numbers: new Float64Array(numbers) };
  const counted = new SharedArrayBuffer((threads - 1) * 8);
  const workers: Worker[] = [];
  let answers: WorkerReady[];
  let open = true;
  const close = () => {
    open = false;
    Atomics.store(call.words, Word.STOP, 1);
    Atomics.add(call.words, Word.SEQUENCE, 1);
    Atomics.notify(call.words, Word.SEQUENCE);
    workers.length = 0;
  };
  try {
    answers = await Promise.all(Array.from({ length: threads - 1 }, (_, worker) => {
      const thread = new Worker(new URL("./kernel_worker.ts", import.meta.url), { type: "module" });
      workers.push(thread);
      const counting = counter === null
        ? null
        : { module: counter, counts: counted, place: worker };
      return ready(thread, { words, numbers, ...start(worker), counter: counting });
    }));
  } catch (cause) {
    workers.forEach((worker) => worker.terminate());
    close();
    throw new Error(`Cannot start ${threads - 1} worker threads: ${(cause as Error).message}`, {
      cause,
    });
  }
  const counts = countsOf(answers, new Float64Array(counted));
  return { functions: divided(functions, call, threads, () => open), counts, close };
}

/**
 * Sums the counts of all workers. If one of them cannot count, there is no sum, because it would be too
 * small.
 */
function countsOf(answers: readonly WorkerReady[], counted: Float64Array): ThreadCounts | null {
  const events = new Set<string>();
  for (const answer of answers) {
    if (answer === null || "unavailable" in answer) return answer;
    events.add(answer.event);
  }
  const [event, ...others] = events;
  if (others.length > 0) {
    return { unavailable: `worker threads count different events: ${[...events].join(", ")}` };
  }
  return { event, read: () => counted.reduce((sum, count) => sum + count, 0) };
}

function ready(worker: Worker, start: WorkerStart): Promise<WorkerReady> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerReady>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(start);
  });
}

/** Functions that publish a call, compute a share of it, and wait for the workers. */
function divided(
  functions: CompiledFunctions,
  call: SharedCall,
  threads: number,
  isOpen: () => boolean,
): CompiledFunctions {
  const { words, numbers } = call;
  const all = { ...functions };
  DIVIDED.forEach((name, position) => {
    all[name] = (from: number, to: number, ...rest: number[]) => {
      if (!isOpen()) return functions[name](from, to, ...rest);
      numbers.set(rest);
      words[Word.FUNCTION] = position;
      words[Word.ARGUMENTS] = rest.length;
      words[Word.END] = to;
      // A multiple of four rows, so that threads do not write to the same cache lines.
      const share = Math.ceil((to - from) / (threads * CHUNKS));
      words[Word.CHUNK] = share > 4 ? Math.ceil(share / 4) * 4 : share;
      Atomics.store(words, Word.NEXT, from);
      Atomics.store(words, Word.BUSY, threads - 1);
      Atomics.add(words, Word.SEQUENCE, 1);
      if (Atomics.load(words, Word.ASLEEP) > 0) Atomics.notify(words, Word.SEQUENCE);
      try {
        takeChunks(functions, call);
      } finally {
        // Waits also after an error, because workers still write to the memory of the call.
        waitUntilDone(words);
      }
      const failure = failureOf(call);
      if (failure === null) return;
      throw new Error(
        `Cannot compute "${name}": found a worker thread that failed (${failure}), need all of them`,
      );
    };
  });
  return all;
}

function waitUntilDone(words: Int32Array): void {
  for (;;) {
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(words, Word.BUSY) === 0) return;
    }
    const busy = Atomics.load(words, Word.BUSY);
    if (busy > 0) Atomics.wait(words, Word.BUSY, busy);
  }
}
