import type { Random } from "../random.ts";
import { connectionsOf } from "./barabasi_albert.ts";
import { sampleFree } from "./free_positions.ts";
import type { Pattern } from "./pattern.ts";
import { patternFromPositions } from "./positions.ts";

/**
 * Draws a small-world layer. All neurons lie on a ring, and each output neuron is connected to its nearest
 * inputs. A share of the connections is then replaced by random ones. D. J. Watts and S. H. Strogatz,
 * "Collective dynamics of 'small-world' networks", Nature 393, 1998, https://doi.org/10.1038/30918. For
 * layers this is the bipartite small world (BSW) of Y. Zhang et al., ICLR 2024,
 * https://openreview.net/forum?id=iayEcORsGd. With a share of 1 all connections are random, as in
 * Erdős–Rényi layers.
 *
 * @param rows Output neurons, or blocks of them.
 * @param columns Input neurons.
 * @param density From 0 to 1. The layer is never denser.
 * @param rewiring β: the share of connections that are replaced by random ones, from 0 to 1.
 * @throws {RangeError} If `density` is not from 0 to 1, or a size is out of range.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { wattsStrogatz } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const { indices } = wattsStrogatz(4, 4, 0.5, 0, randomStream(1));
 * assert.deepEqual([...indices], [0, 3, 0, 1, 1, 2, 2, 3]);
 * ```
 */
export function wattsStrogatz(
  rows: number,
  columns: number,
  density: number,
  rewiring: number,
  random: Random,
): Pattern {
  const shape = [rows, columns] as const;
  const total = connectionsOf(shape, density);
  const near: number[] = [];
  let made = 0;
  for (let row = 0; row < rows; row++) {
    const degree = Math.floor((row + 1) * total / rows) - Math.floor(row * total / rows);
    // The first input. The inputs are centred on the neuron's place on the ring, to within one position.
    const first = Math.ceil(row * columns / rows - degree / 2);
    for (let i = 0; i < degree; i++) {
      made++;
      if (random.float() < rewiring) continue;
      near.push(row * columns + (first + i + columns) % columns);
    }
  }
  const kept = Float64Array.from(near).sort();
  const rest = sampleFree(kept, made - kept.length, shape, random);
  return patternFromPositions(Float64Array.from([...kept, ...rest]).sort(), shape);
}
