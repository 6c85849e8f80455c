/**
 * Writes parts of C: numbers, texts, comments and tables of constants.
 *
 * @module
 */
import { escaped } from "../../messages.ts";

/** The types of tables: the type in C, the macro that reads one element, its bytes. */
const TYPES = {
  u8: { name: "uint8_t", bytes: 1 },
  i8: { name: "int8_t", bytes: 1 },
  u16: { name: "uint16_t", bytes: 2 },
  i16: { name: "int16_t", bytes: 2 },
  f32: { name: "float", bytes: 4 },
} as const;

/** The type of a table. */
export type TableType = keyof typeof TYPES;

/** The name of a table's type in C. */
export function typeName(type: TableType): string {
  return TYPES[type].name;
}

/** The narrowest unsigned type that holds numbers up to `largest`. */
export function unsignedType(largest: number): "u8" | "u16" {
  return largest < 256 ? "u8" : "u16";
}

/** The largest length of a line of C. */
const WIDTH = 96;

/** Tables of constants: their text, and the bytes that they take. */
export interface Tables {
  /** The definitions by name, in the order in which they were added. */
  readonly texts: Map<string, string>;
  /** The bytes of all tables. */
  bytes: number;
}

/** Adds a table of constants. C has no empty tables, so an empty one gets a 0. */
export function addTable(
  tables: Tables,
  type: TableType,
  name: string,
  values: ArrayLike<number>,
): void {
  const words = Array.from(values, type === "f32" ? floatText : (value) => `${value}`);
  if (words.length === 0) words.push("0");
  const lines = wrapped(words);
  tables.texts.set(
    name,
    `static const ${typeName(type)} ${name}[${words.length}] STORED = {\n${lines.join("\n")}\n};`,
  );
  tables.bytes += words.length * TYPES[type].bytes;
}

/** Adds a table of 16-bit numbers, unless there is one of this name. */
export function addTableOnce(tables: Tables, name: string, values: Uint16Array): void {
  if (!tables.texts.has(name)) addTable(tables, "u16", name, values);
}

/** Joins words by commas, and breaks them into lines. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  words.forEach((word, place) => {
    const next = place < words.length - 1 ? `${word},` : word;
    if (line.length + next.length + 3 > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += `${line === "" ? "  " : " "}${next}`;
  });
  lines.push(line);
  return lines;
}

/** Writes a finite 32-bit float with the fewest digits that identify it. */
export function floatText(value: number): string {
  const float = Math.fround(value);
  let digits = 6;
  while (digits < 9 && Math.fround(Number(float.toPrecision(digits))) !== float) digits++;
  const text = `${Number(float.toPrecision(digits))}`;
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

/** Makes a text from a file safe within a comment: it can neither end nor begin a comment. */
export function commentText(text: string): string {
  return escaped(text).replaceAll(/[*/?](?=[*/?])/g, "$& ");
}

/** The largest number of bytes that every C99 compiler accepts in a string literal. */
const LONGEST_TEXT = 4000;

/** Writes a text as a string literal in UTF-8. */
export function textLiteral(text: string): string {
  const bytes = new TextEncoder().encode(text).subarray(0, LONGEST_TEXT);
  const letters = Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && !`"\\?`.includes(String.fromCharCode(byte));
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${letters.join("")}"`;
}
