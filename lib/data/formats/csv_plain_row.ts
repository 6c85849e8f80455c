import { IGNORED, NUMBER_TARGET, NUMBERS } from "../table/mod.ts";
import { asciiText, type Cursor, scanDecimal } from "./decimal.ts";
import { isKnown, type KnownCells, slotOf } from "./known_cells.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** The texts of a row that was read from bytes. The row's plain numbers are already stored. */
export interface PlainRow {
  /** The number of cells that are not plain numbers. */
  count: number;
  /** The texts of these cells, in order. The entries from `count` on belong to earlier rows. */
  readonly texts: string[];
  /** The column of each. */
  readonly columns: number[];
  /** The places of the bytes of each: the first, and the one after the last. */
  readonly starts: number[];
  readonly ends: number[];
  /** The slot of each among the known cells. */
  readonly slots: number[];
  /** The target, if it is a plain number. */
  target: number;
}

const cursor: Cursor = { position: 0 };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a row of a common form from bytes, and parses its numbers where they lie. Cells may be quoted, but
 * a quoted cell may not hold quotes or line breaks.
 *
 * @param bytes The table's text, followed by a zero.
 * @param roles The columns' roles.
 * @param kinds The features' kinds. Only cells of `NUMBERS` are parsed.
 * @param features Receives the row's numbers, from `offset` on.
 * @param known Cells of other kinds whose stored numbers are known.
 * @param row Receives the other cells.
 * @param separator The byte between cells.
 * @param isTargetNotated `true` if the numbers to predict are not written plainly. Their cells are then
 * texts.
 * @returns The place after the row. −1 if the general reader must read the row: it has another form or
 * another number of cells, is broken, or is incomplete.
 */
export function readPlainRow(
  bytes: Uint8Array,
  from: number,
  roles: Int32Array,
  kinds: Uint8Array,
  features: Float32Array,
  offset: number,
  known: KnownCells,
  row: PlainRow,
  separator: number,
  isTargetNotated: boolean = false,
): number {
  row.count = 0;
  let start = from;
  for (let column = 0; column < roles.length; column++) {
    const role = roles[column];
    const quote = bytes[start] === QUOTE ? 1 : 0;
    let end = -1;
    if (role >= 0 ? kinds[role] === NUMBERS : role === NUMBER_TARGET && !isTargetNotated) {
      cursor.position = start + quote;
      const value = scanDecimal(bytes, cursor);
      const after = bytes[cursor.position];
      // Infinity − Infinity is NaN, and NaN equals nothing.
      if (value - value === 0 && isEnd(after, quote, separator)) {
        if (role >= 0) features[offset + role] = value;
        else row.target = value;
        if (quote === 0 && after === separator) {
          start = cursor.position + 1;
          continue;
        }
        end = cursor.position;
      }
    }
    if (end < 0) {
      end = start + quote;
      let highest = 0;
      let hash = role;
      while (!isEnd(bytes[end], quote, separator)) {
        const byte = bytes[end++];
        if (byte === 0 || byte === QUOTE || byte === LINE_FEED) return -1;
        if (byte > highest) highest = byte;
        hash = Math.imul(hash, 31) + byte | 0;
      }
      const slot = slotOf(hash);
      if (
        role >= 0 && kinds[role] !== NUMBERS &&
        isKnown(known, slot, role, bytes, start + quote, end)
      ) {
        features[offset + role] = known.values[slot];
      } else if (role !== IGNORED) {
        const text = cellText(bytes, start + quote, end, highest < 0x80);
        if (text === null) return -1;
        row.texts[row.count] = text;
        row.starts[row.count] = start + quote;
        row.ends[row.count] = end;
        row.slots[row.count] = slot;
        row.columns[row.count++] = column;
      }
    }
    end += quote;
    start = end + 1;
    if (bytes[end] === separator) continue;
    if (column + 1 < roles.length || end === from) return -1;
    if (bytes[end] === LINE_FEED) return start;
    return bytes[end] === CARRIAGE_RETURN && bytes[start] === LINE_FEED ? start + 1 : -1;
  }
  return -1;
}

/** Finds the bytes that end a cell, or its text if it is quoted. */
function isEnd(byte: number, quote: number, separator: number): boolean {
  if (quote === 1) return byte === QUOTE;
  return byte === separator || byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

function cellText(bytes: Uint8Array, start: number, end: number, isAscii: boolean): string | null {
  if (isAscii && end - start <= 32) return asciiText(bytes, start, end);
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
}
