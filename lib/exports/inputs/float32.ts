/** Operations on 32-bit floats, as in C. */

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The next 32-bit float above (1) or below (−1) a finite one. */
export function neighbourFloat(x: number, direction: 1 | -1): number {
  if (x === 0) return direction * 2 ** -149;
  float[0] = x;
  bits[0] += (x > 0 ? 1 : -1) * direction;
  return float[0];
}

/** Rounds to the nearest integer, and a tie to the even one, like `lrintf` in C. */
export function roundToEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  if (part !== 0.5) return part < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
