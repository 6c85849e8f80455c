/**
 * Texts with one character per byte (ISO 8859-1), so that indices in the text equal indices in the bytes.
 *
 * @module
 */
import { isNodeThere, node } from "../../node.ts";

/** The number of letters that are made at a time. The number of a function's arguments is limited. */
const AT_A_TIME = 8192;

/** Converts bytes to a text with one letter per byte. */
export function latin1Text(bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = bytes;
  if (isNodeThere()) return node.buffer.Buffer.from(buffer, byteOffset, length).toString("latin1");
  // On the web, "latin1" is Windows-1252, which has other letters for some bytes from 0x80 to 0x9f.
  const text = new TextDecoder("latin1").decode(bytes);
  return /[^\0-\xff]/.test(text) ? letterByLetter(bytes) : text;
}

/** Does the same as {@linkcode latin1Text}, but more slowly. */
export function letterByLetter(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += AT_A_TIME) {
    text += String.fromCharCode(...bytes.subarray(from, from + AT_A_TIME));
  }
  return text;
}

/** Converts a text with one letter per byte back to its bytes. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
