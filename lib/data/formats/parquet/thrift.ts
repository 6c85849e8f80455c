/**
 * Reads Thrift's compact protocol, in which Parquet writes its headers. It reads just enough to check that
 * a struct is whole and claims no more than its bytes can hold (Apache Thrift, "Thrift Compact protocol
 * encoding", https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
 *
 * @module
 */

const STOP = 0;
/** The type of a field that is true. */
export const TRUE = 1;
/** The type of a field that is false. */
export const FALSE = 2;
const BYTE = 3;
const I16 = 4;
/** The type of a whole number of 32 bits. */
export const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
/** The type of a struct. */
export const STRUCT = 12;

/** The largest number of bytes of a 64-bit number: seven bits per byte. */
const MOST_BYTES = 10;
/** The largest depth of nested structs and lists. Parquet nests a few. */
const MOST_LEVELS = 64;

/** A place in the bytes of a struct. */
export interface ThriftPlace {
  readonly bytes: Uint8Array;
  /** The index of the next byte. */
  at: number;
}

/**
 * Reads the fields of a struct, and moves the place behind the struct.
 *
 * @param level The number of structs around this one.
 * @param take Reads a field and returns `true`, or returns `false`: then the field is skipped.
 * @throws {Error} If the bytes are not a whole struct.
 */
export function readStruct(
  place: ThriftPlace,
  level: number,
  take: (field: number, type: number) => boolean,
): void {
  if (level > MOST_LEVELS) throw new Error(`thrift structs of more than ${MOST_LEVELS} levels`);
  let field = 0;
  for (;;) {
    const head = byteOf(place);
    const type = head & 0x0f;
    if (type === STOP) return;
    field = head >> 4 === 0 ? readNumber(place) : field + (head >> 4);
    if (!take(field, type)) skipElement(place, type, level);
  }
}

/** Moves the place behind a struct. */
export function skipStruct(place: ThriftPlace, level = 0): void {
  readStruct(place, level, () => false);
}

/** Reads an integer of up to 64 bits. A number beyond ±2⁵³ is not exact. */
export function readNumber(place: ThriftPlace): number {
  const zigzag = readVarint(place);
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

/**
 * Reads a non-negative integer of up to 64 bits, with seven bits per byte.
 *
 * @throws {Error} If the number has no end.
 */
export function readVarint(place: ThriftPlace): number {
  let number = 0;
  let factor = 1;
  for (let k = 0; k < MOST_BYTES; k++) {
    const byte = byteOf(place);
    number += (byte & 0x7f) * factor;
    if (byte < 0x80) return number;
    factor *= 0x80;
  }
  throw new Error(`thrift number of more than ${MOST_BYTES} bytes`);
}

function skipElement(place: ThriftPlace, type: number, level: number): void {
  switch (type) {
    case TRUE:
    case FALSE:
      return;
    case BYTE:
      return skipBytes(place, 1);
    case I16:
    case I32:
    case I64:
      readVarint(place);
      return;
    case DOUBLE:
      return skipBytes(place, 8);
    case BINARY:
      return skipBytes(place, readVarint(place));
    case LIST: {
      const head = byteOf(place);
      const count = head >> 4 === 15 ? readVarint(place) : head >> 4;
      if (level > MOST_LEVELS) throw new Error(`thrift lists of more than ${MOST_LEVELS} levels`);
      // An element has at least one byte.
      requireBytes(place, count);
      const own = head & 0x0f;
      const element = own === TRUE || own === FALSE ? BYTE : own;
      for (let k = 0; k < count; k++) skipElement(place, element, level + 1);
      return;
    }
    case STRUCT:
      return skipStruct(place, level + 1);
    default:
      throw new Error(`thrift field of the unknown type ${type}`);
  }
}

function skipBytes(place: ThriftPlace, count: number): void {
  requireBytes(place, count);
  place.at += count;
}

function requireBytes({ bytes, at }: ThriftPlace, count: number): void {
  if (at + count > bytes.length) {
    throw new Error(`thrift field of ${count} bytes where ${bytes.length - at} are left`);
  }
}

function byteOf(place: ThriftPlace): number {
  if (place.at >= place.bytes.length) throw new Error("thrift struct without an end");
  return place.bytes[place.at++];
}
