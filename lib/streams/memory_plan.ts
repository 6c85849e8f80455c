/**
 * The memory that streamed rows may take, and what it is spent on.
 *
 * @module
 */
import { sketchBytes } from "./quantile_sketch.ts";

/** The least memory for rows, in bytes. */
export const LEAST_MEMORY = 1_000_000;

/** The share of the memory that holds the window of training. */
const WINDOW = 1 / 2;

/** The share of the memory that holds rows for the test, and as much for validation. */
const HELD_OUT = 1 / 8;

/** The accuracy on so many rows has a standard error of at most 0.0005. */
const MOST_HELD_OUT = 1_000_000;

/** The share of the memory that sketches take while preprocessing is fitted. */
const SKETCHES = 1 / 2;

/** A window has about so many blocks: their shuffle mixes the rows. */
const BLOCKS_OF_WINDOW = 64;

/** Blocks of fewer bytes are read at the cost of the calls. */
const LEAST_BLOCK = 2 ** 16;

/** The values that the buffer of a sketch holds at least, and at most. */
const [LEAST_BUFFER, LARGEST_BUFFER] = [256, 2 ** 16];

/** The blocks of a file, and how many are in memory at a time. */
export interface WindowPlan {
  /** The rows of a block. */
  readonly blockRows: number;
  /** The most blocks of a window. */
  readonly windowBlocks: number;
}

/** The blocks and windows of rows with so many columns, within some bytes of memory. */
export function windowPlan(memory: number, columns: number): WindowPlan {
  // Each row has a target and a place in the window's order.
  const row = 4 * (columns + 2);
  const window = Math.floor(memory * WINDOW);
  const block = Math.max(LEAST_BLOCK, Math.floor(window / BLOCKS_OF_WINDOW));
  const blockRows = Math.max(1, Math.floor(Math.min(block, window) / row));
  return { blockRows, windowBlocks: Math.max(1, Math.floor(window / (blockRows * row))) };
}

/** The most rows that are held out for the test, or for validation. */
export function mostHeldOut(memory: number, columns: number): number {
  const rows = Math.floor(memory * HELD_OUT / (4 * (columns + 1)));
  return Math.max(1, Math.min(MOST_HELD_OUT, rows));
}

/**
 * The values that the buffer of every column's sketch holds: the largest power of two that there is memory for.
 *
 * @param columns The columns of numbers.
 */
export function sketchCapacity(memory: number, columns: number, rows: number): number {
  let capacity = LEAST_BUFFER;
  const fits = (next: number) => columns * sketchBytes(rows, next) <= memory * SKETCHES;
  while (capacity < LARGEST_BUFFER && capacity < rows && fits(2 * capacity)) capacity *= 2;
  return capacity;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/**
 * The bytes of a size as people write it: `2GB`, `500 MB`, `1.5g`, or a number of bytes. 1 MB is 1,000,000 bytes.
 *
 * @throws {RangeError} If it is none, or less than 1 MB.
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
 * @param found The number as it was given, for the message.
 * @throws {RangeError} If it is no whole number from 1,000,000.
 */
export function checkMemory(bytes: number, found = `${bytes}`): number {
  if (Number.isSafeInteger(bytes) && bytes >= LEAST_MEMORY) return bytes;
  throw new RangeError(
    `Cannot stream rows in a memory of ${found}: need a size from 1MB, such as 500MB or 2GB`,
  );
}
