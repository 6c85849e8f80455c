/**
 * Seeded random streams. A seed and a purpose ("batches", epoch 12) name a stream. A resumed run opens
 * the same stream by its name and gets the same numbers, so no position has to be saved.
 *
 * The generator is xoshiro128** 1.1, seeded through splitmix32. D. Blackman and S. Vigna, "Scrambled
 * linear pseudorandom number generators", ACM Transactions on Mathematical Software 47, 2021,
 * https://doi.org/10.1145/3460772.
 *
 * @module
 */

/** A stream of random numbers. Its whole state is four 32-bit words. */
export interface Random {
  /** The state: four 32-bit words, not all zero. A copy of it saves the stream's position. */
  readonly state: Uint32Array;
  /** The next 32 random bits, as an integer from 0 to 2³² − 1. */
  uint32(): number;
  /** A number in [0, 1), a multiple of 2⁻³². */
  float(): number;
  /** An integer in [0, `limit`), every one equally likely. `limit` is at most 2⁵³. */
  below(limit: number): number;
  /** A draw from the normal distribution with mean 0 and variance 1. */
  normal(): number;
}

/**
 * Opens the stream of a seed and a purpose. Equal arguments give equal streams. Different arguments
 * give unrelated streams.
 *
 * @param seed An integer from 0 to 2⁵³ − 1.
 * @param purpose The purpose of the stream: words and numbers, such as `"batches", 12`.
 * @throws {RangeError} If `seed` is not such an integer.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const shuffling = randomStream(1, "batches", 12);
 * const again = randomStream(1, "batches", 12);
 * assert.equal(shuffling.uint32(), again.uint32());
 * ```
 */
export function randomStream(seed: number, ...purpose: readonly (string | number)[]): Random {
  const state = new Uint32Array(4);
  const mix = splitmix32(hashOf(seed, purpose, 2166136261, "/"));
  const other = splitmix32(hashOf(seed, purpose, 3339675911, "\\"));
  state[0] = mix();
  state[1] = other();
  state[2] = mix();
  state[3] = other();
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  return randomFromState(state);
}

/**
 * Returns 32 random bits for a seed and a purpose: a key for generators without state.
 *
 * @throws {RangeError} If `seed` is not an integer from 0 to 2⁵³ − 1.
 *
 * @example Usage
 * ```ts
 * import { streamKey } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * assert.notEqual(streamKey(1, "dropout", 0, 1), streamKey(1, "dropout", 1, 0));
 * ```
 */
export function streamKey(seed: number, ...purpose: readonly (string | number)[]): number {
  // The first number of a stream depends on one of its four words only. Computing just this word saves
  // time, because every training step needs keys.
  return scrambled(splitmix32(hashOf(seed, purpose, 3339675911, "\\"))());
}

/**
 * Continues a stream from a saved state.
 *
 * @param state Four 32-bit words, not all zero. The stream keeps its own copy.
 * @throws {RangeError} If there are not four words, or all are zero.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { randomFromState } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const random = randomStream(7);
 * const continued = randomFromState(random.state);
 * assert.equal(continued.float(), random.float());
 * ```
 */
export function randomFromState(state: Uint32Array): Random {
  if (state.length !== 4 || state.every((word) => word === 0)) {
    throw new RangeError(
      `Cannot continue a random stream: need four words, not all zero, got [${state.join(", ")}]`,
    );
  }
  const s = new Uint32Array(state);

  function uint32(): number {
    const s1 = s[1];
    const result = scrambled(s1);
    s[2] ^= s[0];
    s[3] ^= s1;
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= s1 << 9;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  function below(limit: number): number {
    if (limit <= 0x1_0000_0000) {
      // Numbers beyond the last whole multiple of `limit` would make small results more likely, so they are
      // drawn again.
      const bound = 0x1_0000_0000 - (0x1_0000_0000 % limit);
      let value = uint32();
      while (value >= bound) value = uint32();
      return value % limit;
    }
    const span = 2 ** 53;
    const bound = span - (span % limit);
    let value = (uint32() >>> 11) * 0x1_0000_0000 + uint32();
    while (value >= bound) value = (uint32() >>> 11) * 0x1_0000_0000 + uint32();
    return value % limit;
  }

  function normal(): number {
    // Box–Muller without its second value, which would be additional state.
    const radius = Math.sqrt(-2 * Math.log((uint32() + 1) * 2 ** -32));
    return radius * Math.cos(2 * Math.PI * uint32() * 2 ** -32);
  }

  return { state: s, uint32, float: () => uint32() * 2 ** -32, below, normal };
}

/**
 * Shuffles an array in place (Fisher–Yates).
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { shuffle } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const order = Int32Array.from([0, 1, 2, 3]);
 * shuffle(order, randomStream(1, "batches"));
 * assert.deepEqual([...order].sort(), [0, 1, 2, 3]);
 * ```
 */
export function shuffle(array: Int32Array, random: Random): void {
  for (let last = array.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const value = array[last];
    array[last] = array[other];
    array[other] = value;
  }
}

/** The output of xoshiro128** for the second word of its state. */
function scrambled(word: number): number {
  const product = Math.imul(word, 5);
  return Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
}

function hashOf(
  seed: number,
  purpose: readonly (string | number)[],
  start: number,
  separator: string,
): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot open a random stream with seed ${seed}: need an integer from 0`);
  }
  let hash = fnv1a(start, `${seed}`);
  for (const word of purpose) hash = fnv1a(hash, `${separator}${word}`);
  return hash;
}

/** FNV-1a over the UTF-16 units of a word. */
function fnv1a(hash: number, word: string): number {
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619);
  return hash >>> 0;
}

function splitmix32(state: number): () => number {
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}
