/**
 * The coefficients of a fraction of polynomials in x: numerator and denominator of every power from 0.
 */
export type Rational = readonly (readonly [numerator: number, denominator: number])[];

const CENTRE: Rational = [
  [3.3871328727963666080, 1],
  [1.3314166789178437745e2, 4.2313330701600911252e1],
  [1.9715909503065514427e3, 6.8718700749205790830e2],
  [1.3731693765509461125e4, 5.3941960214247511077e3],
  [4.5921953931549871457e4, 2.1213794301586595867e4],
  [6.7265770927008700853e4, 3.9307895800092710610e4],
  [3.3430575583588128105e4, 2.8729085735721942674e4],
  [2.5090809287301226727e3, 5.2264952788528545610e3],
];
const SHOULDER: Rational = [
  [1.42343711074968357734, 1],
  [4.63033784615654529590, 2.05319162663775882187],
  [5.76949722146069140550, 1.67638483018380384940],
  [3.64784832476320460504, 6.89767334985100004550e-1],
  [1.27045825245236838258, 1.48103976427480074590e-1],
  [2.41780725177450611770e-1, 1.51986665636164571966e-2],
  [2.27238449892691845833e-2, 5.47593808499534494600e-4],
  [7.74545014278341407640e-4, 1.05075007164441684324e-9],
];
const TAIL: Rational = [
  [6.65790464350110377720, 1],
  [5.46378491116411436990, 5.99832206555887937690e-1],
  [1.78482653991729133580, 1.36929880922735805310e-1],
  [2.96560571828504891230e-1, 1.48753612908506148525e-2],
  [2.65321895265761230930e-2, 7.86869131145613259100e-4],
  [1.24266094738807843860e-3, 1.84631831751005468180e-5],
  [2.71155556874348757815e-5, 1.42151175831644588870e-7],
  [2.01033439929228813265e-7, 2.04426310338993978564e-15],
];

/**
 * The fractions of {@linkcode normalQuantile}, for implementations in other languages. With q = p − 0.5: q
 * × centre(0.180625 − q²) for |q| ≤ 0.425. Elsewhere, with r = √−ln(min(p, 1 − p)): shoulder(r − 1.6) for r
 * ≤ 5, tail(r − 5) beyond, with the sign of q.
 */
export const NORMAL_QUANTILE_FRACTIONS: Readonly<Record<"centre" | "shoulder" | "tail", Rational>> =
  {
    centre: CENTRE,
    shoulder: SHOULDER,
    tail: TAIL,
  };

/**
 * The inverse of the normal distribution function, to about 16 digits: Wichura, "Algorithm AS 241:
 * The percentage points of the normal distribution" (1988), routine PPND16.
 *
 * @param p A probability. 0 gives −Infinity and 1 gives Infinity; outside them the result is NaN.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return fraction(CENTRE, 0.180625 - q * q, q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Infinity : NaN;
  const r = Math.sqrt(-Math.log(tail));
  const value = r <= 5 ? fraction(SHOULDER, r - 1.6) : fraction(TAIL, r - 5);
  return q < 0 ? -value : value;
}

/** `factor` times a fraction of polynomials, both by Horner's rule. */
function fraction(terms: Rational, x: number, factor: number = 1): number {
  let [above, below] = [0, 0];
  for (let k = terms.length - 1; k >= 0; k--) {
    above = above * x + terms[k][0];
    below = below * x + terms[k][1];
  }
  return factor * above / below;
}
