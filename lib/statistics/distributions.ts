import { normalQuantile } from "./normal_quantile.ts";

/** A series or continued fraction stops at changes this small: half a unit in the last place. */
const ENOUGH = 2 ** -53;

/** Replaces a zero denominator in Lentz's method. */
const TINY = 1e-300;

/** The probability that a standard normal variable exceeds `z`: accurate far into the upper tail. */
export function normalUpperTail(z: number): number {
  const tail = upperGamma(0.5, z * z / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** The probability that a chi-square variable with `degrees` degrees of freedom exceeds `value`. */
export function chiSquareUpperTail(value: number, degrees: number): number {
  return value <= 0 ? 1 : upperGamma(degrees / 2, value / 2);
}

/** The probability that a Student t variable with `degrees` degrees of freedom exceeds `t` ≥ 0. */
export function studentTUpperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/**
 * The value that a Student t variable exceeds with probability `tail`.
 *
 * @param tail More than 0, at most 0.5.
 */
export function studentTQuantile(tail: number, degrees: number): number {
  let high = 1 - 2 * normalQuantile(tail);
  while (studentTUpperTail(high, degrees) > tail) high *= 2;
  return bisect(0, high, (t) => studentTUpperTail(t, degrees) > tail);
}

/**
 * Finds the border between values for which `below` holds and values for which it does not, to the last
 * bit.
 *
 * @param low A value for which it holds, or the border itself.
 * @param high A value for which it does not hold.
 */
export function bisect(low: number, high: number, below: (value: number) => boolean): number {
  while (true) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (below(middle)) low = middle;
    else high = middle;
  }
}

/** Γ(a, x) / Γ(a), the regularised upper incomplete gamma function. */
function upperGamma(a: number, x: number): number {
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const factor = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    // The power series of the lower function.
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * ENOUGH; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - factor * sum;
  }
  // Legendre's continued fraction 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - …)), by Lentz's method.
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < 10_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    value *= c * d;
    if (Math.abs(c * d - 1) <= 2 * ENOUGH) break;
  }
  return factor * value;
}

/** I_x(a, b), the regularised incomplete beta function. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast below the mean. Above the mean, the complement is below its own
  // mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const factor = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b),
  );
  let c = 1;
  let d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
  let value = d;
  for (let m = 1; m < 10_000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const numerator of [even, odd]) {
      d = 1 / awayFromZero(1 + numerator * d);
      c = awayFromZero(1 + numerator / c);
      value *= c * d;
    }
    if (Math.abs(c * d - 1) <= 2 * ENOUGH) break;
  }
  return factor * value / a;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** The logarithm of the gamma function for x > 0, by Lanczos' approximation with g = 7. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
