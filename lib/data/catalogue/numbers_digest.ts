import { node } from "../../node.ts";
import type { Dataset } from "../table/mod.ts";

/**
 * A digest of what a table says, however it is written: SHA-256 of rows and columns (32-bit each), all
 * features (32-bit floats, row after row), all labels (32-bit), little-endian.
 */
export function numbersDigest({ features, labels, rows, columns }: Dataset): string {
  const hash = node.crypto.createHash("sha256");
  const bytes = (array: Float32Array | Int32Array) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return hash.update(bytes(Int32Array.of(rows, columns))).update(bytes(features))
    .update(bytes(labels)).digest("hex");
}
