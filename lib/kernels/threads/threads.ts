/**
 * Worker threads for the compiled kernels. One call is divided among the threads by rows, so the
 * result is the same to the last bit whatever their number.
 *
 * @module
 */
import type { CompiledFunctions } from "../compiled.ts";
import type { WorkerReady, WorkerStart } from "../worker_start.ts";
import { ARGUMENTS, DIVIDED, type SharedCall, takeChunks, Word, WORDS } from "./thread_protocol.ts";

/** What worker threads counted of their own operations, or why they do not count. */
export type ThreadCounts =
  | {
    /** What is counted. */
    readonly event: string;
    /** The sum of all worker threads up to the last call; this thread is not in it. */
    read(): number;
  }
  | { readonly unavailable: string };

/** The compiled functions, divided among threads. */
export interface ThreadedFunctions {
  /** The same functions, but for their speed. */
  readonly functions: CompiledFunctions;
  /** The workers' counts, or `null` where none were asked for. */
  readonly counts: ThreadCounts | null;
  /** Ends the worker threads. Without it the process does not end. Safe to call twice. */
  close(): void;
}

/** How often the main thread looks whether the workers are done before it goes to sleep. */
const LOOKS = 20_000;
/** Chunks of rows per thread: enough that a slow thread does not keep the others waiting. */
const CHUNKS = 4;

/**
 * Starts worker threads.
 *
 * @param functions The functions as this thread calls them.
 * @param threads Threads in all, this one included; at least 2.
 * @param start What every worker opens: a memory or a library.
 * @param counter The module that counts in every worker, or `null`.
 */
export async function startThreads(
  functions: CompiledFunctions,
  threads: number,
  start: (worker: number) => Pick<WorkerStart, "wasm" | "library">,
  counter: string | null,
): Promise<ThreadedFunctions> {
  const words = new SharedArrayBuffer(WORDS * 4);
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
  const counts = counter === null ? null : countsOf(answers, new Float64Array(counted));
  return { functions: divided(functions, call, threads, () => open), counts, close };
}

/** One count for all workers: where one of them cannot count, their sum would be too small. */
function countsOf(answers: readonly WorkerReady[], counted: Float64Array): ThreadCounts {
  const refusal = answers.find(({ unavailable }) => unavailable !== null)?.unavailable;
  if (typeof refusal === "string") return { unavailable: refusal };
  const events = [...new Set(answers.map(({ event }) => event))];
  if (events.length > 1 || events[0] === null) {
    return { unavailable: `worker threads count different events: ${events.join(", ")}` };
  }
  return { event: events[0], read: () => counted.reduce((sum, count) => sum + count, 0) };
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

/** Functions that publish a call, take their own share of it, and wait for the others. */
function divided(
  functions: CompiledFunctions,
  call: SharedCall,
  threads: number,
  isOpen: () => boolean,
): CompiledFunctions {
  const { words, numbers } = call;
  const all: CompiledFunctions = { ...pick(functions) };
  DIVIDED.forEach((name, position) => {
    all[name] = (from: number, to: number, ...rest: number[]) => {
      if (!isOpen()) return functions[name](from, to, ...rest);
      numbers.set(rest);
      words[Word.FUNCTION] = position;
      words[Word.ARGUMENTS] = rest.length;
      words[Word.END] = to;
      // A multiple of four, so that threads do not share the cache lines of what they write.
      const share = Math.ceil((to - from) / (threads * CHUNKS));
      words[Word.CHUNK] = share > 4 ? Math.ceil(share / 4) * 4 : share;
      Atomics.store(words, Word.NEXT, from);
      Atomics.store(words, Word.BUSY, threads - 1);
      Atomics.add(words, Word.SEQUENCE, 1);
      if (Atomics.load(words, Word.ASLEEP) > 0) Atomics.notify(words, Word.SEQUENCE);
      takeChunks(functions, call);
      waitUntilDone(words);
    };
  });
  return all;
}

/** The functions by name: WebAssembly's exports and a library's symbols are not plain objects. */
function pick(functions: CompiledFunctions): CompiledFunctions {
  const { transpose, softmax, softmax_cross_entropy, stream } = functions;
  const kept = { transpose, softmax, softmax_cross_entropy, stream };
  return {
    ...kept,
    ...Object.fromEntries(DIVIDED.map((name) => [name, functions[name]])),
  } as unknown as CompiledFunctions;
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
