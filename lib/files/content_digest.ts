/**
 * A digest of what a safetensors file holds, kept in its metadata. The format has no checksum of its
 * own: a flipped bit in a weight is a weight like any other. The digest finds damage, of the disk or
 * on the way; it does not prove who wrote the file.
 *
 * @module
 */
import { node } from "../node.ts";
import type { Safetensors, Tensor } from "./safetensors.ts";

/** The metadata's name for the digest. */
const key = "sha256";

/**
 * Adds to the metadata of a file that is about to be encoded the digest of all it will hold.
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
 * Checks that a file holds what it held when {@linkcode addContentDigest} was called for it.
 *
 * @param file What was decoded.
 * @param source Where it comes from, for the errors.
 * @throws {SyntaxError} If the digest is missing or another one.
 *
 * @example Usage
 * ```ts
 * import { checkContentDigest } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => checkContentDigest({ tensors: new Map(), metadata: {} }, "model.safetensors"),
 *   /found no "sha256" in the metadata, need the digest of the content/,
 * );
 * ```
 */
export function checkContentDigest(file: Safetensors, source: string): void {
  const written = Object.hasOwn(file.metadata, key) ? file.metadata[key] : undefined;
  if (written === undefined) {
    throw new SyntaxError(
      `Cannot read "${source}": found no "${key}" in the metadata, need the digest of the content`,
    );
  }
  const found = digest(file.tensors, file.metadata);
  if (found !== written) {
    throw new SyntaxError(
      `Cannot read "${source}": found content with SHA-256 ${found}, need ` +
        `${JSON.stringify(written.slice(0, 64))}: the file is damaged or was changed`,
    );
  }
}

function digest(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  // Loaded when it is needed: an import would double the time that importing the library takes.
  const hash = node.crypto.createHash("sha256");
  const names = [...tensors.keys()].sort();
  // All that has no fixed length comes first and as JSON, so that no two contents read alike.
  hash.update(JSON.stringify([
    Object.entries(metadata).filter(([name]) => name !== key).sort(([a], [b]) => a < b ? -1 : 1),
    names.map((name) => [name, tensors.get(name)!.dtype, tensors.get(name)!.shape]),
  ]));
  for (const name of names) {
    const { data: { buffer, byteOffset, byteLength } } = tensors.get(name)!;
    for (let offset = 0; offset < byteLength; offset += 2 ** 20) {
      const length = Math.min(2 ** 20, byteLength - offset);
      const bytes = new Uint8Array(buffer, byteOffset + offset, length);
      // The hash takes no shared memory.
      hash.update(buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes));
    }
  }
  return hash.digest("hex");
}
