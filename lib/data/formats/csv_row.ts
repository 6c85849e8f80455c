/**
 * Finds the cells of one row of comma-separated values (RFC 4180, with either line ending).
 *
 * @module
 */

/** The cells of a row. */
export interface CsvRow {
  /** Their texts, without quotes. */
  readonly cells: string[];
  /** The place after the row. */
  readonly next: number;
}

/** A row that is broken: what was found, and its place in the text. */
export class BrokenRow extends Error {
  /** @param place The place in the text. */
  constructor(found: string, readonly place: number) {
    super(found);
  }
}

/** A table has at most this many columns. */
export const MAX_COLUMNS = 2 ** 20;

const END_OF_PLAIN_CELL = /[,\r\n]|$/g;

/**
 * Reads a row in any of its forms. A quote that is not the first letter of a cell stands for itself.
 *
 * @param text The table's text, as far as it is there.
 * @param from The place of the row.
 * @param isLast Nothing follows the text.
 * @returns The row, cut off after one cell more than `MAX_COLUMNS`, or the place of its unfinished cell where the text ends too early.
 * @throws {BrokenRow} If the quotes or the line ending are broken.
 */
export function csvRow(text: string, from: number, isLast: boolean): CsvRow | number {
  const cells: string[] = [];
  for (let start = from;;) {
    let end: number;
    if (text[start] === '"') {
      end = text.indexOf('"', start + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) {
        if (!isLast) return start;
        throw new BrokenRow("a quote that is never closed, need its closing quote", start);
      }
      cells.push(text.slice(start + 1, end).replaceAll('""', '"'));
      end++;
    } else {
      END_OF_PLAIN_CELL.lastIndex = start;
      end = END_OF_PLAIN_CELL.exec(text)!.index;
      cells.push(text.slice(start, end));
    }
    if (end === text.length) return isLast ? { cells, next: end } : start;
    if (text[end] === "," && cells.length <= MAX_COLUMNS) {
      start = end + 1;
      continue;
    }
    if (text[end] === ",") return { cells, next: end + 1 };
    if (text[end] === "\n") return { cells, next: end + 1 };
    if (text[end] !== "\r") {
      throw new BrokenRow("text after a closing quote, need a comma or the row's end", end);
    }
    if (end + 1 === text.length) return isLast ? { cells, next: end + 1 } : start;
    if (text[end + 1] === "\n") return { cells, next: end + 2 };
    const found = 'a carriage return without a line feed, need "\\n" or "\\r\\n"';
    throw new BrokenRow(found, end);
  }
}
