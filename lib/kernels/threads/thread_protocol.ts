/**
 * How the main thread tells worker threads what to compute: a few words of shared memory. A call is
 * published by raising the sequence number. Every thread, the main one too, then takes chunks of rows
 * until none are left. Rows do not depend on one another, so who computes which does not matter to
 * a single bit of the result.
 *
 * @module
 */
import type { CompiledFunctions } from "../compiled.ts";

/** Positions in the shared 32-bit words. */
export const Word = {
  /** Raised with every call. */
  SEQUENCE: 0,
  /** Workers that are still busy with the call. */
  BUSY: 1,
  /** The next row that nobody has taken. */
  NEXT: 2,
  /** The row after the last. */
  END: 3,
  /** Rows taken at a time. */
  CHUNK: 4,
  /** The function's position in {@linkcode DIVIDED}. */
  FUNCTION: 5,
  /** How many arguments follow `from` and `to`. */
  ARGUMENTS: 6,
  /** 1 when the workers are to end. */
  STOP: 7,
  /** Workers asleep, to be woken by the next call. */
  ASLEEP: 8,
} as const;

/** Number of shared words, and of shared arguments. */
export const WORDS = 16;
/** The most arguments a function has after `from` and `to`. */
export const ARGUMENTS = 32;

/** The functions whose first arguments are a range of rows. */
export const DIVIDED = [
  "sparse_forward",
  "sparse_backward",
  "sparse_gradient",
  "sparse_gradient_sgd",
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
  /** Arguments after `from` and `to`: pointers and numbers, all exact as doubles. */
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
