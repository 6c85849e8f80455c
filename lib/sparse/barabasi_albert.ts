import type { Random } from "../random.ts";
import { sampleFree } from "./free_positions.ts";
import { checkShape, type Pattern } from "./pattern.ts";
import { patternFromPositions } from "./positions.ts";

/**
 * Draws a layer by preferential attachment. The neurons of both sides arrive in random order. Each one
 * makes the same number of connections to neurons of the other side that have already arrived. The
 * probability of such a neuron is proportional to the connections that it has. A.-L. Barabási and R.
 * Albert, "Emergence of scaling in random networks", Science 286, 1999,
 * https://doi.org/10.1126/science.286.5439.509. With as many inputs as outputs, degrees have the model's
 * power law with exponent 3; the larger side of a layer has a steeper tail, the smaller one a flatter.
 *
 * The bipartite scale-free model of Y. Zhang et al., ICLR 2024, draws one network for both sides instead,
 * and rewires the connections within a side.
 *
 * The first neurons cannot make all their connections, because few others have arrived. The missing
 * connections are drawn at random at the end. So the number of connections is exact: it is the largest at
 * which the layer is not denser than `density`.
 *
 * @param rows Output neurons, or blocks of them.
 * @param columns Input neurons.
 * @param density From 0 to 1.
 * @throws {RangeError} If `density` is not from 0 to 1, or a size is out of range.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { barabasiAlbert, nnz } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nnz(barabasiAlbert(100, 50, 0.1, randomStream(1))), 500);
 * ```
 */
export function barabasiAlbert(
  rows: number,
  columns: number,
  density: number,
  random: Random,
): Pattern {
  const shape = [rows, columns] as const;
  const total = connectionsOf(shape, density);
  // Both ends of every connection so far. A neuron is listed once for each of its connections.
  const ends = [new Int32Array(total), new Int32Array(total)];
  const linked: [number[], number[]] = [[], []];
  const degrees = [new Int32Array(rows), new Int32Array(columns)];
  const positions = new Set<number>();
  const link = (row: number, column: number): boolean => {
    const position = row * columns + column;
    if (positions.size === total || positions.has(position)) return false;
    ends[0][positions.size] = row;
    ends[1][positions.size] = column;
    positions.add(position);
    if (degrees[0][row]++ === 0) linked[0].push(row);
    if (degrees[1][column]++ === 0) linked[1].push(column);
    return true;
  };
  const order = arrivals(rows, columns, random);
  order.forEach((node, i) => {
    const quota = Math.floor((i + 1) * total / order.length) - Math.floor(i * total / order.length);
    const side = node < rows ? 0 : 1;
    const own = side === 0 ? node : node - rows;
    const join = (other: number) => side === 0 ? link(own, other) : link(other, own);
    if (positions.size === 0) {
      // The second neuron finds the first, which has no connection yet.
      const first = side === 0 ? order[0] - rows : order[0];
      if (i > 0 && total > 0 && first >= 0) join(first);
      return;
    }
    const others = linked[1 - side];
    if (quota >= others.length) return others.slice().forEach(join);
    // A neuron with many connections is often drawn twice. Connections that this leaves over are drawn at
    // the end.
    for (let made = 0, tries = 0; made < quota && tries < TRIES * quota; tries++) {
      if (join(ends[1 - side][random.below(positions.size)])) made++;
    }
  });
  const made = Float64Array.from(positions).sort();
  const rest = sampleFree(made, total - made.length, shape, random);
  return patternFromPositions(Float64Array.from([...made, ...rest]).sort(), shape);
}

/** The number of attempts to find a neuron to attach to, per connection to make. */
const TRIES = 20;

/**
 * All neurons in random order. Output neurons have the lower numbers. The first two are of different sides.
 */
function arrivals(rows: number, columns: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: rows + columns }, (_, node) => node);
  for (let i = order.length - 1; i > 0; i--) swap(order, i, random.below(i + 1));
  const isRow = (node: number) => node < rows;
  const other = order.findIndex((node) => isRow(node) !== isRow(order[0]));
  if (other > 1) swap(order, 1, other);
  return order;
}

function swap(order: Int32Array, a: number, b: number): void {
  [order[a], order[b]] = [order[b], order[a]];
}

/**
 * The largest number of connections at which a layer is not denser than `density`.
 *
 * @throws {RangeError} If `density` is not from 0 to 1, or the shape is out of range.
 */
export function connectionsOf(shape: Pattern["shape"], density: number): number {
  checkShape(shape);
  if (!(density >= 0 && density <= 1)) {
    throw new RangeError(
      `Cannot draw a pattern: the density is ${density}, need a number from 0 to 1`,
    );
  }
  return Math.floor(density * shape[0] * shape[1] + 1e-9);
}
