/**
 * Divides a number of connections among layers in proportion to weights, such as the mean momentum of
 * every layer. A layer that is full leaves its share to the others. The sum is exact.
 *
 * If the layers' blocks differ in size, `sizes` gives the weights of a block. `total` then counts weights,
 * and the result counts blocks. The blocks together have at most `total` weights. They have fewer only if
 * no layer has room for a block as small as the rest.
 *
 * @param total The number of connections to divide; with `sizes`, the number of weights.
 * @param weights Per layer, a finite number from 0.
 * @param limits Per layer, the largest number of entries that it can take, such as its free positions.
 * @param sizes Per layer, the number of weights in a block. Left out: 1.
 * @returns Per layer, its number of entries: connections, or blocks.
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
  sizes: readonly number[] = limits.map(() => 1),
): number[] {
  const [size] = sizes;
  if (sizes.every((other) => other === size)) return shareOutEntries(total / size, weights, limits);
  const room = limits.map((limit, i) => limit * sizes[i]);
  const shares = shareOutEntries(total, weights, room).map((share, i) =>
    Math.floor(share / sizes[i])
  );
  let left = shares.reduce((left, share, i) => left - share * sizes[i], total);
  // A rest smaller than a block of its own layer goes to other layers, in the largest blocks that fit.
  for (const i of [...sizes.keys()].sort((a, b) => sizes[b] - sizes[a])) {
    const more = Math.min(Math.floor(left / sizes[i]), limits[i] - shares[i]);
    shares[i] += more;
    left -= more * sizes[i];
  }
  return shares;
}

function shareOutEntries(
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
    // Rounding down leaves a rest. It goes to the layers with the largest weights, one each.
    open.sort((a, b) => weights[b] - weights[a]);
    for (const i of open.slice(0, left)) {
      shares[i]++;
      left--;
    }
  }
  return shares;
}
