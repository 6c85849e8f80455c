/**
 * The MAT format of MATLAB, version 5 ("MAT-file format", The MathWorks,
 * https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf): a header of 128 bytes, then elements.
 * Each element has a tag, and may be compressed. Matrices of numbers are read. Of other variables only the
 * names are known.
 *
 * @module
 */
import { quoted } from "../../../messages.ts";
import { node } from "../../../node.ts";
import { bytesOfType, type OtherArray } from "./as_npy.ts";

/** A variable of a file: a matrix of numbers, or the reason why it cannot be read as one. */
export type MatVariable = MatMatrix | { readonly name: string; readonly refused: string };

/** A matrix of numbers. */
export interface MatMatrix extends OtherArray {
  /** The variable's name. */
  readonly name: string;
  /** The bytes of its elements. */
  readonly elements: Uint8Array;
}

/** The types of numbers, by their code. */
const NUMBERS: Readonly<Record<number, string>> = {
  1: "i1",
  2: "u1",
  3: "i2",
  4: "u2",
  5: "i4",
  6: "u4",
  7: "f4",
  9: "f8",
  12: "i8",
  13: "u8",
};
const [INT8, INT32, UINT32, MATRIX, COMPRESSED] = [1, 5, 6, 14, 15];

/** The classes of variables that are not matrices of numbers, by their code. */
const OTHERS: Readonly<Record<number, string>> = {
  1: "a cell array",
  2: "a structure",
  3: "an object",
  4: "text",
  5: "a sparse matrix",
  16: "a function",
  17: "an object",
};

/** The bytes of the header. */
const HEADER = 128;

/** An upper bound of the compression ratio. */
const MOST_PACKED = 1100;

/** An element: its type, and its data. */
interface Element {
  readonly type: number;
  readonly data: Uint8Array;
}

/** The elements of a file or of a matrix, one after the other. */
interface Elements {
  /** The next element; `null` at the end. */
  next(): Element | null;
  /** The data of the next element. Refuses an element of another type. */
  take(type: number): Uint8Array;
}

function elementsOf(bytes: Uint8Array, little: boolean, where: string): Elements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const next = (): Element | null => {
    const left = bytes.length - at;
    if (left === 0) return null;
    if (left < 8) throw cutShort(where);
    const word = view.getUint32(at, little);
    // A small element has its length in the upper half of the first word, and its data in the second.
    const isSmall = word > 0xffff;
    const length = isSmall ? word >>> 16 : view.getUint32(at + 4, little);
    const type = isSmall ? word & 0xffff : word;
    const start = at + (isSmall ? 4 : 8);
    if (length > (isSmall ? 4 : bytes.length - start)) throw cutShort(where);
    // Elements begin at multiples of eight bytes, except those after compressed ones.
    const end = type === COMPRESSED ? start + length : start + Math.ceil(length / 8) * 8;
    at = isSmall ? at + 8 : Math.min(end, bytes.length);
    return { type, data: bytes.subarray(start, start + length) };
  };
  return {
    next,
    take(type) {
      const element = next();
      if (element?.type === type) return element.data;
      const found = element === null ? "the end of a matrix" : `an element of type ${element.type}`;
      throw new SyntaxError(`${where}: found ${found}, need one of type ${type}`);
    },
  };
}

/**
 * Finds the variables of a MAT file of version 5. Elements share the memory of the file, unless they were
 * compressed.
 *
 * @param where The beginning of a message, such as `Cannot read "X.mat"`.
 * @throws {SyntaxError} If the bytes are not a whole MAT file of version 5.
 */
export function matVariables(bytes: Uint8Array, where: string): MatVariable[] {
  const order = bytes.length < HEADER ? "" : String.fromCharCode(bytes[126], bytes[127]);
  if (order !== "IM" && order !== "MI") {
    throw new SyntaxError(`${where}: found other data, need a MAT file of version 5`);
  }
  const little = order === "IM";
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint16(124, little);
  if (version !== 0x0100) {
    const found = version === 0x0200
      ? "version 7.3"
      : `version ${quoted(`0x${version.toString(16)}`)}`;
    throw new SyntaxError(
      `${where}: found ${found} of the format, need version 5: save it in MATLAB with -v7, or in ` +
        "Python with scipy.io.savemat",
    );
  }
  const elements = elementsOf(bytes.subarray(HEADER), little, where);
  const variables: MatVariable[] = [];
  for (let element = elements.next(); element !== null; element = elements.next()) {
    const packed = element.type === COMPRESSED ? inflate(element.data, where) : null;
    const matrix = packed === null ? element : elementsOf(packed, little, where).next();
    if (matrix?.type !== MATRIX) continue;
    variables.push(variableOf(matrix.data, little, where));
  }
  return variables;
}

function inflate(data: Uint8Array, where: string): Uint8Array {
  try {
    return node.zlib.inflateSync(data, { maxOutputLength: MOST_PACKED * data.length + HEADER });
  } catch (cause) {
    throw new SyntaxError(`${where}: found corrupt compressed data, need them intact`, { cause });
  }
}

function variableOf(data: Uint8Array, little: boolean, where: string): MatVariable {
  const elements = elementsOf(data, little, where);
  const flags = elements.take(UINT32);
  // An opaque object has its name first, and no axes.
  if (flags.length < 8) throw cutShort(where);
  const word = new DataView(flags.buffer, flags.byteOffset).getUint32(0, little);
  const kind = word & 0xff;
  if (kind === 17) return { name: "", refused: OTHERS[kind] };
  const axes = elements.take(INT32);
  const view = new DataView(axes.buffer, axes.byteOffset, axes.byteLength);
  const shape = Array.from(
    { length: axes.length >> 2 },
    (_, axis) => view.getInt32(4 * axis, little),
  );
  const name = new TextDecoder().decode(elements.take(INT8));
  if (kind in OTHERS) return { name, refused: OTHERS[kind] };
  const isComplex = (word & 0x0800) !== 0;
  if (isComplex) return { name, refused: "a matrix of complex numbers" };
  const numbers = elements.next();
  const type = NUMBERS[numbers?.type ?? 0];
  const size = shape.reduce((product, length) => product * length, 1);
  if (numbers === null || type === undefined || shape.some((length) => length < 0)) {
    throw new SyntaxError(`${where}, variable ${quoted(name)}: found no numbers, need a matrix`);
  }
  const wanted = size * bytesOfType(`<${type}`);
  if (numbers.data.length !== wanted) {
    throw new SyntaxError(
      `${where}, variable ${quoted(name)}: found ${numbers.data.length} bytes of elements, need ` +
        `${wanted} for ${shape.join(" × ")} elements`,
    );
  }
  return {
    name,
    type: `${little ? "<" : ">"}${type}`,
    shape,
    fortranOrder: true,
    elements: numbers.data,
  };
}

function cutShort(where: string): SyntaxError {
  return new SyntaxError(`${where}: found the end of the data within an element, need all of it`);
}
