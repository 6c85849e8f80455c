import { quoted } from "../../../messages.ts";
import { MAX_CELL_LENGTH } from "../../table/mod.ts";

/** The header of an array. */
export interface NpyHeader {
  /** The kind of element: boolean, signed, unsigned, float, text by code point, text by byte. */
  readonly kind: "b" | "i" | "u" | "f" | "U" | "S";
  /** Bytes of an element. */
  readonly elementBytes: number;
  /** `true` if the first byte of a number is the least significant one. */
  readonly littleEndian: boolean;
  /** `true` if elements are stored column after column. */
  readonly fortranOrder: boolean;
  /** The lengths of the axes. */
  readonly shape: readonly number[];
  /** The number of elements. */
  readonly size: number;
  /** The place of the first element. */
  readonly start: number;
}

/** A longer header means a broken file. NumPy itself stops at 10,000 letters. */
const MAX_HEADER_BYTES = 2 ** 20;

/** The most axes that a NumPy array has. */
const MAX_AXES = 64;

/**
 * Parses the header of an NPY file (versions 1 to 3). Returns `null` if `bytes` do not hold all of it.
 *
 * @param where The beginning of a message, such as `Cannot read "X.npy"`.
 * @throws {SyntaxError} If the bytes are not an NPY file.
 * @throws {TypeError} If the elements are neither numbers nor text.
 * @throws {RangeError} If the text elements are too long.
 */
export function npyHeader(bytes: Uint8Array, where: string): NpyHeader | null {
  const magic = [0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0))];
  for (let k = 0; k < Math.min(bytes.length, magic.length); k++) {
    if (bytes[k] !== magic[k]) {
      throw new SyntaxError(`${where}: found other data, need an array as NumPy saves it (NPY)`);
    }
  }
  if (bytes.length < 12) return null;
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw new SyntaxError(`${where}: found version ${version} of the format, need 1 to 3`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) {
    throw new SyntaxError(`${where}: found a header of ${length} bytes, need a shorter one`);
  }
  if (bytes.length < first + length) return null;
  const text = new TextDecoder().decode(bytes.subarray(first, first + length));
  return parseHeader(text, first + length, where);
}

function parseHeader(text: string, start: number, where: string): NpyHeader {
  const descr = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const axes = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || axes === undefined) {
    throw new SyntaxError(`${where}: found the header ${quoted(text.trim())}, need NumPy's`);
  }
  if (descr[3] !== undefined) {
    throw new TypeError(
      `${where}: found an array of records, need one of numbers or text: save its columns in a ` +
        `plain array, or the table as CSV or Parquet`,
    );
  }
  const shape = axes.split(",").map((axis) => axis.trim().replace(/L$/, "")).filter((axis) =>
    axis !== ""
  );
  if (shape.length > MAX_AXES) {
    throw new SyntaxError(`${where}: found ${shape.length} axes, need two: rows × columns`);
  }
  const lengths = shape.map(Number);
  const size = lengths.reduce((product, length) => product * length, 1);
  if (!shape.every((axis) => /^\d+$/.test(axis)) || !Number.isSafeInteger(size)) {
    throw new SyntaxError(
      `${where}: found the shape ${quoted(`(${axes.trim()})`)}, need whole numbers from 0`,
    );
  }
  return {
    ...parseType(descr[1] ?? descr[2], where),
    fortranOrder: order === "True",
    shape: lengths,
    size,
    start,
  };
}

const SIZES: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
};

const REFUSED: Readonly<Record<string, string>> = {
  O: "Python objects, which only Python can read: convert them first, as in y.astype(str)",
  c: "complex numbers",
  M: "dates",
  m: "durations",
  V: "raw bytes",
  f: "long doubles",
};

function parseType(
  descr: string,
  where: string,
): Pick<NpyHeader, "kind" | "elementBytes" | "littleEndian"> {
  const mostLetters = MAX_CELL_LENGTH / 4;
  const found = /^([<>|=]?)([a-zA-Z])(\d*)/.exec(descr);
  const [, order, kind, digits] = found ?? ["", "", "", ""];
  const count = Number(digits);
  const littleEndian = order !== ">";
  if (["U", "S", "a"].includes(kind) && count > mostLetters) {
    throw new RangeError(
      `${where}: found texts of ${count} letters, need at most ${mostLetters} letters each`,
    );
  }
  if (kind === "U" && count > 0) return { kind, elementBytes: 4 * count, littleEndian };
  if ((kind === "S" || kind === "a") && count > 0) {
    return { kind: "S", elementBytes: count, littleEndian };
  }
  if (SIZES[kind]?.includes(count)) {
    return { kind: kind as NpyHeader["kind"], elementBytes: count, littleEndian };
  }
  throw new TypeError(
    `${where}: found elements of type ${quoted(descr)}` +
      `${kind in REFUSED ? ` (${REFUSED[kind]})` : ""}, need numbers, booleans or text`,
  );
}
