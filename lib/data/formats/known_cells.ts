/** So many short cells are remembered, a power of two. A later one takes the place of an earlier one. */
const SLOTS = 2 ** 13;
/** The most bytes of a cell that is remembered. */
const CELL_BYTES = 16;

/**
 * Short texts of features, and the numbers to store for them: most tables repeat a few flags or words,
 * and need not be decoded every time.
 */
export interface KnownCells {
  /** The feature of every slot's cell, −1 at first. */
  readonly features: Int32Array;
  /** The cells' lengths. */
  readonly lengths: Uint8Array;
  /** The cells' bytes, 16 for each. */
  readonly bytes: Uint8Array;
  /** The numbers to store. */
  readonly values: Float32Array;
}

/** An empty memory of cells. */
export function knownCells(): KnownCells {
  return {
    features: new Int32Array(SLOTS).fill(-1),
    lengths: new Uint8Array(SLOTS),
    bytes: new Uint8Array(SLOTS * CELL_BYTES),
    values: new Float32Array(SLOTS),
  };
}

/** The slot of a cell that is known, or −1. */
export function knownSlot(
  known: KnownCells,
  feature: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const length = end - start;
  if (length > CELL_BYTES) return -1;
  const slot = slotOf(feature, bytes, start, end);
  if (known.features[slot] !== feature || known.lengths[slot] !== length) return -1;
  for (let k = 0, at = slot * CELL_BYTES; k < length; k++) {
    if (known.bytes[at + k] !== bytes[start + k]) return -1;
  }
  return slot;
}

/** Remembers the number to store for a cell, if it is short. */
export function rememberCell(
  known: KnownCells,
  feature: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  value: number,
): void {
  if (end - start > CELL_BYTES) return;
  const slot = slotOf(feature, bytes, start, end);
  known.features[slot] = feature;
  known.lengths[slot] = end - start;
  known.bytes.set(bytes.subarray(start, end), slot * CELL_BYTES);
  known.values[slot] = value;
}

function slotOf(feature: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = feature;
  for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + bytes[i];
  return (hash ^ hash >>> 13) & (SLOTS - 1);
}
