/**
 * Random sampling of distinct integers in ascending order, without a list of the integers drawn. Each
 * gap to the next integer is drawn from its exact distribution.
 *
 * Methods A and D of J. S. Vitter, "An efficient algorithm for sequential random sampling", ACM
 * Transactions on Mathematical Software 13, 1987, https://doi.org/10.1145/23002.23003.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { openUniform } from "./open_uniform.ts";

/**
 * The mean gap at which both methods take the same time under V8. Method D takes constant time, with
 * logarithms. Method A takes time in proportion to the gap. Vitter found 13 on his machines.
 */
const BREAK_EVEN_GAP = 8;

/**
 * Draws `count` distinct integers from [0, `population`), every subset with the same probability. Takes
 * O(count) time and no memory beside the result.
 *
 * @param count The number of integers to draw, from 0 to `population`.
 * @param population The number of integers to draw from, at most 2⁵³.
 * @param random The random numbers.
 * @returns Length `count`, ascending, each integer at most once.
 * @throws {RangeError} If `population` is not an integer from 0 to 2⁵³, or `count` is not an integer
 * from 0 to `population`.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { sampleSorted } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const ranks = sampleSorted(3, 1e12, randomStream(1));
 * assert.equal(ranks.length, 3);
 * assert.ok(ranks[0] < ranks[1] && ranks[1] < ranks[2]);
 * ```
 */
export function sampleSorted(count: number, population: number, random: Random): Float64Array {
  if (!Number.isInteger(population) || population < 0 || population > 2 ** 53) {
    throw new RangeError(
      `Cannot draw from a population of ${population}: need an integer from 0 to 2^53`,
    );
  }
  if (!Number.isInteger(count) || count < 0 || count > population) {
    throw new RangeError(
      `Cannot draw ${count} distinct integers: need an integer from 0 to the population, ${population}`,
    );
  }
  const selected = new Float64Array(count);
  if (count === population) {
    for (let i = 0; i < count; i++) selected[i] = i;
  } else if (count > 0) {
    methodD(selected, population, random);
  }
  return selected;
}

/** Fills `selected` from a population larger than `selected.length`, by rejection sampling of gaps. */
function methodD(selected: Float64Array, population: number, random: Random): void {
  // The names are Vitter's: n integers are still to be selected from the N that remain.
  let n = selected.length;
  let N = population;
  let next = 0;
  let i = 0;
  let nInverse = 1 / n;
  let vPrime = Math.exp(Math.log(openUniform(random)) * nInverse);
  let lastStart = N - n + 1;
  while (n > 1 && BREAK_EVEN_GAP * n < N) {
    const nMinus1Inverse = 1 / (n - 1);
    let x: number;
    let gap: number;
    for (;;) {
      for (;;) {
        x = N * (1 - vPrime);
        gap = Math.floor(x);
        if (gap < lastStart) break;
        vPrime = Math.exp(Math.log(openUniform(random)) * nInverse);
      }
      const u = openUniform(random);
      const y1 = Math.exp(Math.log(u * N / lastStart) * nMinus1Inverse);
      // Most gaps are accepted here. Then vPrime has the distribution of the next V'.
      vPrime = y1 * (1 - x / N) * (lastStart / (lastStart - gap));
      if (vPrime <= 1) break;
      let y2 = 1;
      let top = N - 1;
      let bottom: number;
      let limit: number;
      if (n - 1 > gap) {
        bottom = N - n;
        limit = N - gap;
      } else {
        bottom = N - gap - 1;
        limit = lastStart;
      }
      for (let t = N - 1; t >= limit; t--) y2 = y2 * top-- / bottom--;
      if (N / (N - x) >= y1 * Math.exp(Math.log(y2) * nMinus1Inverse)) {
        vPrime = Math.exp(Math.log(openUniform(random)) * nMinus1Inverse);
        break;
      }
      vPrime = Math.exp(Math.log(openUniform(random)) * nInverse);
    }
    next += gap;
    selected[i++] = next++;
    N -= gap + 1;
    n--;
    nInverse = nMinus1Inverse;
    lastStart -= gap;
  }
  if (n > 1) methodA(selected, i, next, N, random);
  else selected[i] = next + Math.min(N - 1, Math.floor(N * vPrime));
}

/** Fills `selected` from element `i` on, from the N integers that begin with `next`. */
function methodA(selected: Float64Array, i: number, next: number, N: number, random: Random): void {
  let n = selected.length - i;
  let top = N - n;
  for (; n > 1; n--) {
    const v = openUniform(random);
    let quotient = top / N;
    while (quotient > v) {
      next++;
      top--;
      N--;
      quotient = quotient * top / N;
    }
    selected[i++] = next++;
    N--;
  }
  selected[i] = next + Math.min(N - 1, Math.floor(N * openUniform(random)));
}
