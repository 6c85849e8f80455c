/**
 * The Mersenne Twister of Matsumoto and Nishimura (1998) and the draws of NumPy's legacy `RandomState`, bit
 * for bit. They are used only to repeat published choices that were made with NumPy. All other random
 * numbers come from `lib/random.ts`.
 *
 * @module
 */

const WORDS = 624;
const MIDDLE = 397;

/** A stream of 32-bit words. */
export interface MersenneTwister {
  /** The next word, from 0 to 2³² − 1. */
  uint32(): number;
}

/**
 * The stream of `numpy.random.RandomState(seed)`.
 *
 * @param seed An integer from 0 to 2³² − 1.
 * @throws {RangeError} If it is not.
 */
export function mersenneTwister(seed: number): MersenneTwister {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(
      `Cannot seed the Mersenne Twister: found ${seed}, need an integer from 0 to 4294967295`,
    );
  }
  const state = new Uint32Array(WORDS);
  state[0] = seed;
  for (let k = 1; k < WORDS; k++) {
    state[k] = Math.imul(1812433253, state[k - 1] ^ (state[k - 1] >>> 30)) + k;
  }
  let position = WORDS;

  function refill(): void {
    for (let k = 0; k < WORDS; k++) {
      const word = (state[k] & 0x80000000) | (state[(k + 1) % WORDS] & 0x7fffffff);
      state[k] = state[(k + MIDDLE) % WORDS] ^ (word >>> 1) ^ ((word & 1) === 0 ? 0 : 0x9908b0df);
    }
    position = 0;
  }

  return {
    uint32() {
      if (position === WORDS) refill();
      let word = state[position++];
      word ^= word >>> 11;
      word ^= (word << 7) & 0x9d2c5680;
      word ^= (word << 15) & 0xefc60000;
      word ^= word >>> 18;
      return word >>> 0;
    },
  };
}

/** `RandomState.permutation(length)`: the integers from 0, in random order. */
export function numpyPermutation(stream: MersenneTwister, length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, k) => k);
  for (let last = length - 1; last > 0; last--) {
    const other = drawUpTo(stream, last);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/**
 * Draws an integer from 0 to `limit`. It draws as many bits as `limit` has, until the number is small
 * enough.
 */
function drawUpTo(stream: MersenneTwister, limit: number): number {
  const mask = 0xffffffff >>> Math.clz32(limit);
  for (;;) {
    const value = (stream.uint32() & mask) >>> 0;
    if (value <= limit) return value;
  }
}
