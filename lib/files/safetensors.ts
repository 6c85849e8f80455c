/**
 * Reads and writes the safetensors format: named arrays in one file, which Python, Rust and C++ also open.
 * A file has eight bytes with the header's length (little-endian), the header as JSON, and the arrays one
 * after the other.
 *
 * Format: https://huggingface.co/docs/safetensors/index#format
 *
 * @module
 */
import { contentError, plural, quoted, quotedPath } from "../messages.ts";
import { fileErrorReason } from "./file_error.ts";
import {
  constructors,
  type Dtype,
  elementCount,
  itemBytes,
  maximumDimensions,
  maximumHeaderBytes,
  nameProblem,
  parseSafetensorsHeader,
  type SafetensorsHeader,
} from "./safetensors_header.ts";

/** The typed array that holds each kind of numbers. */
export interface TensorArrays {
  /** 32-bit floats. */
  F32: Float32Array;
  /** 64-bit floats. */
  F64: Float64Array;
  /** 32-bit integers. */
  I32: Int32Array;
  /** 32-bit integers from 0. */
  U32: Uint32Array;
  /** 8-bit integers from 0. */
  U8: Uint8Array;
  /** 64-bit integers. */
  I64: BigInt64Array;
}

/** An array with a shape: `data` has as many numbers as the product of `shape`, row after row. */
export type Tensor = {
  [D in Dtype]: {
    /** The kind of its numbers. */
    readonly dtype: D;
    /** Its shape; `[]` for a single number. */
    readonly shape: readonly number[];
    /** Its numbers. */
    readonly data: TensorArrays[D];
  };
}[Dtype];

/** The content of a safetensors file. */
export interface Safetensors {
  /** Every tensor by its name, in the order of their bytes. */
  readonly tensors: Map<string, Tensor>;
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Encodes tensors. Equal tensors give equal bytes. The arrays are ordered by the size of their numbers, the
 * largest first, so that each is aligned, and then by name. The keys of the header are sorted. Spaces pad
 * the header to a multiple of eight bytes.
 *
 * @param tensors Tensors by name.
 * @param metadata Free text by name.
 * @returns The file in pieces, in order. The pieces after the first are views of the tensors' own
 * memory, so write them before the numbers change.
 * @throws {TypeError} If a name is empty, too long or not printable, or an array does not match its
 * dtype and shape.
 * @throws {RangeError} If the header would exceed 16 MiB.
 *
 * @example Usage
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 *
 * const bias = { dtype: "F32", shape: [3], data: Float32Array.of(0, 0.5, 1) } as const;
 * const pieces = encodeSafetensors({ bias }, { format: "example" });
 *
 * const { tensors, metadata } = decodeSafetensors(Buffer.concat(pieces), "an example");
 * assert.deepEqual(tensors.get("bias"), bias);
 * assert.equal(metadata.format, "example");
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const named: [string, Tensor][] = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  for (const [name, tensor] of named) checkTensor(name, tensor);
  const laidOut = named.toSorted(([a, one], [b, other]) =>
    itemBytes(other.dtype) - itemBytes(one.dtype) || byCodeUnits(a, b)
  );

