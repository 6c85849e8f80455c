/**
 * Reads the arrays of NumPy's NPY format, piece by piece. Elements may be booleans, integers up to 64 bits,
 * floats up to 64 bits, or text, in any order of axes and bytes.
 *
 * @module
 */
import { type NpyHeader, npyHeader } from "./npy_header.ts";

/** The bytes of an array, wherever they come from. */
export interface NpySource {
  /** The beginning of a message, such as `Cannot read "X.npy"`. */
  readonly where: string;
  /** The number of bytes, header included. */
  readonly bytes: number;
  /** Returns the bytes. Every call begins at the first byte. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Reads an array's header, and no pieces after it. */
export async function readNpyHeader(source: NpySource): Promise<NpyHeader> {
  let head = new Uint8Array(0);
  for await (const piece of source.pieces()) {
    head = joined([head, piece]);
    const header = npyHeader(head, source.where);
    if (header !== null) return checkLength(header, source);
  }
  throw cutShort(source.where);
}

/** Refuses a header that claims another number of bytes than the array has. Memory is taken later. */
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
 * @param each Receives a run of elements in the file's order, and the place of the first.
 */
export async function readNpyNumbers(
  source: NpySource,
  header: NpyHeader,
  each: (values: Float64Array, first: number) => void,
): Promise<void> {
  for await (const { values, first } of npyNumbers(source, header)) each(values, first);
}

/**
 * Yields the elements of an array as numbers. Each run is in the file's order, with the place of its first
 * element.
 */
export async function* npyNumbers(
  source: NpySource,
  header: NpyHeader,
): AsyncGenerator<{ values: Float64Array; first: number }> {
  for await (const { bytes, first } of readElements(source, header)) {
    const elements = numbersIn(bytes, header);
    yield { values: elements instanceof Float64Array ? elements : doubles(elements), first };
  }
}

/**
 * Reads an array's elements as texts: `3`, `0.5`, `True`, or a text element itself.
 *
 * @param each Receives every element in the file's order, and its place.
 */
export async function readNpyTexts(
  source: NpySource,
  header: NpyHeader,
  each: (text: string, place: number) => void,
): Promise<void> {
  for await (const { texts, first } of npyTexts(source, header)) {
    for (let k = 0; k < texts.length; k++) each(texts[k], first + k);
  }
}

/**
 * Yields the elements of an array as texts. Each run is in the file's order, with the place of its first
 * element.
 */
export async function* npyTexts(
  source: NpySource,
  header: NpyHeader,
): AsyncGenerator<{ texts: string[]; first: number }> {
  for await (const { bytes, first } of readElements(source, header)) {
    const texts: string[] = [];
    if (header.kind === "U" || header.kind === "S") {
      const { elementBytes } = header;
      for (let k = 0; k < bytes.length / elementBytes; k++) {
        texts.push(textIn(bytes.subarray(k * elementBytes, (k + 1) * elementBytes), header));
      }
    } else {
      numbersIn(bytes, header).forEach((value: number | bigint) => {
        texts.push(header.kind === "b" ? (value === 0 ? "False" : "True") : `${value}`);
      });
    }
    yield { texts, first };
  }
}

/**
 * Joins pieces of any length into runs of whole elements, each with the place of its first element. Every
 * run is a new array that the receiver may keep. Its numbers are aligned.
 */
async function* readElements(
  source: NpySource,
  { start, elementBytes, size }: NpyHeader,
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; first: number }> {
  let skip = start;
  let first = 0;
  // An element may be longer than a piece. Its pieces are joined once, after the last of them arrives.
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source.pieces()) {
    const part = piece.slice(skip);
    skip = Math.max(0, skip - piece.length);
    waiting.push(part);
    length += part.length;
    if (length < elementBytes) continue;
    const bytes = joined(waiting);
    const count = Math.min(Math.floor(bytes.length / elementBytes), size - first);
    if (count > 0) yield { bytes: bytes.subarray(0, count * elementBytes), first };
    first += count;
    waiting = [bytes.subarray(count * elementBytes)];
    length = waiting[0].length;
  }
  if (first < size) throw cutShort(source.where);
}

const NUMBER_TYPES = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  // It is read from `globalThis`, because Node 22 and older browsers lack it. Only 16-bit floats need it.
  f2: globalThis.Float16Array,
  f4: Float32Array,
  f8: Float64Array,
};

type Numbers = InstanceType<typeof NUMBER_TYPES[keyof typeof NUMBER_TYPES]>;

const NATIVE_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Converts elements to numbers. Their bytes are put into this machine's order, in place. */
function numbersIn(
  bytes: Uint8Array<ArrayBuffer>,
  { kind, elementBytes, littleEndian }: NpyHeader,
): Numbers {
  if (littleEndian !== NATIVE_IS_LITTLE) {
    for (let start = 0; start < bytes.length; start += elementBytes) {
      for (let left = start, right = start + elementBytes - 1; left < right; left++, right--) {
        [bytes[left], bytes[right]] = [bytes[right], bytes[left]];
      }
    }
  }
  if (kind === "b") return bytes.map((byte) => byte === 0 ? 0 : 1);
  const Elements = NUMBER_TYPES[`${kind}${elementBytes}` as keyof typeof NUMBER_TYPES];
  return new Elements(bytes.buffer, bytes.byteOffset, bytes.length / elementBytes);
}

function doubles(elements: Exclude<Numbers, Float64Array>): Float64Array {
  if (!(elements instanceof BigInt64Array || elements instanceof BigUint64Array)) {
    return new Float64Array(elements);
  }
  const values = new Float64Array(elements.length);
  for (let k = 0; k < values.length; k++) values[k] = Number(elements[k]);
  return values;
}

/** Converts an element to text. The zeros at the end of a short text are removed. */
function textIn(bytes: Uint8Array, { kind, littleEndian }: NpyHeader): string {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  if (kind === "S") return new TextDecoder().decode(bytes.subarray(0, end));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let at = 0; at < end; at += 4) {
    const point = view.getUint32(at, littleEndian);
    text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  }
  return text;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let length = 0;
  for (const part of parts) {
    bytes.set(part, length);
    length += part.length;
  }
  return bytes;
}

function cutShort(where: string): SyntaxError {
  return new SyntaxError(`${where}: found the end of the data within the array, need all of it`);
}
