/**
 * Finds the ε at which Erdős–Rényi layers of these sizes have a given density together. Layers whose
 * density would exceed 1 are full, and the other layers get the remaining connections.
 *
 * @param sizes Neurons per layer, from the inputs to the outputs.
 * @param wanted The density: expected connections / possible connections, in (0, 1].
 * @throws {RangeError} If `wanted` is out of range.
 *
 * @example Usage
 * ```ts
 * import { epsilonForDensity } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.equal(epsilonForDensity([1000, 1000], 0.04).toFixed(6), "20.000000");
 * ```
 */
export function epsilonForDensity(sizes: readonly number[], wanted: number): number {
  if (!(wanted > 0 && wanted <= 1)) {
    throw new RangeError(
      `Cannot find an epsilon for density ${wanted}: need more than 0, at most 1`,
    );
  }
  const layers = sizes.slice(1).map((rows, l) => ({ rows, columns: sizes[l] }));
  const cells = (some: typeof layers) =>
    some.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  /** The smallest ε at which a layer is full. */
  const fullFrom = ({ rows, columns }: typeof layers[number]) => rows * columns / (rows + columns);
  const possible = cells(layers);
  let open = layers;
  while (open.length > 0) {
    const full = possible - cells(open);
    const ends = open.reduce((sum, { rows, columns }) => sum + rows + columns, 0);
    const epsilon = (wanted * possible - full) / ends;
    const still = open.filter((layer) => fullFrom(layer) > epsilon);
    if (still.length === open.length) return epsilon;
    open = still;
  }
  return Math.max(...layers.map(fullFrom));
}