  const entries: [name: string, json: string][] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of laidOut) {
    const end = offset + data.byteLength;
    entries.push([name, JSON.stringify({ dtype, shape, data_offsets: [offset, end] })]);
    offset = end;
  }
  entries.sort(([a], [b]) => byCodeUnits(a, b));
  if (Object.keys(metadata).length > 0) entries.unshift(["__metadata__", metadataJson(metadata)]);

  const text = `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
  const json = new TextEncoder().encode(text);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > maximumHeaderBytes) {
    throw new RangeError(
      `Cannot encode ${named.length} tensors: found a header of ${headerBytes} bytes, ` +
        `need at most ${maximumHeaderBytes}`,
    );
  }
  const header = new Uint8Array(8 + headerBytes).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(headerBytes), true);
  header.set(json, 8);
  return [
    header,
    ...laidOut.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

/**
 * Decodes a safetensors file and trusts nothing in it. Every length and offset is checked before it is
 * used. The tensors must cover the data without gap or overlap. No more memory is taken than the bytes
 * need.
 *
 * @param bytes The whole file. The tensors are views of it if it is aligned and not shared.
 * @param source The name of the bytes in the errors, such as a path.
 * @throws {SyntaxError} If the bytes are not such a file; the message says what was found and what is
 * needed.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const begin = 8 + headerLength(bytes, bytes.length, source);
  const header = parseHeader(bytes.subarray(8, begin), bytes.length - begin, source);
  return content(header, bytes.subarray(begin));
}

/** Options of {@linkcode readSafetensors}. */
export interface ReadSafetensorsOptions {
  /** The largest allowed size of the file in bytes. Left out: 4 GiB. */
  readonly maximumBytes?: number;
}

/**
 * Reads a safetensors file. Its header is checked against its size before memory is taken for it.
 *
 * @param path The file.
 * @throws {SyntaxError} If it is not a safetensors file.
 * @throws {RangeError} If the file is larger than allowed, or does not fit into memory.
 * @throws {Error} If it cannot be read; the message says why.
 *
 * @example Usage
 * ```ts
 * import {
 *   encodeSafetensors,
 *   readSafetensors,
 *   readSafetensorsHeader,
 *   writeFileAtomically,
 * } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/indices.safetensors`;
 * const indices = { dtype: "I32", shape: [2, 2], data: Int32Array.of(0, 3, 1, 2) } as const;
 * writeFileAtomically(path, encodeSafetensors({ indices }));
 * assert.deepEqual(readSafetensors(path).tensors.get("indices"), indices);
 * assert.deepEqual(readSafetensorsHeader(path).entries, [
 *   { name: "indices", dtype: "I32", shape: [2, 2], start: 0, end: 16 },
 * ]);
 * ```
 */
export function readSafetensors(path: string, options: ReadSafetensorsOptions = {}): Safetensors {
  const { maximumBytes = 2 ** 32 } = options;
  return withFile(path, (file, size) => {
    if (size > maximumBytes) {
      throw new RangeError(
        `Cannot read ${quotedPath(path)}: found ${size} bytes, need at most ${maximumBytes}`,
      );
    }
    const header = readHeader(file, size, path);
    let data: Uint8Array;
    try {
      data = new Uint8Array(size - file.seekSync(0, Deno.SeekMode.Current));
    } catch (cause) {
      throw new RangeError(
        `Cannot read ${quotedPath(path)}: found ${size} bytes, need a file that fits into memory`,
        { cause },
      );
    }
    readFully(file, data, path);
    return content(header, data);
  });
}

/**
 * Reads only the header of a safetensors file, and checks it against the file's size.
 *
 * @param path The file.
 * @throws {SyntaxError} If it is not a safetensors file.
 * @throws {Error} If it cannot be read; the message says why.
 */
export function readSafetensorsHeader(path: string): SafetensorsHeader {
  return withFile(path, (file, size) => readHeader(file, size, path));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  const problem = name === "__metadata__" ? `the reserved name "${name}"` : nameProblem(name);
  if (problem !== null) throw new TypeError(`Cannot encode a tensor: found ${problem}`);
  if (!Object.hasOwn(constructors, dtype) || !(data instanceof constructors[dtype])) {
    throw new TypeError(
      `Cannot encode tensor ${quoted(name)}: found ${data?.constructor?.name} as dtype ` +
        `"${dtype}", need ${constructors[dtype]?.name ?? Object.keys(constructors).join(", ")}`,
    );
  }
  const whole = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!whole || shape.length > maximumDimensions || elementCount(shape) !== data.length) {
    throw new TypeError(
      `Cannot encode tensor ${quoted(name)}: found ${data.length} numbers, ` +
        `need as many as shape [${shape.join(", ")}] says`,
    );
  }
}

