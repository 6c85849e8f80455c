/**
 * Fits the exponent of growth: the slope of the least-squares line through (log x, log y). 1 is linear.
 *
 * @param points Positive numbers with at least two different x.
 * @throws {RangeError} If a number is not positive, or all x are equal.
 */
export function logLogSlope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)]);
  if (logs.flat().some((log) => !Number.isFinite(log))) {
    throw new RangeError("Cannot fit an exponent: found a number that is not positive");
  }
  const mean = (axis: number) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let above = 0;
  let below = 0;
  for (const [x, y] of logs) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  if (!(below > 0)) throw new RangeError("Cannot fit an exponent: need two different sizes");
  return above / below;
}
