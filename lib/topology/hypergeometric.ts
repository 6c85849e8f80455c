/**
 * The hypergeometric distribution: the number of marked items among items drawn without replacement.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { openUniform } from "../sparse/mod.ts";

/**
 * The probability of exactly `hits` marked items among `drawn` items, which are drawn without
 * replacement from `population` items, of which `marked` are marked. Accurate to about 14 digits, also
 * for populations at which logarithms of factorials lose their digits: by the saddle-point expansion of
 * C. Loader, "Fast and accurate computation of binomial probabilities", 2000,
 * https://www.r-project.org/doc/reports/CLoader-dbinom-2002.pdf.
 */
export function hypergeometricProbability(
  hits: number,
  population: number,
  marked: number,
  drawn: number,
): number {
  const unmarked = population - marked;
  if (hits < Math.max(0, drawn - unmarked) || hits > Math.min(drawn, marked)) return 0;
  if (drawn === 0 || drawn === population) return 1;
  const p = drawn / population;
  const q = (population - drawn) / population;
  return binomial(hits, marked, p, q) * binomial(drawn - hits, unmarked, p, q) /
    binomial(drawn, population, p, q);
}

/**
 * Draws the number of marked items among `drawn` items from its exact distribution. The inversion begins
 * at the most likely number and goes outwards on both sides; its steps are about as many as the standard
 * deviation.
 */
export function hypergeometric(
  population: number,
  marked: number,
  drawn: number,
  random: Random,
): number {
  const unmarked = population - marked;
  const least = Math.max(0, drawn - unmarked);
  const most = Math.min(drawn, marked);
  if (least === most) return least;
  const mode = Math.max(
    least,
    Math.min(most, Math.floor((drawn + 1) * ((marked + 1) / (population + 2)))),
  );
  const peak = hypergeometricProbability(mode, population, marked, drawn);
  for (;;) {
    let u = openUniform(random) - peak;
    if (u < 0) return mode;
    let above = mode;
    let below = mode;
    let pAbove = peak;
    let pBelow = peak;
    while (pAbove > 0 || pBelow > 0) {
      pAbove *= (marked - above) / (above + 1) * (drawn - above) / (unmarked - drawn + above + 1);
      above++;
      u -= pAbove;
      if (u < 0) return above;
      pBelow *= below / (marked - below + 1) * (unmarked - drawn + below) / (drawn - below + 1);
      below--;
      u -= pBelow;
      if (u < 0) return below;
    }
    // Rounding made the sum of the probabilities a little less than 1, and u was beyond it: draw again.
  }
}

/** The probability of `x` successes in `n` trials of success probability `p`; q is 1 − p. */
function binomial(x: number, n: number, p: number, q: number): number {
  if (x === 0) return Math.exp(n * (p < 0.5 ? Math.log1p(-p) : Math.log(q)));
  if (x === n) return Math.exp(n * (q < 0.5 ? Math.log1p(-q) : Math.log(p)));
  const exponent = stirlingError(n) - stirlingError(x) - stirlingError(n - x) -
    deviance(x, n * p) - deviance(n - x, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * x * (n - x)));
}

/** x log(x / mean) + mean − x, without cancellation for x near the mean. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1;; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

/** log n! − log(√(2πn) (n/e)ⁿ): the error of Stirling's formula. */
function stirlingError(n: number): number {
  if (n < SMALL.length) return SMALL[n];
  const m = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / m) / m) / m) / m) / n;
}

/** stirlingError of 0 to 15, where the series is not accurate. The value for 0 is not used. */
const SMALL = [
  0,
  0.0810614667953272582196702,
  0.0413406959554092940938221,
  0.02767792568499833914878929,
  0.02079067210376509311152277,
  0.01664469118982119216319487,
  0.01387612882307074799874573,
  0.01189670994589177009505572,
  0.010411265261972096497478567,
  0.009255462182712732917728637,
  0.008330563433362871256469318,
  0.007573675487951840794972024,
  0.006942840107209529865664152,
  0.006408994188004207068439631,
  0.005951370112758847735624416,
  0.005554733551962801371038690,
];
