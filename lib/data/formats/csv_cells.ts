import { asciiText } from "./decimal.ts";

/** The byte `,`. */
export const COMMA = 0x2c;
/** The byte `\n`. */
export const LINE_FEED = 0x0a;
/** The byte `\r`. */
export const CARRIAGE_RETURN = 0x0d;
/** The byte `"`. */
export const QUOTE = 0x22;

/** How a cell ends, or why it could not be read. */
export type CellEnd =
  | "comma"
  | "row"
  | "incomplete"
  | "unclosed quote"
  | "text after quote"
  | "lone carriage return";

/** Where a cell of a table lies in a run of bytes. */
export interface Cell {
  /** The first byte of its text, inside the quotes. */
  start: number;
  /** The byte after its text. */
  end: number;
  /** Whether it holds quotes written twice. */
  doubled: boolean;
  /** How many line breaks it holds. */
  lineBreaks: number;
  /** The first byte of the next cell. */
  next: number;
}

/**
 * Finds the cell that begins at a byte, by the grammar of RFC 4180 with either line ending. A quote
 * that is not the first byte of a cell stands for itself.
 *
 * @param bytes The table's text, as far as it is there.
 * @param from The first byte of the cell.
 * @param end The byte after the last one that is there.
 * @param final Whether nothing follows `end`.
 * @param cell Receives the place of the cell where the result is `"comma"` or `"row"`.
 */
export function findCell(
  bytes: Uint8Array,
  from: number,
  end: number,
  final: boolean,
  cell: Cell,
): CellEnd {
  cell.doubled = false;
  cell.lineBreaks = 0;
  let i = from;
  if (i < end && bytes[i] === QUOTE) {
    cell.start = ++i;
    for (;; i++) {
      if (i >= end) return final ? "unclosed quote" : "incomplete";
      const byte = bytes[i];
      if (byte === LINE_FEED) cell.lineBreaks++;
      if (byte !== QUOTE) continue;
      if (i + 1 >= end && !final) return "incomplete";
      if (i + 1 >= end || bytes[i + 1] !== QUOTE) break;
      cell.doubled = true;
      i++;
    }
    cell.end = i++;
  } else {
    cell.start = i;
    while (i < end) {
      const byte = bytes[i];
      if (byte === COMMA || byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
      i++;
    }
    cell.end = i;
  }

  if (i >= end) {
    cell.next = end;
    return final ? "row" : "incomplete";
  }
  if (bytes[i] === COMMA || bytes[i] === LINE_FEED) {
    cell.next = i + 1;
    return bytes[i] === COMMA ? "comma" : "row";
  }
  if (bytes[i] !== CARRIAGE_RETURN) return "text after quote";
  if (i + 1 >= end) {
    cell.next = end;
    return final ? "row" : "incomplete";
  }
  cell.next = i + 2;
  return bytes[i + 1] === LINE_FEED ? "row" : "lone carriage return";
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a cell, or `null` where it is not UTF-8 text (a NUL byte counts as that). */
export function cellText(bytes: Uint8Array, cell: Cell): string | null {
  let ascii = cell.end - cell.start <= 32;
  for (let i = cell.start; i < cell.end; i++) {
    if (bytes[i] === 0) return null;
    if (bytes[i] >= 0x80) ascii = false;
  }
  let text: string;
  if (ascii) {
    text = asciiText(bytes, cell.start, cell.end);
  } else {
    try {
      text = strict.decode(bytes.subarray(cell.start, cell.end));
    } catch {
      return null;
    }
  }
  return cell.doubled ? text.replaceAll('""', '"') : text;
}

/** The text of a cell for an error message: whatever it holds can be shown. */
export function shownText(bytes: Uint8Array, cell: Cell): string {
  // Enough bytes for what a message shows; no text of megabytes is built for it.
  const text = lenient.decode(bytes.subarray(cell.start, Math.min(cell.end, cell.start + 400)));
  return cell.doubled ? text.replaceAll('""', '"') : text;
}
