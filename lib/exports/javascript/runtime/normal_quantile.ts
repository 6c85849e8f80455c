import type { Rational } from "../../../statistics/mod.ts";

/**
 * Makes the inverse of the normal distribution function from the fractions of the library's.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 */
export function normalQuantiles(
  { centre, shoulder, tail }: Readonly<Record<"centre" | "shoulder" | "tail", Rational>>,
): (p: number) => number {
  const fraction = (terms: Rational, x: number, factor: number): number => {
    let [above, below] = [0, 0];
    for (let k = terms.length - 1; k >= 0; k--) {
      above = above * x + terms[k][0];
      below = below * x + terms[k][1];
    }
    return factor * above / below;
  };
  return (p) => {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return fraction(centre, 0.180625 - q * q, q);
    const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    const value = r <= 5 ? fraction(shoulder, r - 1.6, 1) : fraction(tail, r - 5, 1);
    return q < 0 ? -value : value;
  };
}
