/**
 * The protocol between the main thread and worker threads, in a few words of shared memory. The main
 * thread publishes a call by raising the sequence number. Then all threads, including the main thread,
 * take chunks of rows until none are left. Rows are independent, so the result does not depend on which
 * thread computes which.
 *
 * @module
 */
import type { CompiledFunctions } from "../compiled.ts";

/** Indices of the shared 32-bit words. */
export const Word = {
  /** Raised with every call. */
  SEQUENCE: 0,
  /** The number of workers still busy with the call. */
  BUSY: 1,
  /** The next row that no thread has taken. */
  NEXT: 2,
  /** The row after the last. */
  END: 3,
  /** Rows taken at a time. */
  CHUNK: 4,
  /** The index of the function in {@linkcode DIVIDED}. */
  FUNCTION: 5,
  /** The number of arguments after `from` and `to`. */
  ARGUMENTS: 6,
  /** 1 if the workers must end. */
  STOP: 7,
  /** The number of sleeping workers, which the next call has to wake. */
  ASLEEP: 8,
  /** 1 once a worker has failed; the text of its error follows the words. */
  FAILED: 9,
} as const;

/** The number of shared words. */
const WORDS = 16;
/** The bytes of the shared words, and of the text of an error. */
export const SHARED_BYTES = WORDS * 4 + 512;
/** The most arguments a function has after `from` and `to`. */
export const ARGUMENTS = 32;

/**
 * The functions whose first arguments are a range of rows: of block rows in `block_` functions, and of
 * panels in `block_backward`.
 */
export const DIVIDED = [
  "sparse_forward",
  "sparse_backward",
  "sparse_gradient",
  "sparse_gradient_sgd",
  "block_forward",
  "block_backward",
  "block_gradient",
  "block_gradient_sgd",
  "dense_forward",
  "dense_backward",
  "dense_gradient",
  "sine",
  "sgd_update",
  "adam_update",
] as const satisfies readonly (keyof CompiledFunctions)[];

/** The memory that the threads share. */
export interface SharedCall {
  /** See {@linkcode Word}. */
  readonly words: Int32Array;
  /** The arguments after `from` and `to`: addresses and numbers, all exact as doubles. */
  readonly numbers: Float64Array;
}

/** Takes chunks of the published call's rows until none are left. */
export function takeChunks(functions: CompiledFunctions, { words, numbers }: SharedCall): void {
  const call = functions[DIVIDED[words[Word.FUNCTION]]];
  const rest = Array.from(numbers.subarray(0, words[Word.ARGUMENTS]));
  const end = words[Word.END];
  const chunk = words[Word.CHUNK];
  for (;;) {
    const from = Atomics.add(words, Word.NEXT, chunk);
    if (from >= end) return;
    call(from, Math.min(from + chunk, end), ...rest);
  }
}

/** Reports the failure of a worker to the waiting main thread. Only the first error is kept. */
export function recordFailure({ words }: SharedCall, error: unknown): void {
  if (Atomics.compareExchange(words, Word.FAILED, 0, 1) !== 0) return;
  new TextEncoder().encodeInto(`${error}`, new Uint8Array(words.buffer, WORDS * 4));
}

/** The error of the first worker that failed; `null` if none has. */
export function failureOf({ words }: SharedCall): string | null {
  if (Atomics.load(words, Word.FAILED) === 0) return null;
  // Copied, because a TextDecoder does not accept shared memory.
  const bytes = new Uint8Array(words.buffer, WORDS * 4).slice();
  return new TextDecoder().decode(bytes).replace(/\0.*/s, "");
}
