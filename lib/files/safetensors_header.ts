/**
 * The header of a safetensors file, read with distrust: whatever the bytes are, the answer is a
 * header whose every number has been checked against the file, or an error that says what is wrong.
 * A reader of its own instead of `JSON.parse`, because that keeps the last of two equal keys, rounds
 * numbers, and builds whatever the text asks for before anyone can object.
 *
 * Format: https://huggingface.co/docs/safetensors/index#format
 *
 * @module
 */

/** The kinds of numbers a tensor may hold: floats and signed or unsigned integers, with their bits. */
export type Dtype = "F32" | "F64" | "I32" | "U32" | "U8" | "I64";

/** Bytes of one number, by kind. */
export const itemBytes: Readonly<Record<Dtype, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  U8: 1,
};

/** Where a tensor is and what it is, as the header says. */
export interface TensorEntry {
  /** The tensor's name. */
  readonly name: string;
  /** The kind of its numbers. */
  readonly dtype: Dtype;
  /** Its shape; `[]` for a single number. */
  readonly shape: readonly number[];
  /** Its first byte, counted from the end of the header. */
  readonly start: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What a safetensors file says about itself. */
export interface SafetensorsHeader {
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Every tensor, in the order of the header. */
  readonly entries: readonly TensorEntry[];
}

/** Bytes a header may have at most, 16 MiB: a hundred thousand tensors and their metadata. */
export const maximumHeaderBytes: number = 2 ** 24;

/** Dimensions a tensor may have at most, as in NumPy 1. */
const maximumDimensions = 32;

/** Characters a name may have at most. */
const maximumNameLength = 1024;

/** Why a text will not do as the name of a tensor or of a piece of metadata, or `null` if it will. */
export function nameProblem(name: string): string | null {
  if (name === "") return "an empty name";
  if (name.length > maximumNameLength) {
    return `a name of ${name.length} characters, need at most ${maximumNameLength}`;
  }
  if (!name.isWellFormed()) return `half a surrogate pair in the name ${quoted(name)}`;
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return `a control character in the name ${quoted(name)}`;
  return null;
}

/** The product of a shape, or `null` if it is beyond 2⁵³. */
export function elementCount(shape: readonly number[]): number | null {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const length of shape) {
    // Both are safe integers, so the rounded product is beyond 2⁵³ if the exact one is.
    count *= length;
    if (count > Number.MAX_SAFE_INTEGER) return null;
  }
  return count;
}

/**
 * Reads a header.
 *
 * @param text The header, without the eight bytes of its length.
 * @param dataBytes How many bytes follow it in the file.
 * @param source What is being read, for the errors.
 * @throws {SyntaxError} If the header is not as the format demands, or does not fit the data.
 */
