/**
 * The held-out rows of a streamed table. They are drawn by their numbers, and stay in memory.
 *
 * @module
 */
import { randomStream } from "../random.ts";

/** The parts of a table. */
export interface Parts {
  /** The numbers of the rows for the test, ascending. */
  readonly test: Int32Array;
  /** The numbers of the rows for validation, ascending. */
  readonly validation: Int32Array;
}

/** The number of rows to hold out. */
export interface PartsRequest {
  /** The shares of the rows for the test, and of the others for validation. */
  readonly testFraction: number;
  readonly validationFraction: number;
  /** The largest number of rows for each. */
  readonly most: number;
  readonly seed: number;
}

/**
 * Draws the held-out rows. Every row has the same probability, whatever its class.
 *
 * @param rows The rows of the table.
 * @throws {RangeError} If no row would be left to learn from.
 */
export function drawParts(
  rows: number,
  { testFraction, validationFraction, most, seed }: PartsRequest,
): Parts {
  const count = (share: number, of: number) =>
    share === 0 ? 0 : Math.min(most, Math.max(1, Math.round(share * of)));
  const tests = count(testFraction, rows);
  const validations = count(validationFraction, rows - tests);
  if (tests + validations >= rows) {
    throw new RangeError(
      `Cannot hold rows out: found ${rows} rows, need more than ${tests} for the test and ` +
        `${validations} for validation`,
    );
  }
  const drawn = drawDistinct(rows, tests + validations, seed);
  return { test: drawn.slice(0, tests).sort(), validation: drawn.slice(tests).sort() };
}

/**
 * Draws `count` different numbers below a limit, in random order (Floyd's algorithm with a step of a
 * shuffle).
 */
function drawDistinct(limit: number, count: number, seed: number): Int32Array {
  const random = randomStream(seed, "held out");
  const drawn = new Int32Array(count);
  const taken = new Set<number>();
  for (let k = 0; k < count; k++) {
    const last = limit - count + k;
    const one = random.below(last + 1);
    const number = taken.has(one) ? last : one;
    taken.add(number);
    const place = random.below(k + 1);
    drawn[k] = drawn[place];
    drawn[place] = number;
  }
  return drawn;
}

/**
 * Makes a function that returns `true` if a row is in one of the lists.
 *
 * @param rows The number of rows of the table. Each takes one bit.
 */
export function rowSet(rows: number, ...lists: readonly Int32Array[]): (row: number) => boolean {
  const bits = new Uint8Array(Math.ceil(rows / 8));
  for (const list of lists) for (const row of list) bits[row >>> 3] |= 1 << (row & 7);
  return (row) => (bits[row >>> 3] >>> (row & 7) & 1) === 1;
}
