/**
 * A digest of the content of a safetensors file, stored in its metadata. The format has no checksum, and a
 * weight with a flipped bit looks like any other weight. The digest detects damage. It does not prove who
 * wrote the file.
 *
 * @module
 */
import { contentError } from "../messages.ts";
import { isNodeThere, node } from "../node.ts";
import type { Safetensors, Tensor } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

/** The metadata's name for the digest. */
const key = "sha256";

/**
 * Adds the digest of tensors and metadata to the metadata. Call it before the file is encoded.
 *
 * @param tensors Tensors by name, in any order.
 * @param metadata Free text by name, without `sha256`.
 * @returns The metadata with `sha256`, 64 hexadecimal digits.
 *
 * @example Usage
 * ```ts
 * import { addContentDigest, checkContentDigest } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const bias = { dtype: "F32", shape: [2], data: Float32Array.of(0, 0.5) } as const;
 * const tensors = new Map([["bias", bias]]);
 * const metadata = addContentDigest(tensors, { format: "example" });
 * checkContentDigest({ tensors, metadata }, "model.safetensors");
 *
 * bias.data[1] = 0.25;
 * assert.throws(
 *   () => checkContentDigest({ tensors, metadata }, "model.safetensors"),
 *   /Cannot read "model.safetensors": found content with SHA-256/,
 * );
 * ```
 */
export function addContentDigest(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...metadata, [key]: digest(tensors, metadata) };
}

/**
 * Checks the content of a file against the digest that {@linkcode addContentDigest} added.
 *
 * @param file The decoded file.
 * @param source Its path, for the errors.
 * @throws {SyntaxError} If the digest is missing or belongs to another content.
 */
export function checkContentDigest(file: Safetensors, source: string): void {
  const written = Object.hasOwn(file.metadata, key) ? file.metadata[key] : undefined;
  if (written === undefined) {
    throw contentError(source, `no "${key}" in the metadata`, "the digest of the content");
  }
  const found = digest(file.tensors, file.metadata);
  if (found !== written) {
    throw contentError(
      source,
      `content with SHA-256 ${found}`,
      `${JSON.stringify(written.slice(0, 64))}: the file is damaged or was changed`,
    );
  }
}

function digest(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  const hash = isNodeThere() ? node.crypto.createHash("sha256") : sha256();
  const names = [...tensors.keys()].sort();
  // Parts without a fixed length are written as JSON, so that two contents never give the same bytes.
  hash.update(JSON.stringify([
    Object.entries(metadata).filter(([name]) => name !== key).sort(([a], [b]) => a < b ? -1 : 1),
    names.map((name) => [name, tensors.get(name)!.dtype, tensors.get(name)!.shape]),
  ]));
  for (const name of names) {
    const { data: { buffer, byteOffset, byteLength } } = tensors.get(name)!;
    for (let offset = 0; offset < byteLength; offset += 2 ** 20) {
      const length = Math.min(2 ** 20, byteLength - offset);
      const bytes = new Uint8Array(buffer, byteOffset + offset, length);
      // The hash function does not accept shared memory.
      hash.update(buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes));
    }
  }
  return hash.digest("hex");
}