export function parseSafetensorsHeader(
  text: string,
  dataBytes: number,
  source: string,
): SafetensorsHeader {
  let at = 0;

  function fail(found: string, need: string): never {
    throw new SyntaxError(`Cannot read ${quoted(source)}: found ${found}, need ${need}`);
  }

  /** Passes over white space and returns the next character, `""` at the end. */
  function peek(): string {
    while (at < text.length && " \n\r\t".includes(text[at])) at++;
    return text.charAt(at);
  }

  function here(): string {
    return `${at < text.length ? quoted(text[at]) : "the end"} at character ${at} of the header`;
  }

  function expect(character: string): void {
    if (peek() !== character) fail(here(), `"${character}"`);
    at++;
  }

  function readString(): string {
    if (peek() !== '"') fail(here(), "a string");
    const begin = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    if (at >= text.length) fail(`no end of the string at character ${begin}`, "one in the header");
    at++;
    try {
      return JSON.parse(text.slice(begin, at));
    } catch {
      return fail(`${quoted(text.slice(begin, at))} at character ${begin}`, "a JSON string");
    }
  }

  function readWhole(what: string): number {
    peek();
    const begin = at;
    while (at < text.length && /[-+.\w]/.test(text[at])) at++;
    const token = text.slice(begin, at);
    if (token === "") fail(`${here()} in ${what}`, "a number");
    const value = Number(token);
    if (!/^(0|[1-9][0-9]*)$/.test(token) || !Number.isSafeInteger(value)) {
      fail(`${quoted(token)} in ${what}`, "a whole number from 0 to 2^53 - 1");
    }
    return value;
  }

  function readList(what: string, maximum: number): number[] {
    const list: number[] = [];
    expect("[");
    if (peek() === "]") {
      at++;
      return list;
    }
    for (;;) {
      if (list.length === maximum) {
        fail(`more than ${maximum} numbers in ${what}`, "at most so many");
      }
      list.push(readWhole(what));
      if (peek() === "]") break;
      expect(",");
    }
    at++;
    return list;
  }

  /** Reads an object, and lets `readValue` read what follows every key. */
  function readObject(what: string, readValue: (key: string) => void): void {
    const keys = new Set<string>();
    expect("{");
    if (peek() === "}") {
      at++;
      return;
    }
    for (;;) {
      const key = readString();
      if (keys.has(key)) fail(`${quoted(key)} twice in ${what}`, "every key once");
      keys.add(key);
      expect(":");
      readValue(key);
      if (peek() === "}") break;
      expect(",");
    }
    at++;
  }

  function readMetadata(): Record<string, string> {
    const pairs: [string, string][] = [];
    readObject("the metadata", (key) => {
      const problem = nameProblem(key);
      if (problem !== null) fail(`${problem} in the metadata`, "a printable name");
      if (peek() !== '"') fail(`${here()} as metadata ${quoted(key)}`, "a string");
      const value = readString();
      if (!value.isWellFormed()) fail(`half a surrogate pair in metadata ${quoted(key)}`, "text");
      pairs.push([key, value]);
    });
    // Not by assignment: a key may be "__proto__".
    return Object.fromEntries(pairs);
  }

  function readEntry(name: string): TensorEntry {
    const what = `tensor ${quoted(name)}`;
    let dtype: string | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    readObject(what, (key) => {
      if (key === "dtype") dtype = readString();
      else if (key === "shape") shape = readList(`the shape of ${what}`, maximumDimensions);
      else if (key === "data_offsets") offsets = readList(`the data_offsets of ${what}`, 2);
      else fail(`${quoted(key)} in ${what}`, '"dtype", "shape" and "data_offsets" alone');
    });
    if (dtype === undefined) fail(`no "dtype" in ${what}`, "one");
    if (shape === undefined) fail(`no "shape" in ${what}`, "one");
    if (offsets === undefined) fail(`no "data_offsets" in ${what}`, "them");
    if (!Object.hasOwn(itemBytes, dtype)) {
      fail(`dtype ${quoted(dtype)} of ${what}`, `one of ${Object.keys(itemBytes).join(", ")}`);
    }
    if (offsets.length !== 2) fail(`${offsets.length} data_offsets of ${what}`, "2");
    const [start, end] = offsets;
    if (end < start || end > dataBytes) {
      fail(`data_offsets ${start} to ${end} of ${what}`, `an ascending pair up to ${dataBytes}`);
    }
    const known = dtype as Dtype;
    const count = elementCount(shape);
    if (count === null || count * itemBytes[known] !== end - start) {
      fail(
        `${end - start} bytes of ${what}`,
        `${count === null ? "more than 2^53" : count * itemBytes[known]} for ${known} ` +
          `of shape [${shape.join(", ")}]`,
      );
    }
    return { name, dtype: known, shape, start, end };
  }

  if (text[0] !== "{") fail(here(), 'a header that begins with "{"');
  let metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  readObject("the header", (name) => {
    if (name === "__metadata__") {
      metadata = readMetadata();
      return;
    }
    const problem = nameProblem(name);
    if (problem !== null) fail(`${problem} among the tensors`, "a printable name");
    entries.push(readEntry(name));
  });
  if (peek() !== "") fail(here(), "nothing after the header but spaces");

  let covered = 0;
  let before = "the header";
  for (const entry of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== covered) {
      fail(
        `tensor ${quoted(entry.name)} at byte ${entry.start} of the data`,
        `${covered}, where ${before} ends, with neither hole nor overlap`,
      );
    }
    covered = entry.end;
    before = `tensor ${quoted(entry.name)}`;
  }
  if (covered !== dataBytes) {
    fail(`${dataBytes} bytes of data`, `${covered}, where ${before} ends`);
  }
  return { metadata, entries };
}

/** A text from a file as an error shows it: escaped, and never long. */
export function quoted(text: string): string {
  // JSON.stringify writes lone surrogates and control characters as escapes.
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
