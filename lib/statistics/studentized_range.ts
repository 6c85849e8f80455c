/**
 * The studentized range with infinitely many degrees of freedom: the distance between the least and the
 * greatest of k independent standard normal variables.
 *
 * @module
 */
import { bisect, normalUpperTail } from "./distributions.ts";

/**
 * The step of the trapezoid rule. On a smooth integrand that vanishes at both ends its error falls
 * off faster than any power of the step; here it is below rounding.
 */
const STEP = 0.1;

/**
 * The probability that the range of `groups` independent standard normal variables exceeds `range`,
 * accurate far into the tail: k ∫ φ(z) (Φ(z)^(k−1) − (Φ(z) − Φ(z − q))^(k−1)) dz, where every term is
 * positive. Without the first power this is one minus the usual formula.
 */
export function studentizedRangeUpperTail(range: number, groups: number): number {
  if (range <= 0) return 1;
  const steps = Math.ceil((range + 18) / STEP);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -9 + i * STEP;
    const below = normalUpperTail(-z);
    const far = normalUpperTail(range - z);
    const near = Math.max(0, below - far);
    // below^(k-1) − near^(k-1), as a product that does not cancel.
    let powers = 0;
    for (let j = 0; j < groups - 1; j++) powers = powers * near + below ** j;
    sum += Math.exp(-z * z / 2) * far * powers;
  }
  return Math.min(1, groups * sum * STEP / Math.sqrt(2 * Math.PI));
}

/** The range that `groups` independent standard normal variables exceed with probability `tail`. */
export function studentizedRangeQuantile(tail: number, groups: number): number {
  let high = 1;
  while (studentizedRangeUpperTail(high, groups) > tail) high *= 2;
  return bisect(0, high, (range) => studentizedRangeUpperTail(range, groups) > tail);
}
