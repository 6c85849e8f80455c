import {
  type ColumnPlan,
  filePieces,
  headerOnly,
  IGNORED,
  MAX_BLANK_LINES,
  MAX_CELL_LENGTH,
  NUMBER_TARGET,
  NUMBERS,
  type ProgressListener,
  type RowBlocks,
  rowBlocks,
  type RowsHandler,
  type TableRows,
} from "../table/mod.ts";
import { type PlainRow, readPlainRow } from "./csv_plain_row.ts";
import { converted } from "./csv_beginning.ts";
import { csvBytes } from "./csv_bytes.ts";
import {
  csvRow,
  isBlank,
  MAX_COLUMNS,
  type Separator,
  separatorLine,
  separatorOf,
} from "./csv_row.ts";
import { knownCells, rememberCell } from "./known_cells.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { plural, quoted, quotedPath } from "../../messages.ts";

const MAX_ROW_BYTES = 2 ** 26;
const LINE_FEED = 0x0a;

/** The messages about broken rows. */
const BROKEN = {
  "open quote": "a quote that is never closed, need its closing quote",
  "text after quote": "text after a closing quote, need a separator or the row's end",
  "lone return":
    'a carriage return without a line feed, need "\\n" or "\\r\\n", or no line feed in the ' +
    "whole file",
};

/** Texts of printable ASCII letters: their bytes are their letters' codes. */
const ASCII = /^[ -~]*$/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a `.csv` or `.csv.gz` file in pieces. If the handler's plan is `null`, only the header is read.
 *
 * @throws {Error} If the file cannot be opened or read. The system's error is its `cause`.
 * @throws {SyntaxError} If the content cannot be parsed, or the name ends in `.gz` and the content is not a
 * whole gzip stream.
 * @throws {RangeError} If a number is out of range, or there are too many columns or categories.
 */
export async function readCsvTable(
  path: string,
  handler: RowsHandler,
  onProgress?: ProgressListener,
): Promise<TableRows> {
  const reader = csvReader(path, handler);
  const place = () => ` beyond line ${reader.line}`;
  for await (const { bytes, bytesRead, bytesTotal } of filePieces(path, place)) {
    reader.push(bytes);
    await onProgress?.({ bytesRead, bytesTotal, rows: reader.rows });
    if (reader.isDone) break;
  }
  return reader.finish();
}

/**
 * Reads the bytes of a `.csv` file, which may be compressed.
 *
 * @param name The table's name in messages.
 */
export async function readCsvBytes(
  bytes: Uint8Array,
  name: string,
  handler: RowsHandler,
): Promise<TableRows> {
  const reader = csvReader(name, handler);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const pieces = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const plain = isGzip ? pieces.pipeThrough(new DecompressionStream("gzip")) : pieces;
  for await (const piece of plain) {
    reader.push(piece);
    if (reader.isDone) break;
  }
  return reader.finish();
}

/** Takes a table's bytes piece by piece. */
export interface CsvReader {
  /** The line that is being read, from 1. */
  readonly line: number;
  /** The rows so far. */
  readonly rows: number;
  /** `true` if no further bytes are needed: the header is complete, or the table must be read again. */
  readonly isDone: boolean;
  /** Reads the next piece. The caller may reuse its bytes afterwards. */
  push(piece: Uint8Array): void;
  /** Reads the rest, after the last piece. */
  finish(): TableRows;
}

/**
 * Makes a reader of comma-separated values (RFC 4180), also with other separators, into 32-bit floats. It
 * keeps only the last piece of the text and one row. The fast {@linkcode readPlainRow} reads most rows, the
 * general {@linkcode csvRow} the others.
 *
 * `push` and `finish` throw a `SyntaxError` if the content cannot be parsed, and a `RangeError` if a number
 * is out of range or there are too many columns.
 *
 * @param source The table's name in messages.
 */
