/**
 * Files in a zip archive, read one after the other without unpacking the archive.
 *
 * @module
 */
import { PIECE_BYTES } from "../table/mod.ts";
import { quoted, quotedPath } from "../../messages.ts";

/** A file in an archive. */
export interface ZipEntry {
  /** Its name, with the folders it is in. */
  readonly name: string;
  /** How it is stored: 0 as it is, 8 deflated. */
  readonly method: number;
  /** Its size in the archive. */
  readonly compressedBytes: number;
  /** Its size. */
  readonly bytes: number;
  /** The checksum of its content. */
  readonly crc32: number;
  /** Where its header begins. */
  readonly offset: number;
  /** Whether a password is needed. */
  readonly encrypted: boolean;
}

const END_BYTES = 22;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** A directory larger than this is taken for a broken file. */
const MAX_DIRECTORY_BYTES = 2 ** 26;
/** Deflate makes nothing smaller than this share: what claims more is broken, or made to break. */
const LARGEST_RATIO = 1032;

/**
 * The files in an archive, in its order.
 *
 * @throws {SyntaxError} If it is no whole zip archive.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const broken = (found: string) =>
    new SyntaxError(`Cannot read ${quotedPath(path)}: found ${found}, need a whole zip archive`);
  const { open } = await import("node:fs/promises");
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (position: number, length: number): Promise<DataView> => {
      if (position < 0 || position + length > size) throw broken("an archive that is cut short");
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, position);
      return new DataView(bytes.buffer);
    };
    const tailStart = Math.max(0, size - END_BYTES - 0xffff);
    const tail = await read(tailStart, size - tailStart);
    let end = tail.byteLength - END_BYTES;
    while (end >= 0 && tail.getUint32(end, true) !== END) end--;
    if (end < 0) throw broken("no directory at the end");
    let count = tail.getUint16(end + 10, true);
    let bytes = tail.getUint32(end + 12, true);
    let offset = tail.getUint32(end + 16, true);
    if (count === 0xffff || bytes === 0xffffffff || offset === 0xffffffff) {
      const locator = await read(tailStart + end - 20, 20);
      if (locator.getUint32(0, true) !== LOCATOR64) throw broken("a broken directory");
      const end64 = await read(whole(locator, 8), 56);
      if (end64.getUint32(0, true) !== END64) throw broken("a broken directory");
      count = whole(end64, 32);
      bytes = whole(end64, 40);
      offset = whole(end64, 48);
    }
    if (bytes > MAX_DIRECTORY_BYTES) throw broken(`a directory of ${bytes} bytes`);
    return parseDirectory(await read(offset, bytes), count, () => broken("a broken directory"));
  } finally {
    await file.close();
  }
}

function whole(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function parseDirectory(view: DataView, count: number, broken: () => Error): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const decoder = new TextDecoder();
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw broken();
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const commentBytes = view.getUint16(at + 32, true);
    const next = at + 46 + nameBytes + extraBytes + commentBytes;
    if (next > view.byteLength) throw broken();
    const sizes = {
      bytes: view.getUint32(at + 24, true),
      compressedBytes: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    readExtra64(view, at + 46 + nameBytes, extraBytes, sizes);
    entries.push({
      name: decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes)),
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      ...sizes,
    });
    at = next;
  }
  return entries;
}

/** Sizes beyond 4 GB stand in an extra field, in this order and only those that need it. */
function readExtra64(
  view: DataView,
  start: number,
  length: number,
  sizes: { bytes: number; compressedBytes: number; offset: number },
): void {
  for (let at = start; at + 4 <= start + length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let field = at + 4;
      for (const key of ["bytes", "compressedBytes", "offset"] as const) {
        if (sizes[key] !== 0xffffffff || field + 8 > Math.min(end, start + length)) continue;
        sizes[key] = whole(view, field);
        field += 8;
      }
    }
    at = end;
  }
}

/**
 * The content of a file in an archive, in pieces. Its size and checksum are checked.
 *
 * @throws {SyntaxError} If it is encrypted, stored in an unknown way, or broken.
 * @throws {Error} If the archive cannot be read; the system's error is its `cause`.
 */
export async function* zipContent(path: string, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const fail = (found: string, need: string, cause?: unknown) =>
    new SyntaxError(
      `Cannot read ${quotedPath(path)}: found ${found} in ${quoted(entry.name)}, need ${need}`,
      { cause },
    );
  if (entry.encrypted) throw fail("encrypted data", "an archive without a password");
  if (entry.method !== 0 && entry.method !== 8) {
    throw fail(`compression method ${entry.method}`, "deflate (8) or none (0)");
  }
  if (entry.bytes > LARGEST_RATIO * entry.compressedBytes + LARGEST_RATIO) {
    throw fail(`a size of ${entry.bytes} bytes out of ${entry.compressedBytes}`, "an intact file");
  }
  const [{ createReadStream }, { open }, { pipeline }, { createInflateRaw, crc32 }] = await Promise
    .all([
      import("node:fs"),
      import("node:fs/promises"),
      import("node:stream"),
      import("node:zlib"),
    ]);
  const header = new DataView(new ArrayBuffer(30));
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(new Uint8Array(header.buffer), 0, 30, entry.offset);
    if (bytesRead < 30 || header.getUint32(0, true) !== LOCAL) {
      throw fail("no header", "a whole archive");
    }
  } finally {
    await file.close();
  }
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  let checksum = 0;
  let length = 0;
  if (entry.compressedBytes > 0) {
    const stored = createReadStream(path, {
      start,
      end: start + entry.compressedBytes - 1,
      highWaterMark: PIECE_BYTES,
    });
    const pieces: AsyncIterable<Uint8Array> = entry.method === 0
      ? stored
      : pipeline(stored, createInflateRaw({ chunkSize: PIECE_BYTES }), () => {});
    try {
      for await (const piece of pieces) {
        length += piece.length;
        if (length > entry.bytes) break;
        checksum = crc32(piece, checksum);
        yield piece;
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? `${error.code}` : "";
      if (code.startsWith("Z_")) {
        throw fail("data that cannot be unpacked", "an intact file", error);
      }
      throw error;
    }
  }
  if (length !== entry.bytes || checksum !== entry.crc32) {
    throw fail(
      length === entry.bytes
        ? "another checksum than the archive says"
        : "another size than the archive says",
      "an intact file",
    );
  }
}
