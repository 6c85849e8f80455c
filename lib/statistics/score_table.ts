/** The direction of better scores. */
export type Better = "higher" | "lower";

/**
 * Checks a table of scores, datasets × methods.
 *
 * @returns The number of methods.
 * @throws {TypeError} If the rows differ in length.
 * @throws {RangeError} If there is no row, or there are fewer than `least` methods.
 */
export function requireScoreTable(
  scores: readonly ArrayLike<number>[],
  intent: string,
  least: number,
): number {
  if (scores.length === 0) {
    throw new RangeError(`Cannot ${intent}: found no datasets, need at least one`);
  }
  const methods = scores[0].length;
  if (methods < least) {
    throw new RangeError(`Cannot ${intent}: found ${methods} methods, need at least ${least}`);
  }
  scores.forEach(({ length }, dataset) => {
    if (length !== methods) {
      throw new TypeError(
        `Cannot ${intent}: dataset ${dataset} has ${length} scores, need ${methods} as dataset 0 has`,
      );
    }
  });
  return methods;
}
