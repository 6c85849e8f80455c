import type { FloatArray } from "../kernels/mod.ts";

/**
 * Finds the magnitude with number `rank` (from 1) in ascending order, and the number of equal ones
 * among the first `rank`. Radix selection takes linear time for any numbers: the bits of non-negative
 * floating-point numbers have the order of the numbers. `magnitudes` is overwritten.
 */
export function selectSmallest(
  magnitudes: FloatArray,
  rank: number,
): { magnitude: number; ties: number } {
  const size = magnitudes.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(magnitudes.buffer, magnitudes.byteOffset, magnitudes.byteLength);
  const histogram = new Int32Array(256);
  let length = magnitudes.length;
  // Typed arrays are little-endian wherever this runs: the last byte is the most significant.
  for (let byte = size - 1; byte >= 0 && length > 1; byte--) {
    histogram.fill(0);
    for (let i = 0, at = byte; i < length; i++, at += size) histogram[bytes[at]]++;
    let digit = 0;
    while (rank > histogram[digit]) rank -= histogram[digit++];
    let kept = 0;
    for (let i = 0, at = byte; i < length; i++, at += size) {
      // No branch: whether to keep a number is random, and the processor would often guess wrong.
      magnitudes[kept] = magnitudes[i];
      kept += bytes[at] === digit ? 1 : 0;
    }
    length = kept;
  }
  return { magnitude: magnitudes[0], ties: rank };
}