export function csvReader(source: string, handler: RowsHandler): CsvReader {
  /** The number of bytes needed for the next attempt. It begins with 3, the length of a byte order mark. */
  let needed = 3;
  let isStarted = false;
  let line = 1;
  /** The first of the blank lines that were read last; 0 after a row. */
  let blankLine = 0;
  /** The number of blank lines between rows. */
  let blankLines = 0;
  let header: string[] | null = null;
  let separator: Separator = ",";
  /** `true` if a first line names the separator. */
  let isSeparatorNamed = false;
  let plan: ColumnPlan | null = null;
  let kinds: Uint8Array = new Uint8Array(0);
  let blocks: RowBlocks | null = null;
  /** The cells of the row that is being stored, and the column of the current cell. */
  let cells: readonly string[] = [];
  let column = 0;
  /** The number of line breaks in the cells before the current one. */
  let breaks = 0;
  const plain: PlainRow = {
    count: 0,
    texts: [],
    columns: [],
    starts: [],
    ends: [],
    slots: [],
    target: 0,
  };
  const known = knownCells();

  const at = (ofLine: number) => `Cannot read ${quotedPath(source)}, line ${ofLine}`;
  const unread = csvBytes(() => at(line));
  const where = () => {
    return `${at(line + breaks)}, column ${header === null ? column + 1 : quoted(header[column])}`;
  };

  const { refuted } = handler.cells;
  const isRefuted = () => refuted.size > 0;

  function read(isLast: boolean): void {
    try {
      readRows(isLast);
    } catch (error) {
      // The next pass over the file reports the first error.
      if (!isRefuted()) throw error;
    }
  }

  function readRows(isLast: boolean): void {
    let position = isStarted ? 0 : unread.begin(isLast);
    isStarted = true;
    if (line === 1 && header === null) unread.findLineEnds(position, isLast);
    const { bytes, length } = unread;
    let text = "";
    let textStart = 0;
    const lastLineFeed = bytes.subarray(0, length).lastIndexOf(LINE_FEED);
    while (position < length && (header === null || plan !== null) && !isRefuted()) {
      // Waits for the rest of the row. A row longer than the longest cell is read at once: it may be broken.
      if (position > lastLineFeed && !isLast && length - position <= MAX_CELL_LENGTH) break;
      const afterPlain = blankLine === 0 ? readPlain(position) : -1;
      if (afterPlain > 0) {
        position = afterPlain;
        continue;
      }
      if (text === "") {
        // The text has one letter per byte, so a place in the text is a place in the bytes.
        text = latin1Text(bytes.subarray(position, length));
        textStart = position;
      }
      const next = readGeneral(text, position - textStart, isLast);
      if (next < 0) break;
      position = textStart + next;
    }
    unread.drop(position);
    needed = Math.min(2 * unread.length, MAX_ROW_BYTES + 1);
  }

  /** Reads a row of the common form. Returns the place after it, or −1 for a row of another form. */
  function readPlain(position: number): number {
    if (blocks === null) return -1;
    const { block, offset } = blocks;
    const { bytes } = unread;
    const next = readPlainRow(
      bytes,
      position,
      plan!.roles,
      kinds,
      block,
      offset,
      known,
      plain,
      separator.charCodeAt(0),
      handler.isTargetNotated,
    );
    if (next < 0) return next;
    // These cells hold no line breaks, so a message about any of them names the row's line.
    breaks = 0;
    for (let k = 0; k < plain.count; k++) {
      store(plain.columns[k], plain.texts[k]);
      const role = plan!.roles[plain.columns[k]];
      // While a column holds codes, the same text has the same code.
      if (role < 0 || kinds[role] === NUMBERS) continue;
      const cell = bytes.subarray(plain.starts[k], plain.ends[k]);
      rememberCell(known, plain.slots[k], role, cell, block[offset + role]);
    }
    blocks.add(plain.target);
    line++;
    return next;
  }

  /** Reads a row of any form. Returns the place after it, or −1 if the row is incomplete. */
  function readGeneral(text: string, start: number, isLast: boolean): number {
    if (header === null && !isSeparatorNamed) {
      const named = separatorLine(text, start, at(1));
      if (named !== null) {
        [separator, isSeparatorNamed] = [named.separator, true];
        line++;
        return named.next;
      }
      separator = separatorOf(text, start, handler.target);
    }
    const row = csvRow(text, start, isLast, separator);
    if (row.end !== "row") {
      const where = at(line + lineBreaks(text.slice(start, row.next)));
      if (row.end !== "unfinished") throw new SyntaxError(`${where}: found ${BROKEN[row.end]}`);
      if (text.length - row.next > MAX_CELL_LENGTH) throw tooLong(where, "cell", MAX_CELL_LENGTH);
      if (text.length - start > MAX_ROW_BYTES) throw tooLong(at(line), "row", MAX_ROW_BYTES);
      return -1;
    }
    cells = row.cells;
    breaks = 0;
    if (isBlank(cells, header?.length, text[start])) takeBlankLine();
    else {
      endBlankLines();
      if (header === null) takeHeader();
      else takeRow(header.length);
    }
    line += lineBreaks(text.slice(start, row.next));
    return row.next;
  }

  function takeBlankLine(): void {
    blankLine ||= line;
    if (line - blankLine < MAX_BLANK_LINES) return;
    throw new SyntaxError(
      `${at(blankLine)}: found more than ${MAX_BLANK_LINES} blank lines, need fewer`,
    );
  }

  /** Counts the blank lines before a row. In a table of one column they may mean missing cells. */
  function endBlankLines(): void {
    if (blankLine > 0 && header?.length === 1) {
      throw new SyntaxError(
        `${
          at(blankLine)
        }: found a blank line in a table of one column, need a cell, such as NA if it ` +
          "is missing, or no line",
      );
    }
    if (blankLine > 0 && header !== null) blankLines += line - blankLine;
    blankLine = 0;
  }

  function takeHeader(): void {
    if (cells.length > MAX_COLUMNS) {
      throw new RangeError(`${at(line)}: found more than ${MAX_COLUMNS} columns, need fewer`);
    }
    const names: string[] = [];
    for (column = 0; column < cells.length; column++) {
      names.push(unicode(cells[column], where));
      breaks += lineBreaks(cells[column]);
    }
    header = names;
    plan = handler.plan(header, at(line));
    if (plan === null) return;
    handler.cells.assumeNumbers();
    kinds = handler.cells.kinds;
    header = [...plan.names];
    blocks = handler.openBlocks?.(plan) ?? rowBlocks(plan);
  }

  function takeRow(width: number): void {
    if (cells.length !== width) {
      const remark = cells[0].startsWith("#") ? " (a comment? there are none in CSV)" : "";
      throw new SyntaxError(
        `${at(line)}: found ${plural(cells.length, "field")}, need ${width}${remark}`,
      );
    }
    for (column = 0; column < width; column++) {
      if (plan!.roles[column] !== IGNORED) store(column, unicode(cells[column], where));
      breaks += lineBreaks(cells[column]);
    }
    blocks!.add(plain.target);
  }

  /** Stores a cell that is not a plain number. */
  function store(place: number, text: string): void {
    column = place;
    const role = plan!.roles[place];
    if (role >= 0) {
      const { block, offset, rows } = blocks!;
      block[offset + role] = handler.cells.value(role, text, rows, where);
    } else if (role === NUMBER_TARGET) {
      plain.target = handler.number(text, where);
    } else {
      plain.target = handler.label(text, where);
    }
  }

  return {
    get line() {
      return line;
    },
    get rows() {
      return blocks?.rows ?? 0;
    },
    get isDone() {
      return header !== null && plan === null || isRefuted();
    },
    push(piece) {
      unread.push(piece);
      if (unread.length >= needed) read(false);
    },
    finish() {
      unread.end();
      if (!isRefuted()) read(true);
      if (header === null) {
        throw new SyntaxError(
          `Cannot read ${quotedPath(source)}: found an empty file, need a header row`,
        );
      }
      if (blocks === null || isRefuted()) return headerOnly(header);
      const sign = separator === "\t" ? "tabs" : quoted(separator);
      const remarks = [
        ...separator === "," ? [] : [`Cells are separated by ${sign}`],
        ...blankLines === 0 ? [] : [`Blank lines between rows are left out: ${blankLines}`],
      ];
      return { ...blocks.join(), remarks };
    },
  };
}

/** Decodes a cell that has one letter per byte. */
function unicode(cell: string, where: () => string): string {
  if (ASCII.test(cell)) return cell;
  // A zero byte is in no text, so no conversion helps.
  if (cell.includes("\0")) {
    throw new SyntaxError(
      `${where()}: found a byte 0, which no text has, need text in UTF-8: the file is in UTF-16, ` +
        "damaged, or no table",
    );
  }
  try {
    return decoder.decode(latin1Bytes(cell));
  } catch { /* It is refused below. */ }
  throw new SyntaxError(
    `${where()}: found bytes that are not UTF-8 text, need UTF-8${converted("WINDOWS-1252")}`,
  );
}

function tooLong(where: string, what: string, most: number): SyntaxError {
  return new SyntaxError(
    `${where}: found a ${what} of more than ${most} bytes, need a shorter one ` +
      `(is a quote left open?)`,
  );
}

function lineBreaks(text: string): number {
  return text.includes("\n") ? text.split("\n").length - 1 : 0;
}
