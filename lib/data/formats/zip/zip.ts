/**
 * Files in a zip archive, read one after the other without unpacking the archive.
 *
 * @module
 */
import { node } from "../../../node.ts";
import { isSystemError } from "../../table/mod.ts";
import { quoted, quotedPath } from "../../../messages.ts";
import { type Entry, loadYauzl } from "./yauzl.ts";

/** A file in an archive. */
export interface ZipEntry {
  /** Its name, with its folders. */
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
  /** Its entry in the archive's directory. */
  readonly entry: Entry;
}

/** An archive of more files counts as broken. */
const MAX_ENTRIES = 2 ** 20;
/** The largest compression ratio of Deflate. */
const LARGEST_RATIO = 1032;

/**
 * The files in an archive, in its order.
 *
 * @throws {SyntaxError} If the file is not a whole zip archive.
 * @throws {Error} If the file cannot be read.
 */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  try {
    const archive = await openArchive(path);
    try {
      if (archive.entryCount > MAX_ENTRIES) throw new Error(`${archive.entryCount} files`);
      for await (const entry of archive.eachEntry()) {
        const name = new TextDecoder().decode(entry.fileNameRaw);
        entries.push({ name, bytes: entry.uncompressedSize, entry });
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw new SyntaxError(
      `Cannot read ${quotedPath(path)}: found a broken directory, need a whole zip archive`,
      { cause: error },
    );
  }
  return entries;
}

async function openArchive(path: string) {
  const yauzl = await loadYauzl();
  // Names stay bytes, and sizes are checked here, because the library would refuse more archives.
  return await yauzl.openPromise(path, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: false,
  });
}

/**
 * The content of a file in an archive, in pieces. Its size and checksum are checked.
 *
 * @throws {SyntaxError} If the content is encrypted, stored in an unknown way, or broken.
 * @throws {Error} If the archive cannot be read.
 */
export async function* zipContent(
  path: string,
  { name, bytes, entry }: ZipEntry,
): AsyncGenerator<Uint8Array> {
  const fail = (found: string, need: string, cause?: unknown) =>
    new SyntaxError(
      `Cannot read ${quotedPath(path)}: found ${found} in ${quoted(name)}, need ${need}`,
      { cause },
    );
  if (entry.isEncrypted()) throw fail("encrypted data", "an archive without a password");
  const { compressionMethod, compressedSize } = entry;
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw fail(`compression method ${compressionMethod}`, "deflate (8) or none (0)");
  }
  if (bytes > LARGEST_RATIO * compressedSize + LARGEST_RATIO) {
    throw fail(`a size of ${bytes} bytes out of ${compressedSize}`, "an intact file");
  }
  const archive = await openArchive(path);
  let checksum = 0;
  let length = 0;
  try {
    const content = await archive.openReadStreamPromise(entry).catch((error) => {
      if (isSystemError(error)) throw error;
      throw fail("no header", "a whole archive", error);
    });
    for await (const piece of content) {
      length += piece.length;
      if (length > bytes) break;
      checksum = node.zlib.crc32(piece, checksum);
      yield piece;
    }
  } catch (error) {
    const isBroken = error instanceof Error && "code" in error && `${error.code}`.startsWith("Z_");
    throw isBroken ? fail("data that cannot be unpacked", "an intact file", error) : error;
  } finally {
    archive.close();
  }
  if (length !== bytes) throw fail("another size than the archive says", "an intact file");
  if (checksum !== entry.crc32) {
    throw fail("another checksum than the archive says", "an intact file");
  }
}
