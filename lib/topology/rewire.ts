/**
 * Rewiring: the only code that changes the topology of a layer. Connections, their weights and their
 * optimiser state move together, or nothing changes.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import { shown } from "../messages.ts";
import {
  type Blocked,
  blockSizeOf,
  checkPattern,
  checkPositions,
  type Pattern,
} from "../sparse/mod.ts";

/** A planned topology change. */
export interface Rewiring {
  /** Length rows + 1: the new row starts. */
  readonly indptr: Int32Array;
  /** Length of the new nnz: the new input neurons. */
  readonly indices: Int32Array;
  /** Of the same length: the old entry number of every new entry, or −1 for a grown connection. */
  readonly origin: Int32Array;
  /** One per grown connection: its new entry number, ascending. */
  readonly growth: Int32Array;
}

/**
 * A layer whose topology can change. All arrays may be views over kernel memory. The pattern has an entry
 * for every block of G weights.
 */
export interface RewirableLayer extends Pattern, Blocked {
  /** The layer's number for errors, from 0 at the input. */
  readonly layer?: number;
  /** Length nnz × G: the weights, in the order of `indices`. */
  readonly weights: FloatArray;
  /** Arrays of length nnz × G: the optimiser's state of every weight, such as its momentum. */
  readonly state: readonly FloatArray[];
}

/**
 * Makes the pattern that remains when some connections are removed.
 *
 * @param pattern The pattern before.
 * @param removed Entry numbers, ascending, each at most once.
 * @throws {TypeError} If `removed` is not an Int32Array.
 * @throws {RangeError} If an entry number is out of range or out of order.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions, positionsOf } from "@sparsemble/sparsemble/sparse";
 * import { survivorsOf } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const pattern = patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]);
 * assert.deepEqual([...positionsOf(survivorsOf(pattern, Int32Array.of(1)))], [0, 4]);
 * ```
 */
export function survivorsOf(pattern: Pattern, removed: Int32Array): Pattern {
  checkRemoved(pattern, removed);
  const [rows, columns] = pattern.shape;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(pattern.indices.length - removed.length);
  let gone = 0;
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    const end = pattern.indptr[row + 1];
    for (let entry = pattern.indptr[row]; entry < end; entry++) {
      if (gone < removed.length && removed[gone] === entry) gone++;
      else indices[kept++] = pattern.indices[entry];
    }
    indptr[row + 1] = kept;
  }
  return { shape: [rows, columns], indptr, indices };
}

/**
 * Plans a topology change: the pattern after it, and the old entry number of every connection. The
 * number of connections may change. Takes O(rows + old nnz + new nnz) and changes nothing.
 *
 * @param pattern The pattern before, with the layer's number for errors.
 * @param removed Entry numbers to remove, ascending, each at most once.
 * @param positions Flat positions, row × columns + column, of the new connections, ascending, each at
 * most once, none of them among the survivors. A removed position may come back.
 * @throws {TypeError} If an argument has the wrong type.
 * @throws {RangeError} If entry numbers or positions break these rules.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { planRewiring } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const pattern = patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]);
 * const plan = planRewiring(pattern, Int32Array.of(1), Float64Array.of(5));
 * assert.deepEqual([...plan.indices], [0, 1, 2]);
 * assert.deepEqual([...plan.origin], [0, 2, -1]);
 * assert.deepEqual([...plan.growth], [2]);
 * ```
 */
export function planRewiring(
  pattern: Pattern & { readonly layer?: number },
  removed: Int32Array,
  positions: Float64Array,
): Rewiring {
  const intent = nameOf(pattern);
  checkRemoved(pattern, removed);
  checkPositions(positions, pattern.shape, intent);

  const [rows, columns] = pattern.shape;
  const count = pattern.indices.length - removed.length + positions.length;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(count);
  const origin = new Int32Array(count);
  const growth = new Int32Array(positions.length);
  let gone = 0;
  let grown = 0;
  let made = 0;
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    const end = pattern.indptr[row + 1];
    const rowEnd = base + columns;
    let entry = pattern.indptr[row];
    for (;;) {
      while (entry < end && gone < removed.length && removed[gone] === entry) {
        entry++;
        gone++;
      }
      const old = entry < end ? pattern.indices[entry] : columns;
      const fresh = grown < positions.length && positions[grown] < rowEnd
        ? positions[grown] - base
        : columns;
      if (fresh < old) {
        indices[made] = fresh;
        origin[made] = -1;
        growth[grown++] = made++;
      } else if (old === columns) {
        break;
      } else if (old === fresh) {
        throw new RangeError(
          `Cannot ${intent}: the strategy grew a connection at position ${positions[grown]} ` +
            `(row ${row}, column ${fresh}), where one survives`,
        );
      } else {
        indices[made] = old;
        origin[made++] = entry++;
      }
    }
    indptr[row + 1] = made;
  }
  return { indptr, indices, origin, growth };
}

