import { quoted } from "../../messages.ts";
import { latin1Text } from "./latin1.ts";

/** The largest number of columns of a table. */
export const MAX_COLUMNS = 2 ** 20;

/** A row of comma-separated values, as far as it could be read. */
export interface CsvRow {
  /** A whole row, a row whose end is not there yet, or a kind of broken row. */
  readonly end: "row" | "unfinished" | "open quote" | "text after quote" | "lone return";
  /** The cells' texts, without quotes. */
  readonly cells: string[];
  /** The place after a whole row, of the unfinished cell, or of what is broken. */
  readonly next: number;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads a row by the grammar of RFC 4180, with either line ending. A quote that is not the first letter of
 * a cell is an ordinary letter. A longer row than `MAX_COLUMNS` is cut after `MAX_COLUMNS` + 1 cells.
 *
 * @param text The table's text, as far as it has been read.
 * @param from The place of the row.
 * @param isLast `true` if nothing follows the text.
 * @param separator The sign between cells.
 */
export function csvRow(text: string, from: number, isLast: boolean, separator = ","): CsvRow {
  const sign = separator.charCodeAt(0);
  const cells: string[] = [];
  for (let start = from;;) {
    const unfinished = { end: "unfinished", cells, next: start } as const;
    let end: number;
    if (text.charCodeAt(start) === QUOTE) {
      end = text.indexOf('"', start + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) return isLast ? { end: "open quote", cells, next: start } : unfinished;
      cells.push(text.slice(start + 1, end).replaceAll('""', '"'));
      end++;
    } else {
      end = endOfCell(text, start, sign);
      cells.push(text.slice(start, end));
      if (text.charCodeAt(end) === sign && cells.length <= MAX_COLUMNS) {
        start = end + 1;
        continue;
      }
    }
    const after = text.startsWith("\r\n", end) ? "\n" : text[end];
    const isOver = end === text.length || text[end] === "\r" && end + 1 === text.length;
    if (isOver) return isLast ? { end: "row", cells, next: text.length } : unfinished;
    if (after === "\n") return { end: "row", cells, next: text.indexOf("\n", end) + 1 };
    if (after === "\r") return { end: "lone return", cells, next: end };
    if (after !== separator) return { end: "text after quote", cells, next: end };
    if (cells.length > MAX_COLUMNS) return { end: "row", cells, next: end + 1 };
    start = end + 1;
  }
}

/** The place of the letter that ends a cell without quotes, or of the text's end. */
function endOfCell(text: string, start: number, sign: number): number {
  for (let i = start; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === sign || letter === LINE_FEED || letter === CARRIAGE_RETURN) return i;
  }
  return text.length;
}

/**
 * Returns `true` for a line that is no row: it is empty, or has nothing but blanks. In a table of one
 * column, blanks are a cell.
 *
 * @param columns The number of columns; `undefined` before the header.
 * @param first The line's first letter.
 */
export function isBlank(
  cells: readonly string[],
  columns: number | undefined,
  first: string | undefined,
): boolean {
  if (cells.length > 1 || first === '"') return false;
  return cells[0] === "" || (columns !== 1 && /^[ \t]*$/.test(cells[0]));
}

/** The signs that may stand between cells, the usual one first. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/** A sign that separates the cells of a table. */
export type Separator = typeof SEPARATORS[number];

/**
 * A first line for spreadsheet programs, such as `sep=;`, which names the sign between the cells; `null` if the
 * text begins with another line.
 *
 * @param where The line, for messages.
 * @returns The sign, and the place of the next line.
 * @throws {SyntaxError} If no table may have that sign.
 */
export function separatorLine(
  text: string,
  from: number,
  where: string,
): { readonly separator: Separator; readonly next: number } | null {
  const [line, sign] = /^"?sep=([^"\r\n])"?(?:\r?\n|$)/i.exec(text.slice(from, from + 16)) ?? [];
  if (line === undefined) return null;
  const separator = SEPARATORS.find((known) => known === sign);
  if (separator !== undefined) return { separator, next: from + line.length };
  throw new SyntaxError(
    `${where}: found the separator ${quoted(sign)}, need ",", ";", "|" or a tab`,
  );
}

/**
 * Finds the sign that separates the cells of a table, from its header row. It is the sign that gives a
 * column the target's name. If there is none, it is the sign that is most frequent outside quotes.
 *
 * @param text The table's text with one letter per byte, as far as it has been read.
 * @param from The place of the header row.
 * @param target The name of the target column, or `null` for none.
 */
export function separatorOf(text: string, from: number, target: string | null): Separator {
  // The number of occurrences, by the letter's code.
  const counts = new Int32Array(256);
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === LINE_FEED || letter === CARRIAGE_RETURN) break;
    else counts[letter]++;
  }
  const countOf = (sign: Separator) => counts[sign.charCodeAt(0)];
  const found = SEPARATORS.filter((sign) => countOf(sign) > 0);
  if (found.length < 2) return found[0] ?? ",";
  const name = target === null ? null : latin1Text(new TextEncoder().encode(target));
  const fitting = name === null
    ? []
    : found.filter((sign) => csvRow(text, from, true, sign).cells.includes(name));
  const candidates = fitting.length > 0 ? fitting : found;
  return candidates.reduce<Separator>(
    (best, sign) => countOf(sign) > countOf(best) ? sign : best,
    candidates[0],
  );
}
