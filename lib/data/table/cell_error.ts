/**
 * What is wrong with a value that is no number for a table, in the same words for every format.
 *
 * @module
 */
import { quoted } from "../../messages.ts";

const TOO_LARGE = "need at most 3.4028235e38 in size (a 32-bit float)";

/**
 * The error for a text where a number is needed.
 *
 * @param text The cell.
 * @param tooLarge Whether it is a number, beyond those of 32-bit floats.
 * @param where The beginning of the message.
 */
export function textCellError(text: string, tooLarge: boolean, where: string): Error {
  if (tooLarge) return new RangeError(`${where}: found ${quoted(text)}, ${TOO_LARGE}`);
  const word = text.trim().toLowerCase();
  if (word === "") return new SyntaxError(`${where}: found an empty cell, need a number`);
  if (/^[+-]?inf(inity)?$/.test(word)) {
    return new RangeError(`${where}: found ${quoted(text)}, need a finite number`);
  }
  if (isMissing(word)) {
    return new SyntaxError(`${where}: found ${quoted(text)}, a missing value, need a number`);
  }
  return new SyntaxError(`${where}: found ${quoted(text)}, need a number`);
}

/** The error for a number that no 32-bit float holds, NaN included. */
export function numberCellError(value: number, where: string): Error {
  if (Number.isNaN(value)) {
    return new SyntaxError(`${where}: found NaN, a missing value, need a number`);
  }
  return new RangeError(
    `${where}: found ${value}, ${Number.isFinite(value) ? TOO_LARGE : "need a finite number"}`,
  );
}

/** Whether a word stands for a missing value. */
export function isMissing(word: string): boolean {
  return /^([+-]?nan|na|n\/a|#n\/a|null|none|\?)$/i.test(word);
}
