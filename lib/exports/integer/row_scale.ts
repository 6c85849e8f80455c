/**
 * The scale of a row of integer weights in 16 bits: 12 bits that begin with a 1, and 4 bits of a shift. Its
 * relative error is at most 1/4,096, from the layer's largest scale down to one 30,000 times smaller.
 *
 * @module
 */

/** The number of bits before the shift. */
const DIGITS = 12;

/** The largest shift. */
const MOST = 15;

/** The smallest k for which a scale × 2^−k is below 1. */
export function exponentOf(scale: number): number {
  if (scale === 0) return -100;
  let exponent = Math.ceil(Math.log2(scale));
  while (scale >= 2 ** exponent) exponent++;
  while (scale < 2 ** (exponent - 1)) exponent--;
  return exponent;
}

/**
 * A scale as a code.
 *
 * @param exponent The exponent of the layer's largest scale.
 */
export function encodeScale(scale: number, exponent: number): number {
  let shift = exponent - exponentOf(scale);
  if (shift > MOST) return 0;
  let digits = Math.round(scale * 2 ** (shift - exponent + DIGITS));
  if (digits === 2 ** DIGITS) {
    digits /= 2;
    shift--;
  }
  return shift < 0 ? 2 ** DIGITS - 1 : digits | shift << DIGITS;
}

/** The factor × 2^16 of a code, and the shift that follows. */
export function decodeScale(code: number): { factor: number; shift: number } {
  return { factor: (code & 0xfff) << 4, shift: code >> DIGITS };
}

/** The scale that a code stands for. */
export function scaleOf(code: number, exponent: number): number {
  const { factor, shift } = decodeScale(code);
  return factor * 2 ** (exponent - 16 - shift);
}
