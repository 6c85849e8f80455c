import { filePieces, type ReadProgress } from "./file_pieces.ts";
import { quotedPath } from "../../messages.ts";

/** The largest length of a line. A longer line means a file that is not text. */
const MAX_LINE_LENGTH = 2 ** 24;

/** The lines of one piece of a text file. */
export interface TextLines {
  /** The lines, without line endings. */
  readonly lines: readonly string[];
  /** The number of the first line, from 1. */
  readonly first: number;
  /** The progress of reading. Only the receiver knows the number of rows. */
  readonly progress: Omit<ReadProgress, "rows">;
}

/**
 * Yields the lines of a UTF-8 text file with either line ending. The file is decompressed if its name ends
 * in `.gz`.
 *
 * @throws {SyntaxError} If the file is not UTF-8 text, or a line has no end.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function* textLines(path: string): AsyncGenerator<TextLines> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let rest = "";
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new SyntaxError(
        `Cannot read ${quotedPath(path)}, line ${line} or after: found bytes that are not UTF-8 ` +
          `text, need UTF-8`,
        { cause },
      );
    }
  };
  let progress = { bytesRead: 0, bytesTotal: 0 };
  for await (
    const { bytes, bytesRead, bytesTotal } of filePieces(path, () => ` beyond line ${line}`)
  ) {
    progress = { bytesRead, bytesTotal };
    const text = decode(bytes);
    // A line of many pieces is joined once, at its end.
    const lines = text.includes("\n") ? (rest + text).split("\n") : [rest + text];
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_LENGTH) {
      throw new SyntaxError(
        `Cannot read ${quotedPath(path)}, line ${line + lines.length}: found a line of more than ` +
          `${MAX_LINE_LENGTH} letters, need shorter ones`,
      );
    }
    yield { lines: lines.map(withoutReturn), first: line, progress };
    line += lines.length;
  }
  rest += decode();
  if (rest !== "") yield { lines: [withoutReturn(rest)], first: line, progress };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
