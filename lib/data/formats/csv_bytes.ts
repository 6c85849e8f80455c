import { MAX_CELL_LENGTH } from "../table/mod.ts";
import { endsInReturns, markLength, returnsToLineFeeds, wideDecoder } from "./csv_beginning.ts";

const encoder = new TextEncoder();

/** The bytes of a CSV file that are not read yet: in UTF-8, and with lines that end in line feeds. */
export interface CsvBytes {
  /** The `length` bytes, followed by a zero. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Appends a piece of the file. The caller may reuse it afterwards. */
  push(piece: Uint8Array): void;
  /** Appends what a decoder still holds, after the last piece. */
  end(): void;
  /**
   * Looks at the first bytes. Returns the place of the first letter.
   *
   * @throws {SyntaxError} If the bytes begin like those of another format.
   */
  begin(isLast: boolean): number;
  /** Looks for the signs that end lines, while no line is read. */
  findLineEnds(from: number, isLast: boolean): void;
  /** Forgets the bytes before a place. */
  drop(before: number): void;
}

/**
 * Prepares the bytes of a file. `push`, `begin` and `end` throw a `SyntaxError` if a text in UTF-16 is
 * broken.
 *
 * @param at The place in the file, for messages.
 */
export function csvBytes(at: () => string): CsvBytes {
  let bytes = new Uint8Array(1);
  let length = 0;
  /** The decoder of a text in UTF-16. */
  let wide: TextDecoder | null = null;
  /** `true` if lines end with a carriage return alone. */
  let hasReturns = false;

  function append(piece: Uint8Array): void {
    if (length + piece.length >= bytes.length) {
      const grown = new Uint8Array(Math.max(2 * length, length + piece.length) + 1);
      grown.set(bytes.subarray(0, length));
      bytes = grown;
    }
    bytes.set(piece, length);
    if (hasReturns) returnsToLineFeeds(bytes.subarray(length, length + piece.length));
    length += piece.length;
    bytes[length] = 0;
  }

  /** Converts bytes of a text in UTF-16. */
  function inUtf8(decoder: TextDecoder, piece: Uint8Array, isLast: boolean): Uint8Array {
    try {
      return encoder.encode(decoder.decode(piece, { stream: !isLast }));
    } catch (cause) {
      const found = "found bytes that are not UTF-16 text, as its beginning says";
      throw new SyntaxError(`${at()} or after: ${found}, need the whole file`, { cause });
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    get length() {
      return length;
    },
    push(piece) {
      append(wide === null ? piece : inUtf8(wide, piece, false));
    },
    end() {
      if (wide !== null) append(inUtf8(wide, new Uint8Array(0), true));
    },
    begin(isLast) {
      wide = wideDecoder(bytes.subarray(0, length));
      if (wide !== null) {
        const wideBytes = bytes.slice(0, length);
        length = 0;
        append(inUtf8(wide, wideBytes, isLast));
      }
      return markLength(bytes.subarray(0, length), at());
    },
    findLineEnds(from, isLast) {
      // The pieces in which a file comes must not matter, so a line feed beyond the longest cell is not seen.
      if (!isLast && length - from <= MAX_CELL_LENGTH) return;
      hasReturns = endsInReturns(bytes.subarray(from, Math.min(length, from + MAX_CELL_LENGTH)));
      if (hasReturns) returnsToLineFeeds(bytes.subarray(from, length));
    },
    drop(before) {
      bytes.copyWithin(0, before, length);
      length -= before;
      bytes[length] = 0;
    },
  };
}
