/**
 * Parses the header of a safetensors file. Every number in it is checked against the file before it is
 * used.
 *
 * Format: https://huggingface.co/docs/safetensors/index#format
 *
 * @module
 */
import { contentError, quoted } from "../messages.ts";
import * as v from "../valibot.ts";

/** The kinds of numbers that a tensor may hold: floats and signed or unsigned integers, with their bits. */
export type Dtype = "F32" | "F64" | "I32" | "U32" | "U8" | "I64";

/** The typed array of each kind, the one with the largest numbers first. */
export const constructors = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
};

const dtypes = Object.keys(constructors) as Dtype[];

/** The number of bytes of one number of a kind. */
export function itemBytes(dtype: Dtype): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** A tensor as the header describes it. */
export interface TensorEntry {
  /** The tensor's name. */
  readonly name: string;
  /** The kind of its numbers. */
  readonly dtype: Dtype;
  /** Its shape; `[]` for a single number. */
  readonly shape: readonly number[];
  /** Its first byte, counted from the end of the header. */
  readonly start: number;
  /** The byte after its last byte. */
  readonly end: number;
}

/** The header of a safetensors file. */
export interface SafetensorsHeader {
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Every tensor, in the order of their bytes. */
  readonly entries: readonly TensorEntry[];
}

/** The largest allowed size of a header: 16 MiB. */
export const maximumHeaderBytes: number = 2 ** 24;

/** The largest allowed number of tensors and entries of metadata. */
const maximumKeys = 2 ** 18;

/** The largest allowed number of dimensions of a tensor, as in NumPy 1. */
export const maximumDimensions = 32;

/** The largest allowed length of a name. */
const maximumNameLength = 1024;

/** The reason why a text cannot be a name of a tensor or of metadata, or `null` if it can. */
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
  // A product of two safe integers that is beyond 2⁵³ stays beyond it when it is rounded.
  const count = shape.reduce((product, length) => product * length, 1);
  return count > Number.MAX_SAFE_INTEGER ? null : count;
}

const whole = "a whole number from 0 to 2^53 - 1";
const wholeNumbers = v.array(v.pipe(v.number(whole), v.safeInteger(whole)), "a list");

const entrySchema = v.strictObject({
  dtype: v.picklist(dtypes, `one of ${dtypes.join(", ")}`),
  shape: v.pipe(
    wholeNumbers,
    v.maxLength(maximumDimensions, `at most ${maximumDimensions} numbers`),
  ),
  data_offsets: v.pipe(wholeNumbers, v.length(2, "2 numbers")),
}, "an object");

const metadataSchema = v.pipe(
  v.string("a text"),
  v.check((text) => text.isWellFormed(), "text without halves of surrogate pairs"),
);

/**
 * Reads a header.
 *
 * @param text The header, without the eight bytes of its length.
 * @param dataBytes The number of bytes that follow it in the file.
 * @param source The file, for the errors.
 * @throws {SyntaxError} If the header is not as the format demands, or does not fit the data.
 */
export function parseSafetensorsHeader(
  text: string,
  dataBytes: number,
  source: string,
): SafetensorsHeader {
  checkSpelling(text, source);
  const { __metadata__: metadata = {}, ...tensors } = parseJson(text, source) as {
    readonly __metadata__?: Readonly<Record<string, string>>;
  };
  if (typeof metadata !== "object" || Array.isArray(metadata)) {
    throw contentError(source, "no object of metadata", "one");
  }
  for (const name of [...Object.keys(metadata), ...Object.keys(tensors)]) {
    const problem = nameProblem(name);
    if (problem !== null) {
      throw contentError(source, `${problem} in the header`, "a printable name");
    }
  }
  for (const [name, value] of Object.entries(metadata)) {
    v.checkContent(metadataSchema, value, source, `metadata ${quoted(name)}`);
  }
  const entries = Object.entries(tensors)
    .map(([name, value]) => checkedEntry(name, value, dataBytes, source))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  checkCoverage(entries, dataBytes, source);
  return { metadata, entries };
}

/**
 * Makes the checks that `JSON.parse` does not make. No key may occur twice, numbers must be digits alone,
 * and the text may not have more levels or keys than a header has.
 */
function checkSpelling(text: string, source: string): void {
  // The keys of every object that is open, and `null` for every list that is open.
  const open: (Set<string> | null)[] = [];
  const colon = /\s*:/y;
  let begin = 0;
  const fail = (found: string, need: string): never => {
    throw contentError(source, `${found} at character ${begin} of the header`, need);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    begin = at;
    if (at === 0 && character !== "{") fail(quoted(character), 'a header that begins with "{"');
    if (character === "{" || character === "[") {
      if (open.push(character === "{" ? new Set() : null) > 3) {
        fail(quoted(character), "a text or a whole number");
      }
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      colon.lastIndex = at + 1;
      const keys = open.at(-1);
      if (!keys || !colon.test(text)) continue;
      const key = parseJson(text.slice(begin, at + 1), source) as string;
      if (keys.has(key)) fail(`the key ${quoted(key)} again`, "every key once");
      if (keys.size === maximumKeys) fail("one key too many", `at most ${maximumKeys} an object`);
      keys.add(key);
    } else if (!":, \n\r\t0123456789".includes(character)) {
      fail(quoted(character), "JSON of objects, lists, texts and whole numbers");
    }
  }
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = (cause as Error).message.replaceAll(/\p{Cc}/gu, " ");
    throw contentError(source, `a header that is not JSON (${reason})`, "JSON", cause);
  }
}

function checkedEntry(
  name: string,
  value: unknown,
  dataBytes: number,
  source: string,
): TensorEntry {
  const what = `tensor ${quoted(name)}`;
  const { dtype, shape, data_offsets } = v.checkContent(entrySchema, value, source, what);
  const [start, end] = data_offsets;
  if (end < start || end > dataBytes) {
    throw contentError(
      source,
      `data_offsets ${start} to ${end} of ${what}`,
      `an ascending pair up to ${dataBytes}`,
    );
  }
  const count = elementCount(shape);
  if (count === null || count * itemBytes(dtype) !== end - start) {
    const bytes = count === null ? "more than 2^53" : count * itemBytes(dtype);
    throw contentError(
      source,
      `${end - start} bytes of ${what}`,
      `${bytes} for ${dtype} of shape [${shape.join(", ")}]`,
    );
  }
  return { name, dtype, shape, start, end };
}

/** Checks that the tensors lie one after the other and reach to the end of the file. */
function checkCoverage(entries: readonly TensorEntry[], dataBytes: number, source: string): void {
  let covered = 0;
  let before = "the header";
  for (const { name, start, end } of entries) {
    if (start !== covered) {
      throw contentError(
        source,
        `tensor ${quoted(name)} at byte ${start} of the data`,
        `${covered}, where ${before} ends, with neither hole nor overlap`,
      );
    }
    covered = end;
    before = `tensor ${quoted(name)}`;
  }
  if (covered !== dataBytes) {
    throw contentError(source, `${dataBytes} bytes of data`, `${covered}, where ${before} ends`);
  }
}