function metadataJson(metadata: Readonly<Record<string, string>>): string {
  const pairs = Object.entries<unknown>(metadata).sort(([a], [b]) => byCodeUnits(a, b));
  for (const [key, value] of pairs) {
    const problem = nameProblem(key);
    if (problem !== null) throw new TypeError(`Cannot encode metadata: found ${problem}`);
    if (typeof value !== "string" || !value.isWellFormed()) {
      throw new TypeError(
        `Cannot encode metadata ${quoted(key)}: found ${typeof value}, need well-formed text`,
      );
    }
  }
  const members = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${members.join(",")}}`;
}

/** The end of a message about a file of another kind. */
const NEED = "a safetensors file, such as a model";

/** Describes a file that is text by its first bytes; `null` for any other. */
function beginningOf(bytes: Uint8Array): string | null {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (/^\s*[[{]/.test(start)) return "JSON";
  return /^[\t\r\n -~]+$/.test(start) ? "text" : null;
}

/** The header's length, from the first eight bytes of a file of the given size. */
function headerLength(bytes: Uint8Array, fileBytes: number, source: string): number {
  if (fileBytes < 8) {
    throw contentError(source, beginningOf(bytes) ?? plural(fileBytes, "byte"), NEED);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length < 2n || length > BigInt(maximumHeaderBytes)) {
    // This happens if the file is a table instead of a model.
    const header = `no safetensors header (one of ${length} bytes, at most ${maximumHeaderBytes})`;
    throw contentError(source, beginningOf(bytes) ?? header, NEED);
  }
  if (length > BigInt(fileBytes - 8)) {
    throw contentError(
      source,
      `the file's end, after ${fileBytes} bytes, within its header of ${length}`,
      "the whole file",
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, dataBytes: number, source: string): SafetensorsHeader {
  let text: string;
  try {
    // A copy, because the decoder does not accept shared memory.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch (cause) {
    throw contentError(source, "a header that is not UTF-8", "UTF-8", cause);
  }
  return parseSafetensorsHeader(text, dataBytes, source);
}

/** The tensors of a header, as views of the bytes that follow it. */
function content({ entries, metadata }: SafetensorsHeader, bytes: Uint8Array): Safetensors {
  const tensors = entries.map(({ name, dtype, shape, start, end }): [string, Tensor] => [
    name,
    { dtype, shape, data: asArray(dtype, bytes.subarray(start, end)) } as Tensor,
  ]);
  return { tensors: new Map(tensors), metadata };
}

function asArray(dtype: Dtype, bytes: Uint8Array): Tensor["data"] {
  const inPlace = bytes.buffer instanceof ArrayBuffer && bytes.byteOffset % itemBytes(dtype) === 0;
  // Not slice(), which does not copy if `bytes` is a Buffer.
  const { buffer, byteOffset } = inPlace ? bytes : new Uint8Array(bytes);
  const Constructor = constructors[dtype] as new (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length: number,
  ) => Tensor["data"];
  return new Constructor(buffer, byteOffset, bytes.length / itemBytes(dtype));
}

function attempt<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    throw new Error(`Cannot read ${quotedPath(path)}: ${fileErrorReason(cause)}`, { cause });
  }
}

function withFile<T>(path: string, read: (file: Deno.FsFile, size: number) => T): T {
  // The check comes before opening, because opening a pipe would wait for its other end.
  const found = attempt(path, () => Deno.statSync(path));
  if (!found.isFile) {
    const kind = found.isDirectory ? "a folder" : "something that is no file";
    throw new Error(`Cannot read ${quotedPath(path)}: found ${kind}, need a file`);
  }
  using file = attempt(path, () => Deno.openSync(path));
  return read(file, attempt(path, () => file.statSync().size));
}

function readHeader(file: Deno.FsFile, size: number, path: string): SafetensorsHeader {
  const start = new Uint8Array(Math.min(8, size));
  readFully(file, start, path);
  const header = new Uint8Array(headerLength(start, size, path));
  readFully(file, header, path);
  return parseHeader(header, size - 8 - header.length, path);
}

/** Fills an array from the current position of the file. */
function readFully(file: Deno.FsFile, bytes: Uint8Array, path: string): void {
  for (let offset = 0; offset < bytes.length;) {
    const piece = bytes.subarray(offset, offset + 2 ** 26);
    const count = attempt(path, () => file.readSync(piece));
    if (count === null) {
      const need = `${bytes.length}: the file became shorter while it was read`;
      throw contentError(path, `the end after ${offset} bytes`, need);
    }
    offset += count;
  }
}
