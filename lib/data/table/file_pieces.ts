import { node } from "../../node.ts";
import { filePath } from "../../files/mod.ts";
import { quotedPath } from "../../messages.ts";

/** The progress of reading a file. */
export interface ReadProgress {
  /** The number of bytes read from the file. In a compressed file these are compressed bytes. */
  readonly bytesRead: number;
  /** The size of the file in bytes. 0 if it is unknown, as for a pipe. */
  readonly bytesTotal: number;
  /** The number of rows of the table that were read. */
  readonly rows: number;
}

/**
 * Receives the progress of reading. If it returns a promise, some formats wait for it before they read on.
 */
export type ProgressListener = (progress: ReadProgress) => void | Promise<void>;

/** A part of a file's content, and the progress of reading it. */
export interface FilePiece {
  /** The bytes, after decompression. They may be reused for the next piece. */
  readonly bytes: Uint8Array;
  /** The number of bytes read from the file. */
  readonly bytesRead: number;
  /** The size of the file in bytes. 0 if it is unknown. */
  readonly bytesTotal: number;
}

/** The number of bytes that are read at a time. */
export const PIECE_BYTES = 2 ** 18;

/** The path of a file as it appears in messages and in `Dataset.source`. */
export function pathOf(file: string | URL): string {
  return filePath("read", "a table", file);
}

/**
 * Yields the content of a file in pieces. It is decompressed if the name ends in `.gz`.
 *
 * @param place The reader's place in the content, for messages: `" beyond line 3"`.
 * @throws {Error} If the file cannot be opened or read; the system's error is its `cause`.
 * @throws {SyntaxError} If the name ends in `.gz` and the content is not a whole gzip stream.
 */
export async function* filePieces(path: string, place: () => string): AsyncGenerator<FilePiece> {
  const { createReadStream, promises: { stat } } = node.fs;
  try {
    const information = await stat(path);
    if (information.isDirectory()) {
      throw new Error(`Cannot read ${quotedPath(path)}: found a folder, need a file`);
    }
    const bytesTotal = information.size;
    const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
    let stream: AsyncIterable<Uint8Array> = file;
    if (path.toLowerCase().endsWith(".gz") && !(information.isFile() && bytesTotal === 0)) {
      // An error of the file or of the decompressor ends both, and the loop below receives it.
      stream = node.stream.pipeline(
        file,
        (pieces: AsyncIterable<Uint8Array>) => requireGzip(pieces, path),
        node.zlib.createGunzip({ chunkSize: PIECE_BYTES }),
        () => {},
      );
    }
    let taken = 0;
    for await (const bytes of stream) {
      taken += bytes.length;
      // The stream reads ahead by an amount that varies. So the bytes that were taken are counted instead.
      yield { bytes, bytesRead: stream === file ? taken : file.bytesRead, bytesTotal };
    }
  } catch (error) {
    throw explainedReadError(error, path, place());
  }
}

/** Passes the pieces of a file on if the first begins like gzip data. */
async function* requireGzip(
  pieces: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const piece of pieces) {
    if (first && (piece[0] !== 0x1f || (piece.length > 1 && piece[1] !== 0x8b))) {
      throw new SyntaxError(
        `Cannot read ${quotedPath(path)}: found data that are not compressed, ` +
          `need gzip data behind a name that ends in ".gz"`,
      );
    }
    first = false;
    yield piece;
  }
}

/** Returns `true` for an error of the system: a file that cannot be read, or a denied permission. */
export function isSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "NotCapable" || "code" in error && /^E(?!RR_)/.test(`${error.code}`);
}

/** Explains an error of the system or of the decompressor in a sentence. Returns any other error as it is. */
export function explainedReadError(error: unknown, path: string, place: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const file = `Cannot read ${quotedPath(path)}`;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new Error(`${file}: found no such file`, { cause: error });
  }
  if (code === "Z_BUF_ERROR") {
    return new SyntaxError(
      `${file}${place}: found the file's end within the gzip data, need the whole file`,
      { cause: error },
    );
  }
  if (code.startsWith("Z_")) {
    return new SyntaxError(
      `${file}${place}: found corrupt gzip data (${(error as Error).message}), need it intact`,
      { cause: error },
    );
  }
  if (code.startsWith("E")) {
    return new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
  return error;
}
