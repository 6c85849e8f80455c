import {
  type ColumnPlan,
  IGNORED,
  type RowsHandler,
  type TableRows,
  TARGET,
  textCellError,
} from "../table/mod.ts";
import {
  CARRIAGE_RETURN,
  type Cell,
  type CellEnd,
  cellText,
  COMMA,
  findCell,
  LINE_FEED,
  shownText,
} from "./csv_cells.ts";
import { type Cursor, scanDecimal } from "./decimal.ts";
import { quoted, quotedPath } from "../../messages.ts";

/** A cell longer than this is taken for an unclosed quote, or for a file that is no table. */
const MAX_CELL_BYTES = 2 ** 24;
const MAX_COLUMNS = 2 ** 20;
/** Rows are collected in blocks that grow up to this many floats (4 MiB). */
const LARGEST_BLOCK = 2 ** 20;

/** Takes a table's bytes, piece by piece, and collects its rows. */
export interface RowsReader extends TableRows {
  /** The physical line that is being read, from 1. */
  readonly line: number;
  /** Reads on. The piece may be reused afterwards. */
  push(piece: Uint8Array): void;
  /** Reads what is left, with nothing to follow. */
  finish(): void;
}

/**
 * A streaming reader of comma-separated values (RFC 4180) into 32-bit floats. Of the text it keeps
 * no more than the last piece and one cell.
 *
 * Numeric cells are parsed from the bytes where they lie. Whatever is not a plain number followed
 * by a comma or a line feed takes the general way: quotes, blanks around the number, CRLF, text.
 *
 * @param source The table's name in messages.
 */
