/** The number of slots for short cells: a power of two. A later cell may replace an earlier one. */
const SLOTS = 2 ** 13;
/** The largest number of bytes of a remembered cell. */
const CELL_BYTES = 16;

/**
 * Short texts of features, and the numbers to store for them. Most tables repeat a few flags or words.
 * Remembered words are not decoded again.
 */
export interface KnownCells {
  /** The feature of every slot's cell. −1: the slot is empty. */
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

/**
 * Returns `true` if the cell in a slot is the given one.
 *
 * @param slot The cell's slot, from {@linkcode slotOf}.
 */
export function isKnown(
  known: KnownCells,
  slot: number,
  feature: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const length = end - start;
  if (known.features[slot] !== feature || known.lengths[slot] !== length) return false;
  const offset = slot * CELL_BYTES - start;
  for (let i = start; i < end; i++) if (known.bytes[offset + i] !== bytes[i]) return false;
  return true;
}

/** Remembers the number to store for a cell, if it is short. */
export function rememberCell(
  known: KnownCells,
  slot: number,
  feature: number,
  cell: Uint8Array,
  value: number,
): void {
  if (cell.length > CELL_BYTES) return;
  known.features[slot] = feature;
  known.lengths[slot] = cell.length;
  known.bytes.set(cell, slot * CELL_BYTES);
  known.values[slot] = value;
}

/** The place for a cell, by a hash of its feature and its bytes (31 × hash + byte). */
export function slotOf(hash: number): number {
  return (hash ^ hash >>> 13) & (SLOTS - 1);
}
