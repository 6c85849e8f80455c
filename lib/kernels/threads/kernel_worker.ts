/// <reference lib="webworker" />
/**
 * A worker thread: it waits for a call, computes a share of its rows, and ends on request.
 *
 * @module
 */
import type { CompiledFunctions } from "../compiled.ts";
import { openNativeLibrary } from "../native/mod.ts";
import { compileWasm } from "../wasm/mod.ts";
import type { ThreadCounterModule, WorkerReady, WorkerStart } from "../worker_start.ts";
import { recordFailure, type SharedCall, takeChunks, Word } from "./thread_protocol.ts";

/** The number of times that a worker checks for the next call before it sleeps. */
const LOOKS = 20_000;

self.onmessage = async ({ data }: MessageEvent<WorkerStart>) => {
  const functions = openFunctions(data);
  const counter = data.counter === null ? null : await openCounter(data.counter.module);
  const counts = new Float64Array(data.counter?.counts ?? new SharedArrayBuffer(0));
  const place = data.counter?.place ?? 0;
  const call: SharedCall = {
    words: new Int32Array(data.words),
    numbers: new Float64Array(data.numbers),
  };
  let seen = Atomics.load(call.words, Word.SEQUENCE);
  const count = counter === null || "unavailable" in counter ? null : counter;
  const ready: WorkerReady = count === null ? counter : { event: count.event };
  self.postMessage(ready);
  for (;;) {
    seen = nextCall(call.words, seen);
    if (Atomics.load(call.words, Word.STOP) === 1) break;
    try {
      takeChunks(functions, call);
      // The count is written before the thread is marked as finished, so that the main thread finds the
      // whole count.
      if (count !== null) counts[place] = count.read();
    } catch (error) {
      recordFailure(call, error);
    }
    Atomics.sub(call.words, Word.BUSY, 1);
    Atomics.notify(call.words, Word.BUSY);
  }
  count?.close();
  self.close();
};

async function openCounter(
  module: string,
): Promise<ReturnType<ThreadCounterModule["openHardwareFlops"]>> {
  const { openHardwareFlops } = await import(module) as ThreadCounterModule;
  return openHardwareFlops();
}

function openFunctions({ wasm, library }: WorkerStart): CompiledFunctions {
  if (library !== null) return openNativeLibrary(library).functions;
  const { memory, stackTop } = wasm!;
  const { exports } = new WebAssembly.Instance(compileWasm(), { env: { memory } });
  // Every instance begins with the same stack, but threads must not share one.
  (exports.__stack_pointer as WebAssembly.Global).value = stackTop;
  return exports as unknown as CompiledFunctions;
}

/** Waits until the sequence number differs from `seen`, and returns it. */
function nextCall(words: Int32Array, seen: number): number {
  for (;;) {
    for (let look = 0; look < LOOKS; look++) {
      const sequence = Atomics.load(words, Word.SEQUENCE);
      if (sequence !== seen) return sequence;
    }
    Atomics.add(words, Word.ASLEEP, 1);
    Atomics.wait(words, Word.SEQUENCE, seen);
    Atomics.sub(words, Word.ASLEEP, 1);
  }
}