/**
 * Changes a layer's topology in place. Survivors keep their weight and state. Grown connections get the
 * given weights and state 0. The number of connections does not change. Blocks move as a whole. An error
 * is thrown before the layer changes. Takes O(rows + weights).
 *
 * @param layer The layer. Its arrays are overwritten; they may be views over kernel memory.
 * @param removed Entry numbers to remove, ascending, each at most once.
 * @param positions Flat positions, row × columns + column, of as many new connections, ascending, each
 * at most once, none of them among the survivors.
 * @param values The weights of the new connections, in the order of `positions`: G for each of them.
 * @returns The executed plan, for callers with more arrays per connection.
 * @throws {TypeError} If an argument or an array of the layer has the wrong type or length.
 * @throws {RangeError} If the change breaks these rules, naming the layer.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions, positionsOf } from "@sparsemble/sparsemble/sparse";
 * import { rewire } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const layer = {
 *   ...patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]),
 *   weights: Float32Array.of(10, 20, 30),
 *   state: [Float32Array.of(1, 2, 3)],
 * };
 * rewire(layer, Int32Array.of(1), Float64Array.of(5), Float32Array.of(99));
 * assert.deepEqual([...positionsOf(layer)], [0, 4, 5]);
 * assert.deepEqual([...layer.weights], [10, 30, 99]);
 * assert.deepEqual([...layer.state[0]], [1, 3, 0]);
 * ```
 */
export function rewire(
  layer: RewirableLayer,
  removed: Int32Array,
  positions: Float64Array,
  values: FloatArray,
): Rewiring {
  checkPattern(layer);
  const intent = nameOf(layer);
  const blockSize = blockSizeOf(layer);
  const count = layer.indices.length * blockSize;
  for (const array of [layer.weights, ...layer.state]) {
    if (array.length !== count) {
      throw new TypeError(
        `Cannot ${intent}: a weight or state array has length ${array.length}, need ${count}`,
      );
    }
  }
  const plan = planRewiring(layer, removed, positions);
  checkReplaced(layer, removed, positions);
  checkGrownWeights(layer, values, positions.length * blockSize);
  moveConnections(plan, layer, values, layer);
  return plan;
}

/**
 * Checks that as many connections are grown as removed.
 *
 * @throws {TypeError} If `positions` is not a Float64Array.
 *
 * @throws {RangeError} If the numbers differ.
 */
export function checkReplaced(
  pattern: { readonly layer?: number },
  { length: removed }: Int32Array,
  positions: Float64Array,
): void {
  if (!(positions instanceof Float64Array)) {
    throw new TypeError(`Cannot ${nameOf(pattern)}: the positions need to be a Float64Array`);
  }
  const { length: grown } = positions;
  if (grown === removed) return;
  throw new RangeError(
    `Cannot ${nameOf(pattern)}: the strategy grew ${grown} connections for ${removed} removed`,
  );
}

/**
 * Checks values of connections, such as the weights of grown ones.
 *
 * @param pattern The layer, with its number for errors.
 * @param of The word for these connections in errors. Left out: `grown`.
 * @throws {TypeError} If the values are no Float32Array or Float64Array, or their number is not `count`.
 * @throws {RangeError} If a value is not a finite 32-bit float.
 *
 * @example Usage
 * ```ts
 * import { checkGrownWeights } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => checkGrownWeights({ layer: 1 }, Float32Array.of(0.5), 2),
 *   /Cannot rewire layer 1: found 1 values for 2 grown connections/,
 * );
 * ```
 */
