import { IGNORED, NUMBER_TARGET, NUMBERS } from "../table/mod.ts";
import { asciiText, type Cursor, scanDecimal } from "./decimal.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** The texts of a row that was read from bytes. Its numbers are stored already. */
export interface PlainRow {
  /** The cells that are no plain numbers, in order. */
  readonly texts: string[];
  /** The column of each. */
  readonly columns: number[];
  /** The target, where it is a plain number. */
  target: number;
}

const cursor: Cursor = { position: 0 };

/**
 * Reads a row without quotes whose bytes are ASCII, and parses its numbers where they lie. This is
 * the fast way for tables of numbers.
 *
 * @param bytes The table's text, followed by a zero.
 * @param roles The columns' roles.
 * @param kinds The features' kinds: those of `NUMBERS` are parsed.
 * @param features Takes the row's numbers, from `offset` on.
 * @param row Takes the other cells.
 * @returns The place after the row, or −1 where it takes a closer look: it holds something else, has
 * another number of cells, or is not all there.
 */
export function readPlainRow(
  bytes: Uint8Array,
  from: number,
  roles: Int32Array,
  kinds: Uint8Array,
  features: Float32Array,
  offset: number,
  row: PlainRow,
): number {
  row.texts.length = row.columns.length = 0;
  let start = from;
  for (let column = 0; column < roles.length; column++) {
    const role = roles[column];
    let end = -1;
    if (role >= 0 ? kinds[role] === NUMBERS : role === NUMBER_TARGET) {
      cursor.position = start;
      const value = scanDecimal(bytes, cursor);
      const stop = bytes[cursor.position];
      // Infinity − Infinity is NaN, and NaN equals nothing.
      const isEnd = stop === COMMA || stop === LINE_FEED || stop === CARRIAGE_RETURN;
      if (value - value === 0 && isEnd) {
        if (role >= 0) features[offset + role] = value;
        else row.target = value;
        end = cursor.position;
      }
    }
    if (end < 0) {
      end = start;
      let byte = bytes[end];
      while (byte !== COMMA && byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        if (byte === QUOTE || byte === 0 || byte >= 0x80) return -1;
        byte = bytes[++end];
      }
      if (role !== IGNORED) {
        row.texts.push(asciiText(bytes, start, end));
        row.columns.push(column);
      }
    }
    start = end + 1;
    if (bytes[end] === COMMA) continue;
    if (column + 1 < roles.length || end === from) return -1;
    if (bytes[end] === LINE_FEED) return start;
    return bytes[start] === LINE_FEED ? start + 1 : -1;
  }
  return -1;
}
