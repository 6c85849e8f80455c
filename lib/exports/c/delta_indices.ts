/**
 * Encodes the inputs of connections as steps from one to the next, in 8 or 16 bits. A step that is too long
 * is divided by connections of weight 0.
 *
 * @module
 */

/** A pattern as counts and steps. */
export interface DeltaIndices {
  /** The bits of a step. */
  readonly bits: 8 | 16;
  /** For every row, the number of its steps. */
  readonly counts: readonly number[];
  /** The steps of all rows. The first step of a row begins at input 0. */
  readonly deltas: readonly number[];
  /** For every step, the entry of the pattern that it leads to; −1 for a connection of weight 0. */
  readonly entries: readonly number[];
}

/**
 * Encodes a pattern with 8 or 16 bits, whichever takes fewer bytes.
 *
 * @param entryBytes The bytes of the weights of one entry.
 */
export function encodeDeltas(
  indptr: ArrayLike<number>,
  indices: ArrayLike<number>,
  entryBytes: number,
): DeltaIndices {
  const [narrow, wide] = [withBits(indptr, indices, 8), withBits(indptr, indices, 16)];
  const bytes = ({ bits, deltas }: DeltaIndices) => deltas.length * (bits / 8 + entryBytes);
  return bytes(narrow) <= bytes(wide) ? narrow : wide;
}

function withBits(
  indptr: ArrayLike<number>,
  indices: ArrayLike<number>,
  bits: 8 | 16,
): DeltaIndices {
  const farthest = 2 ** bits - 1;
  const [counts, deltas, entries]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row + 1 < indptr.length; row++) {
    const before = deltas.length;
    let at = 0;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      let step = indices[entry] - at;
      for (; step > farthest; step -= farthest) {
        deltas.push(farthest);
        entries.push(-1);
      }
      deltas.push(step);
      entries.push(entry);
      at = indices[entry];
    }
    counts.push(deltas.length - before);
  }
  return { bits, counts, deltas, entries };
}