export function rowsReader(source: string, handler: RowsHandler): RowsReader {
  // The unread bytes are buffer[position..length), followed by a zero for `scanDecimal` to stop at.
  let buffer = new Uint8Array(0);
  let position = 0;
  let length = 0;
  /** Reading again before there are so many unread bytes would find the same incomplete cell. */
  let needed = 1;

  let started = false;
  let line = 1;
  let rowLine = 1;
  let column = 0;
  let blankLine = 0;
  let headerRead = false;
  const header: string[] = [];
  let plan: ColumnPlan | null = null;
  let roles: Int32Array = new Int32Array(0);
  /** The same, but of features those alone that hold numbers. */
  let numberRoles: Int32Array = roles;

  let featureCount = 0;
  const blocks: Float32Array[] = [];
  const labelBlocks: Int32Array[] = [];
  let block = new Float32Array(0);
  let labelBlock = new Int32Array(0);
  let blockRows = 0;
  let rows = 0;
  let label = 0;
  /** The first error of the row. It waits for the row's end: a row of the wrong length explains it. */
  let pending: Error | null = null;

  const cursor: Cursor = { position: 0 };
  const cell: Cell = { start: 0, end: 0, doubled: false, lineBreaks: 0, next: 0 };

  function at(ofLine: number): string {
    return `Cannot read ${quotedPath(source)}, line ${ofLine}`;
  }

  function push(piece: Uint8Array): void {
    const unread = length - position;
    if (unread + piece.length + 1 > buffer.length) {
      const grown = new Uint8Array(Math.max(2 * unread, unread + piece.length) + 1);
      grown.set(buffer.subarray(position, length));
      buffer = grown;
    } else {
      buffer.copyWithin(0, position, length);
    }
    buffer.set(piece, unread);
    position = 0;
    length = unread + piece.length;
    buffer[length] = 0;
    if (length >= needed) read(false);
  }

  function finish(): void {
    read(true);
    if (!headerRead) {
      throw new SyntaxError(
        `Cannot read ${quotedPath(source)}: found an empty file, need a header row`,
      );
    }
  }

  function read(final: boolean): void {
    if (!started) {
      if (length < 3 && !final) return;
      skipByteOrderMark();
      started = true;
    }
    if (!headerRead) readHeader(final);
    if (plan !== null) readRows(final);
    else if (headerRead) position = length;
    const unread = length - position;
    if (unread > MAX_CELL_BYTES) {
      throw new SyntaxError(
        `${at(line)}: found a cell of more than ${MAX_CELL_BYTES} bytes, need a shorter one ` +
          `(is a quote left open?)`,
      );
    }
    needed = 2 * unread;
  }

  function skipByteOrderMark(): void {
    const [first, second, third] = buffer;
    if (length >= 3 && first === 0xef && second === 0xbb && third === 0xbf) position = 3;
    if (length < 2) return;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      throw new SyntaxError(`${at(1)}: found UTF-16 text, need UTF-8`);
    }
    if (first === 0x1f && second === 0x8b) {
      throw new SyntaxError(`${at(1)}: found gzip data, need text or a name that ends in ".gz"`);
    }
  }

  function readHeader(final: boolean): void {
    while (position < length || (final && header.length > 0)) {
      const end = findCell(buffer, position, length, final, cell);
      if (end === "incomplete") return;
      refuseBroken(end);
      const text = cellText(buffer, cell);
      if (text === null) throw notText(`${at(line)}, column ${header.length + 1}`);
      header.push(text);
      if (header.length > MAX_COLUMNS) {
        throw new RangeError(`${at(1)}: found more than ${MAX_COLUMNS} columns, need fewer`);
      }
      const blank = header.length === 1 && cell.next - position <= 2 && text === "";
      position = cell.next;
      line += cell.lineBreaks;
      if (end === "comma") continue;
      if (blank) throw new SyntaxError(`${at(1)}: found a blank line, need a header row`);
      headerRead = true;
      plan = handler.plan(header, at(1));
      if (plan === null) return;
      const { categorical } = plan;
      roles = plan.roles;
      numberRoles = roles.map((role) => role >= 0 && categorical?.has(role) ? IGNORED : role);
      featureCount = plan.featureNames.length;
      line++;
      rowLine = line;
      newBlock();
      return;
    }
  }

  function readRows(final: boolean): void {
    const width = roles.length;
    while (position < length || (final && column > 0)) {
      const numberRole = column < width ? numberRoles[column] : IGNORED;
      if (numberRole >= 0) {
        cursor.position = position;
        const value = scanDecimal(buffer, cursor);
        const stop = buffer[cursor.position];
        // Infinity − Infinity is NaN, and NaN equals nothing.
        if (value - value === 0 && (stop === COMMA || stop === LINE_FEED) && blankLine === 0) {
          block[blockRows * featureCount + numberRole] = value;
          position = cursor.position + 1;
          column++;
          if (stop === LINE_FEED) endRow();
          continue;
        }
      }

      const end = findCell(buffer, position, length, final, cell);
      if (end === "incomplete") return;
      if (column === 0 && end === "row" && isBlank()) {
        blankLine ||= line;
        position = cell.next;
        rowLine = ++line;
        continue;
      }
      if (blankLine > 0) {
        throw new SyntaxError(
          `${at(blankLine)}: found a blank line, need ${fields(width)} ` +
            `(blank lines may only follow the last row)`,
        );
      }
      refuseBroken(end);
      const role = column < width ? roles[column] : IGNORED;
      if (numberRole >= 0) block[blockRows * featureCount + role] = readNumber(role);
      else if (role >= 0) block[blockRows * featureCount + role] = readText(role) ?? 0;
      else if (role === TARGET) label = readLabel();
      position = cell.next;
      line += cell.lineBreaks;
      column++;
      if (end === "row") endRow();
    }
  }

  /** Whether the cell that was found, alone in its row, is nothing but a line ending. */
  function isBlank(): boolean {
    const byte = buffer[position];
    return byte === LINE_FEED || byte === CARRIAGE_RETURN;
  }

  function endRow(): void {
    if (column !== roles.length) {
      throw new SyntaxError(`${at(rowLine)}: found ${fields(column)}, need ${roles.length}`);
    }
    if (pending !== null) throw pending;
    column = 0;
    rowLine = ++line;
    if (label < 0) {
      label = 0;
      return;
    }
    labelBlock[blockRows++] = label;
    rows++;
    if (blockRows === labelBlock.length) {
      blocks.push(block);
      labelBlocks.push(labelBlock);
      newBlock();
    }
  }

  function newBlock(): void {
    const floats = Math.min(LARGEST_BLOCK, Math.max(2 ** 12, rows * featureCount));
    const height = Math.max(1, Math.floor(floats / featureCount));
    block = new Float32Array(height * featureCount);
    labelBlock = new Int32Array(height);
    blockRows = 0;
  }

  function readNumber(role: number): number {
    let start = cell.start;
    let end = cell.end;
    while (start < end && isSpace(buffer[start])) start++;
    while (start < end && isSpace(buffer[end - 1])) end--;
    cursor.position = start;
    const value = start < end ? scanDecimal(buffer, cursor) : NaN;
    if (cursor.position === end && value - value === 0) return value;
    const tooLarge = cursor.position === end && start < end;
    const other = tooLarge ? null : readText(role);
    if (other === null) pending ??= numberError(tooLarge);
    return other ?? 0;
  }

  /** What a cell that need not be a number stands for. */
  function readText(role: number): number | null {
    if (handler.cell === undefined) return null;
    const text = cellText(buffer, cell);
    if (text === null) {
      pending ??= notText(cellAt());
      return 0;
    }
    try {
      return handler.cell(role, text, cellAt);
    } catch (error) {
      pending ??= error as Error;
      return 0;
    }
  }

  function numberError(tooLarge: boolean): Error {
    const where = cellAt();
    const text = shownText(buffer, cell);
    if (!tooLarge && text.trim() !== "" && cellText(buffer, cell) === null) return notText(where);
    return textCellError(text, tooLarge, where);
  }

  function readLabel(): number {
    const text = cellText(buffer, cell);
    if (text === null) pending ??= notText(cellAt());
    else if (text.trim() === "") {
      pending ??= new SyntaxError(`${cellAt()}: found an empty cell, need a class label`);
    } else {
      try {
        return handler.label(text, cellAt);
      } catch (error) {
        pending ??= error as Error;
      }
    }
    return 0;
  }

  function cellAt(): string {
    return `${at(line)}, column ${quoted(header[column])}`;
  }

  function refuseBroken(end: CellEnd): void {
    if (end === "comma" || end === "row") return;
    if (end === "unclosed quote") {
      throw new SyntaxError(
        `${at(line)}: found a quote that is never closed, need its closing quote`,
      );
    }
    const lineOfEnd = line + cell.lineBreaks;
    if (end === "text after quote") {
      throw new SyntaxError(
        `${at(lineOfEnd)}: found text after a closing quote, need a comma or the row's end`,
      );
    }
    throw new SyntaxError(
      `${at(lineOfEnd)}: found a carriage return without a line feed, need "\\n" or "\\r\\n"`,
    );
  }

  function take(): { features: Float32Array; labels: Int32Array } {
    const features = new Float32Array(rows * featureCount);
    const labels = new Int32Array(rows);
    blocks.push(block.subarray(0, blockRows * featureCount));
    labelBlocks.push(labelBlock.subarray(0, blockRows));
    let row = 0;
    for (let k = 0; k < blocks.length; k++) {
      features.set(blocks[k], row * featureCount);
      labels.set(labelBlocks[k], row);
      row += labelBlocks[k].length;
      blocks[k] = new Float32Array(0);
    }
    return { features, labels };
  }

  return {
    get line() {
      return line;
    },
    get rows() {
      return rows;
    },
    get header() {
      return headerRead ? header : null;
    },
    get columns() {
      return plan;
    },
    push,
    finish,
    take,
  };
}

function fields(count: number): string {
  return count === 1 ? "1 field" : `${count} fields`;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

function notText(where: string): SyntaxError {
  return new SyntaxError(`${where}: found bytes that are not UTF-8 text, need UTF-8`);
}
