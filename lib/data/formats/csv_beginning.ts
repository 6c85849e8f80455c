/**
 * The first bytes of a CSV file: byte order marks, encodings, and files of other formats.
 *
 * @module
 */
import { latin1Text } from "./latin1.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The length of the byte order mark of UTF-8, or 0.
 *
 * @throws {SyntaxError} If the data begin like those of another format.
 */
export function markLength(bytes: Uint8Array, where: string): number {
  const [first, second, third] = bytes;
  const other = otherFormat(bytes);
  if (other !== null) throw new SyntaxError(`${where}: found ${other}`);
  if (first === 0x1f && second === 0x8b) {
    throw new SyntaxError(`${where}: found gzip data, need text or a name that ends in ".gz"`);
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

/**
 * The decoder of UTF-16, as spreadsheet programs and PowerShell write it, if the data begin with its byte order
 * mark; else `null`.
 */
export function wideDecoder([first, second]: Uint8Array): TextDecoder | null {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le", { fatal: true });
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be", { fatal: true });
  return null;
}

/** Returns `true` if lines end with a carriage return alone, as old programs end them. */
export function endsInReturns(bytes: Uint8Array): boolean {
  return bytes.includes(CARRIAGE_RETURN) && !bytes.includes(LINE_FEED);
}

/** Replaces carriage returns by line feeds, in place. */
export function returnsToLineFeeds(bytes: Uint8Array): void {
  for (let i = bytes.indexOf(CARRIAGE_RETURN); i >= 0; i = bytes.indexOf(CARRIAGE_RETURN, i)) {
    bytes[i] = LINE_FEED;
  }
}

/** The end of a message about another encoding: the command that converts the file to UTF-8. */
export function converted(from: string): string {
  return `, as from: iconv -f ${from} -t UTF-8 FILE > NEW.csv`;
}

/** The beginnings of files in other formats, each with the end of the message. */
const OTHER_FORMATS: readonly (readonly [beginning: string | RegExp, what: string])[] = [
  [
    "PK\x03\x04",
    "a workbook of a spreadsheet program or a ZIP archive, need CSV: save the sheet as CSV UTF-8",
  ],
  [
    "\xd0\xcf\x11\xe0",
    "a workbook of a spreadsheet program, need CSV: save the sheet as CSV UTF-8",
  ],
  ["PAR1", 'a Parquet file, need a name that ends in ".parquet"'],
  ["\x93NUMPY", 'a NumPy array, need a name that ends in ".npy"'],
  [/^\s*(\[\s*)?\{\s*"/, "JSON, need CSV: a header row, and a row of cells for every object"],
  [/^(<\?xml|<!doctype|<html)/i, "a page or XML, need CSV"],
  ["%PDF-", "a PDF document, need CSV"],
  ["ARROW1", "a Feather or Arrow file, need Parquet or CSV: to_parquet in pandas writes it"],
  ["\x89HDF", "an HDF5 file, need Parquet or CSV: to_parquet in pandas writes it"],
  // A pickle begins with the number of its protocol.
  ...["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"].map((beginning) =>
    [beginning, "a pickle of Python, need Parquet or CSV: to_parquet in pandas writes it"] as const
  ),
  ["SQLite format 3", "an SQLite database, need CSV: sqlite3 -header -csv writes a table"],
  ["\x28\xb5\x2f\xfd", 'data packed by zstd, need text, or gzip and a name that ends in ".gz"'],
  ["\xfd7zXZ", 'data packed by xz, need text, or gzip and a name that ends in ".gz"'],
  [/^BZh[1-9]1AY&SY/, 'data packed by bzip2, need text, or gzip and a name that ends in ".gz"'],
];

/** The end of a message if the data are in another format; `null` if they may be CSV. */
function otherFormat(bytes: Uint8Array): string | null {
  const start = latin1Text(bytes.subarray(0, 64));
  const begins = (beginning: string | RegExp) =>
    typeof beginning === "string" ? start.startsWith(beginning) : beginning.test(start);
  return OTHER_FORMATS.find(([beginning]) => begins(beginning))?.[1] ?? null;
}
