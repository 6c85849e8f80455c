/**
 * Writes the part of the Protocol Buffers wire format that an ONNX file needs. A message is a list of
 * pieces of bytes, so that large arrays are copied only once, when the file is joined.
 *
 * Protocol Buffers, "Encoding", https://protobuf.dev/programming-guides/encoding/.
 *
 * @module
 */

/** A message, or a part of one: pieces of bytes that follow each other. */
export type Message = readonly Uint8Array[];

/** The kinds of values after a field's tag. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();

/** A field of an integer from −2⁶³ to 2⁶³ − 1. Negative integers take ten bytes. */
export function integerField(field: number, value: number | bigint): Message {
  return [Uint8Array.of(...varint(tag(field, VARINT)), ...varint(BigInt(value)))];
}

/** A field of a 32-bit float. */
export function floatField(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [Uint8Array.of(...varint(tag(field, FIXED32)), ...bytes)];
}

/** A field of a 64-bit float. */
export function doubleField(field: number, value: number): Message {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [Uint8Array.of(...varint(tag(field, FIXED64)), ...bytes)];
}

/** A field of bytes. They are not copied. */
export function bytesField(field: number, bytes: Uint8Array): Message {
  return messageField(field, [bytes]);
}

/** A field of a text, in UTF-8. */
export function textField(field: number, text: string): Message {
  return bytesField(field, encoder.encode(text));
}

/** A field of a message within a message. */
export function messageField(field: number, parts: Message): Message {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [...varint(tag(field, LENGTH_DELIMITED)), ...varint(BigInt(length))];
  return [Uint8Array.from(head), ...parts];
}

/** A field of many integers, one after the other ("packed"). */
export function packedIntegersField(field: number, values: readonly (number | bigint)[]): Message {
  return bytesField(field, Uint8Array.from(values.flatMap((value) => varint(BigInt(value)))));
}

/** A message as the bytes of a file. */
export function messageBytes(message: Message): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(message.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of message) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

function tag(field: number, kind: number): bigint {
  return BigInt(field * 8 + kind);
}

/** Seven bits per byte, the lowest first. The eighth bit marks that more bytes follow. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}
