import { requireFinite } from "./finite.ts";

/**
 * Adjusts p-values of several comparisons, so that a true hypothesis is rejected by chance in at most
 * α of all such families: Holm, "A simple sequentially rejective multiple test procedure" (1979),
 * https://www.jstor.org/stable/4615733.
 *
 * @param pValues The p-values of one family.
 * @returns One for each, in the same order: significant where it is below α.
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
