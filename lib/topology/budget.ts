/**
 * Divides a number of connections among layers in proportion to weights, such as the mean momentum of
 * every layer. A layer that is full leaves its share to the others. The sum is exact.
 *
 * @param total The number of connections.
 * @param weights Per layer, a finite number from 0.
 * @param limits Per layer, the largest number that it takes, such as its free positions.
 * @throws {RangeError} If the limits together are less than `total`.
 *
 * @example Usage
 * ```ts
 * import { shareOut } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(shareOut(10, [3, 1, 1], [4, 9, 9]), [4, 3, 3]);
 * ```
 */
export function shareOut(
  total: number,
  weights: readonly number[],
  limits: readonly number[],
): number[] {
  const shares = limits.map(() => 0);
  for (let left = total; left > 0;) {
    const open = [...limits.keys()].filter((i) => shares[i] < limits[i]);
    if (open.length === 0) {
      throw new RangeError(
        `Cannot share out ${total} connections: found room for ${total - left} in all layers`,
      );
    }
    const sum = open.reduce((sum, i) => sum + weights[i], 0);
    const before = left;
    for (const i of open) {
      const share = sum > 0 ? Math.floor(before * weights[i] / sum) : 0;
      const more = Math.min(share, limits[i] - shares[i]);
      shares[i] += more;
      left -= more;
    }
    if (left < before) continue;
    // What rounding leaves goes to the heaviest layers, one each.
    open.sort((a, b) => weights[b] - weights[a]);
    for (const i of open.slice(0, left)) {
      shares[i]++;
      left--;
    }
  }
  return shares;
}
