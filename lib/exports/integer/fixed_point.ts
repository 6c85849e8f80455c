/**
 * Fixed-point arithmetic in 32 bits, the same as in the exported C. Every function takes and returns
 * integers that fit into 32 bits.
 *
 * @module
 */

/** value / 2^n, rounded down. `n` is at least 0; a larger `n` than 31 counts as 31. */
export function shifted(value: number, n: number): number {
  return value >> Math.min(n, 31);
}

/** value × factor / 2^16, rounded down. */
export function scaled(value: number, factor: number): number {
  return (value >> 16) * factor + Math.floor((value & 0xffff) * factor / 2 ** 16);
}

/** value × factor / 2^16 of an unsigned number, rounded down. */
export function scaledUnsigned(value: number, factor: number): number {
  return (value >>> 16) * factor + Math.floor((value & 0xffff) * factor / 2 ** 16);
}

/** The number of parts of a table: a power of two. */
const PARTS = 64;

/** 2^(−k / 64) × 2^16, for k from 0 to 64; the first one is 2^16 − 1, so that it fits 16 bits. */
export const POWERS: Uint16Array = Uint16Array.from(
  { length: PARTS + 1 },
  (_, k) => Math.min(65535, Math.round(2 ** (16 - k / PARTS))),
);

/** log2(1 + k / 64) × 2^16, for k from 0 to 64; the last one is 2^16 − 1. */
export const LOGARITHMS: Uint16Array = Uint16Array.from(
  { length: PARTS + 1 },
  (_, k) => Math.min(65535, Math.round(2 ** 16 * Math.log2(1 + k / PARTS))),
);

/** sin(k π / 128) × (2^15 − 1), for k from 0 to 64. */
export const SINES: Uint16Array = Uint16Array.from(
  { length: PARTS + 1 },
  (_, k) => Math.round(32767 * Math.sin(k * Math.PI / (2 * PARTS))),
);

/** 2^(−x / 2^16) × 2^24, interpolated between powers; `x` is unsigned. */
export function power(x: number): number {
  const whole = Math.floor(x / 2 ** 16);
  if (whole > 24) return 0;
  const place = x >> 10 & 63;
  const part = x & 1023;
  const value = (POWERS[place] << 8) - ((POWERS[place] - POWERS[place + 1]) * part >> 2);
  return value >>> whole;
}

/** log2(x) × 2^16 of a number from 1, interpolated between logarithms. */
export function logarithm(x: number): number {
  const whole = 31 - Math.clz32(x);
  const fraction = (x << (31 - whole) & 0x7fffffff) >>> 9;
  const place = fraction >> 16;
  const part = fraction & 0xffff;
  const step = LOGARITHMS[place + 1] - LOGARITHMS[place];
  return whole * 2 ** 16 + LOGARITHMS[place] + Math.floor(step * part / 2 ** 16);
}

/** sin(2π x / 2^16) × (2^15 − 1), interpolated between sines; `x` from 0 to 65,535. */
export function sine(x: number): number {
  const isSecond = (x & 0x4000) !== 0;
  const along = isSecond ? 0x4000 - (x & 0x3fff) : x & 0x3fff;
  const place = along >> 8;
  const part = along & 255;
  const next = place < PARTS ? SINES[place + 1] : SINES[place];
  const value = SINES[place] + ((next - SINES[place]) * part >> 8);
  return (x & 0x8000) !== 0 ? -value : value;
}
