/**
 * Reads the arrays of NumPy's NPY format, piece by piece: any order of axes and bytes, booleans,
 * integers up to 64 bits, floats up to 64 bits, and text.
 *
 * @module
 */
import { type NpyHeader, npyHeader } from "./npy_header.ts";

/** The bytes of an array, wherever they come from. */
export interface NpySource {
  /** The beginning of a message, such as `Cannot read "X.npy"`. */
  readonly where: string;
  /** How many bytes there are, header included. */
  readonly bytes: number;
  /** The bytes. Every call begins at the first. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Reads an array's header, and no more of its bytes than that takes. */
export async function readNpyHeader(source: NpySource): Promise<NpyHeader> {
  let head: Uint8Array = new Uint8Array(0);
  for await (const piece of source.pieces()) {
    head = joined(head, piece);
    const header = npyHeader(head, source.where);
    if (header !== null) return checkLength(header, source);
  }
  throw cutShort(source.where);
}

/** The header says how many bytes there must be: what it claims is not allocated on trust. */
function checkLength(header: NpyHeader, { where, bytes }: NpySource): NpyHeader {
  const { start, size, elementBytes, shape } = header;
  if (start + size * elementBytes === bytes) return header;
  throw new SyntaxError(
    `${where}: found ${bytes - start} bytes of elements, need ${size * elementBytes} for ` +
      `${shape.join(" × ")} elements of ${elementBytes} bytes`,
  );
}

/**
 * Reads an array's elements as numbers.
 *
 * @param each Gets a run of elements, in the file's order, and the place of the first.
 */
export function readNpyNumbers(
  source: NpySource,
  header: NpyHeader,
  each: (values: Float64Array, first: number) => void,
): Promise<void> {
  let values = new Float64Array(0);
  return readElements(source, header, (view, count, first) => {
    if (values.length < count) values = new Float64Array(count);
    decodeNumbers(view, header, count, values);
    each(values.subarray(0, count), first);
  });
}

/**
 * Reads an array's elements as the text that stands for them: `3`, `0.5`, `True`, or text itself.
 *
 * @param each Gets every element, in the file's order, and its place.
 */
export function readNpyTexts(
  source: NpySource,
  header: NpyHeader,
  each: (text: string, place: number) => void,
): Promise<void> {
  return readElements(source, header, (view, count, first) => {
    for (let k = 0; k < count; k++) {
      each(elementText(view, k * header.elementBytes, header), first + k);
    }
  });
}

/** Hands on whole elements, though pieces end anywhere. */
async function readElements(
  source: NpySource,
  { start, elementBytes, size }: NpyHeader,
  each: (view: DataView, count: number, first: number) => void,
): Promise<void> {
  let skip = start;
  let rest: Uint8Array = new Uint8Array(0);
  let first = 0;
  for await (let piece of source.pieces()) {
    if (skip > 0) {
      const skipped = Math.min(skip, piece.length);
      piece = piece.subarray(skipped);
      skip -= skipped;
    }
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    const count = Math.min(Math.floor(bytes.length / elementBytes), size - first);
    if (count > 0) {
      each(new DataView(bytes.buffer, bytes.byteOffset, count * elementBytes), count, first);
    }
    first += count;
    // A copy: the piece may be reused.
    rest = bytes.slice(count * elementBytes);
  }
  if (first < size) throw cutShort(source.where);
}

function decodeNumbers(
  view: DataView,
  { kind, elementBytes, littleEndian }: NpyHeader,
  count: number,
  values: Float64Array,
): void {
  switch (`${kind}${elementBytes}`) {
    case "b1":
      for (let k = 0; k < count; k++) values[k] = view.getUint8(k) === 0 ? 0 : 1;
      return;
    case "i1":
      for (let k = 0; k < count; k++) values[k] = view.getInt8(k);
      return;
    case "u1":
      for (let k = 0; k < count; k++) values[k] = view.getUint8(k);
      return;
    case "i2":
      for (let k = 0; k < count; k++) values[k] = view.getInt16(2 * k, littleEndian);
      return;
    case "u2":
      for (let k = 0; k < count; k++) values[k] = view.getUint16(2 * k, littleEndian);
      return;
    case "i4":
      for (let k = 0; k < count; k++) values[k] = view.getInt32(4 * k, littleEndian);
      return;
    case "u4":
      for (let k = 0; k < count; k++) values[k] = view.getUint32(4 * k, littleEndian);
      return;
    case "i8":
      for (let k = 0; k < count; k++) values[k] = Number(view.getBigInt64(8 * k, littleEndian));
      return;
    case "u8":
      for (let k = 0; k < count; k++) values[k] = Number(view.getBigUint64(8 * k, littleEndian));
      return;
    case "f2":
      for (let k = 0; k < count; k++) values[k] = view.getFloat16(2 * k, littleEndian);
      return;
    case "f4":
      for (let k = 0; k < count; k++) values[k] = view.getFloat32(4 * k, littleEndian);
      return;
    default:
      for (let k = 0; k < count; k++) values[k] = view.getFloat64(8 * k, littleEndian);
  }
}

const one = new Float64Array(1);
const bytesToText = new TextDecoder("utf-8");

function elementText(view: DataView, at: number, header: NpyHeader): string {
  const { kind, elementBytes, littleEndian } = header;
  if (kind === "U") {
    let text = "";
    for (let k = at; k < at + elementBytes; k += 4) {
      const point = view.getUint32(k, littleEndian);
      text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
    }
    // Short texts are filled up with zeros.
    return text.replace(/\0+$/, "");
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, elementBytes);
  if (kind === "S") return bytesToText.decode(bytes).replace(/\0+$/, "");
  if (kind === "b") return bytes[0] === 0 ? "False" : "True";
  if (kind === "i" && elementBytes === 8) return `${view.getBigInt64(at, littleEndian)}`;
  if (kind === "u" && elementBytes === 8) return `${view.getBigUint64(at, littleEndian)}`;
  decodeNumbers(new DataView(view.buffer, view.byteOffset + at, elementBytes), header, 1, one);
  return `${one[0]}`;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

function cutShort(where: string): SyntaxError {
  return new SyntaxError(`${where}: found the end of the data within the array, need all of it`);
}