export function checkGrownWeights(
  pattern: { readonly layer?: number },
  values: FloatArray,
  count: number,
  of = "grown",
): void {
  const intent = nameOf(pattern);
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw new TypeError(
      `Cannot ${intent}: found ${shown(values)} as values of the ${of} connections, ` +
        "need a Float32Array or Float64Array",
    );
  }
  if (values.length !== count) {
    throw new TypeError(
      `Cannot ${intent}: found ${values.length} values for ${count} ${of} connections`,
    );
  }
  // A number beyond the range of 32-bit floats would become infinite in the layer.
  const bad = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (bad < 0) return;
  throw new RangeError(
    `Cannot ${intent}: value ${bad} of the ${of} connections is ${
      values[bad]
    }, need a finite number`,
  );
}

/**
 * Carries out a plan of {@linkcode planRewiring}: survivors keep their weight and state to the bit, grown
 * connections get the given weights and state 0.
 *
 * @param layer The layer before.
 * @param values The weights of the grown connections, checked.
 * @param target The layer after, with arrays of the plan's length. If the number of connections does
 * not change, it may be the layer itself.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { moveConnections, planRewiring } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const pattern = patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]);
 * const layer = { ...pattern, weights: Float32Array.of(10, 20, 30), state: [] };
 * const plan = planRewiring(layer, Int32Array.of(0, 1), Float64Array.of(5));
 * const { indptr, indices } = plan;
 * const target = { shape: layer.shape, indptr, indices, weights: new Float32Array(2), state: [] };
 * moveConnections(plan, layer, Float32Array.of(99), target);
 * assert.deepEqual([...target.weights], [30, 99]);
 * ```
 */
export function moveConnections(
  plan: Rewiring,
  layer: RewirableLayer,
  values: FloatArray,
  target: RewirableLayer,
): void {
  // Allocated before the first change: without enough memory, the layer must stay unchanged.
  const old = new Float64Array(layer.weights.length);
  const blockSize = blockSizeOf(layer);
  target.indptr.set(plan.indptr);
  target.indices.set(plan.indices);
  const move = blockSize === 1 ? moveAlong : moveBlocks;
  move(layer.weights, target.weights, plan.origin, old, blockSize);
  setGrown(target.weights, plan, values, blockSize);
  layer.state.forEach((array, slot) =>
    move(array, target.state[slot], plan.origin, old, blockSize)
  );
}

/**
 * Writes numbers of the grown connections to an array with a number for every weight.
 *
 * @param values G numbers for every grown entry.
 */
export function setGrown(
  array: FloatArray,
  { growth }: Pick<Rewiring, "growth">,
  values: FloatArray,
  blockSize: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const within = i % blockSize;
    array[growth[(i - within) / blockSize] * blockSize + within] = values[i];
  }
}

/** Moves the values of survivors to their new entries. Grown connections get 0. */
function moveAlong(from: FloatArray, to: FloatArray, origin: Int32Array, old: Float64Array): void {
  old.set(from);
  for (let entry = 0; entry < origin.length; entry++) {
    const before = origin[entry];
    to[entry] = before < 0 ? 0 : old[before];
  }
}

/** Moves the blocks of survivors. */
function moveBlocks(
  from: FloatArray,
  to: FloatArray,
  origin: Int32Array,
  old: Float64Array,
  blockSize: number,
): void {
  old.set(from);
  for (let entry = 0, at = 0; entry < origin.length; entry++) {
    const before = origin[entry] * blockSize;
    for (let within = 0; within < blockSize; within++, at++) {
      to[at] = before < 0 ? 0 : old[before + within];
    }
  }
}

function nameOf(pattern: { readonly layer?: number }): string {
  return pattern.layer === undefined ? "rewire the layer" : `rewire layer ${pattern.layer}`;
}

function checkRemoved(pattern: Pattern & { readonly layer?: number }, removed: Int32Array): void {
  const intent = nameOf(pattern);
  if (!(removed instanceof Int32Array)) {
    throw new TypeError(`Cannot ${intent}: the removed entries need to be an Int32Array`);
  }
  const count = pattern.indices.length;
  for (let i = 0; i < removed.length; i++) {
    if (removed[i] < 0 || removed[i] >= count) {
      throw new RangeError(
        `Cannot ${intent}: the strategy removed entry ${removed[i]}, need 0 to ${count - 1}`,
      );
    }
    if (i > 0 && removed[i] <= removed[i - 1]) {
      throw new RangeError(
        `Cannot ${intent}: the strategy removed entry ${removed[i]} after ${removed[i - 1]}, ` +
          "need ascending entries, each at most once",
      );
    }
  }
}
