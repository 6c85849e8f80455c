/**
 * Divides the memory that streamed rows may take.
 *
 * @module
 */
import { sketchBytes } from "./quantile_sketch.ts";

/** The least memory for rows, in bytes. */
export const LEAST_MEMORY = 1_000_000;

/** The share of the memory that holds the window of training. */
const WINDOW = 1 / 2;

/** The share of the memory for the test rows. The validation rows may take the same share. */
const HELD_OUT = 1 / 8;

/** The largest number of held-out rows. The accuracy on them has a standard error of at most 0.0005. */
const MOST_HELD_OUT = 1_000_000;

/** The share of the memory for sketches while preprocessing is fitted. */
const SKETCHES = 1 / 2;

/** The approximate number of blocks of a window. With many blocks, their random order mixes the rows well. */
const BLOCKS_OF_WINDOW = 64;

/** The smallest size of a block in bytes. In smaller blocks the cost of the calls would dominate. */
const LEAST_BLOCK = 2 ** 16;

/** The smallest and the largest number of values in the buffer of a sketch. */
const [LEAST_BUFFER, LARGEST_BUFFER] = [256, 2 ** 16];

/** The size of a file's blocks, and the number of blocks in memory at a time. */
export interface WindowPlan {
  /** The rows of a block. */
  readonly blockRows: number;
  /** The largest number of blocks of a window. */
  readonly windowBlocks: number;
}

/** Plans blocks and windows for rows of `columns` columns, within `memory` bytes. */
export function windowPlan(memory: number, columns: number): WindowPlan {
  // Each row has a target and a place in the window's order.
  const row = 4 * (columns + 2);
  const window = Math.floor(memory * WINDOW);
  const block = Math.max(LEAST_BLOCK, Math.floor(window / BLOCKS_OF_WINDOW));
  const blockRows = Math.max(1, Math.floor(Math.min(block, window) / row));
  return { blockRows, windowBlocks: Math.max(1, Math.floor(window / (blockRows * row))) };
}

/** The largest number of rows to hold out for the test, or for validation. */
export function mostHeldOut(memory: number, columns: number): number {
  const rows = Math.floor(memory * HELD_OUT / (4 * (columns + 1)));
  return Math.max(1, Math.min(MOST_HELD_OUT, rows));
}

/**
 * The number of values in the buffer of every column's sketch: the largest power of two that fits into
 * memory.
 *
 * @param columns The number of columns with numbers.
 */
export function sketchCapacity(memory: number, columns: number, rows: number): number {
  let capacity = LEAST_BUFFER;
  const fits = (next: number) => columns * sketchBytes(rows, next) <= memory * SKETCHES;
  while (capacity < LARGEST_BUFFER && capacity < rows && fits(2 * capacity)) capacity *= 2;
  return capacity;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/**
 * Parses a size in bytes: `2GB`, `500 MB`, `1.5g`, or a number of bytes. 1 MB is 1,000,000 bytes.
 *
 * @throws {RangeError} If the text is not a size, or the size is below 1 MB.
 *
 * @example Usage
 * ```ts
 * import { memoryBytes } from "@sparsemble/sparsemble/streams";
 * import assert from "node:assert/strict";
 *
 * assert.equal(memoryBytes("1.5GB"), 1_500_000_000);
 * ```
 */
export function memoryBytes(text: string): number {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*$/i.exec(text);
  const bytes = found === null ? NaN : Math.floor(Number(found[1]) * UNITS[found[2].toLowerCase()]);
  return checkMemory(bytes, `"${text}"`);
}

/**
 * Checks a number of bytes.
 *
 * @param found The number as the user wrote it, for the message.
 * @throws {RangeError} If it is not an integer from 1,000,000.
 */
export function checkMemory(bytes: number, found = `${bytes}`): number {
  if (Number.isSafeInteger(bytes) && bytes >= LEAST_MEMORY) return bytes;
  throw new RangeError(
    `Cannot stream rows in a memory of ${found}: need a size from 1MB, such as 500MB or 2GB`,
  );
}
