import { requireFinite } from "./finite.ts";

/**
 * Adjusts the p-values of several comparisons for their number. The probability that any true null
 * hypothesis is rejected is then at most α (the family-wise error rate): Holm, "A simple sequentially
 * rejective multiple test procedure" (1979), https://www.jstor.org/stable/4615733.
 *
 * @param pValues The p-values of one family.
 * @returns The adjusted p-values, in the same order. A comparison is significant if its value is below α.
 * @throws {RangeError} If one is not finite.
 *
 * @example Usage
 * ```ts
 * import { holm } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(holm([0.04, 0.01, 0.03]), [0.06, 0.03, 0.06]);
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  requireFinite(pValues, "adjust p-values", 0);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = [...pValues];
  let largest = 0;
  order.forEach((i, place) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - place) * pValues[i]));
    adjusted[i] = largest;
  });
  return adjusted;
}
