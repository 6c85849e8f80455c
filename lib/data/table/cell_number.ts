/**
 * Parses the numbers in cells. The errors for other values have the same words in every format.
 *
 * @module
 */
import { quoted, shown } from "../../messages.ts";

/** The largest length of a cell. A longer one means an unclosed quote, or a file that is not a table. */
export const MAX_CELL_LENGTH = 2 ** 24;

/** The largest number of blank lines (and comments) in a row. More mean a file that is not a table. */
export const MAX_BLANK_LINES = 2 ** 20;

// Digits after other digits need a dot before them. With an optional dot, the time would grow with the
// square of the number of digits.
const DECIMAL = /^[ \t]*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?[ \t]*$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
const MISSING = /^([+-]?nan|na|n\/a|#n\/a|null|none|\?|)$/i;

const TOO_LARGE = "need at most 3.4028235e38 in size (a 32-bit float)";

/**
 * Checks that a text is not too long for a cell, in any format.
 *
 * @throws {SyntaxError} If it is too long.
 */
export function requireCellLength(text: string, where: () => string): void {
  if (text.length <= MAX_CELL_LENGTH) return;
  throw new SyntaxError(
    `${where()}: found a cell of ${text.length} letters, need at most ${MAX_CELL_LENGTH}`,
  );
}

/** Returns `true` for a decimal number. Blanks around it are allowed. */
export function isDecimal(text: string): boolean {
  // In ASCII, letters come after the digits, the signs and the dot. So one look refuses most words.
  return !(text.charCodeAt(0) > 0x39) && DECIMAL.test(text);
}

/** Returns `true` for a word that means infinity. */
export function isInfinite(word: string): boolean {
  return INFINITE.test(word);
}

/** Returns `true` for a word that means a missing value, such as the empty word. */
export function isMissing(word: string): boolean {
  return MISSING.test(word);
}

/** Names a missing value in messages. */
export function shownMissing(word: string): string {
  return word === "" ? "an empty cell" : `${quoted(word)}, a missing value`;
}

/**
 * Parses the decimal number in a cell. Returns the nearest 32-bit float.
 *
 * @param where The beginning of a message.
 * @throws {SyntaxError} If the text is not a decimal number.
 * @throws {RangeError} If the number is infinite or too large for a 32-bit float.
 */
export function textFloat(text: string, where: () => string): number {
  const isNumber = DECIMAL.test(text);
  const value = Math.fround(Number(text));
  if (isNumber && Number.isFinite(value)) return value;
  const found = `${where()}: found ${quoted(text)}`;
  const word = text.trim();
  if (isNumber) throw new RangeError(`${found}, ${TOO_LARGE}`);
  if (INFINITE.test(word)) throw new RangeError(`${found}, need a finite number`);
  if (word === "") throw new SyntaxError(`${where()}: found an empty cell, need a number`);
  const remark = MISSING.test(word) ? ", a missing value" : "";
  throw new SyntaxError(`${found}${remark}, need a number`);
}

/**
 * The 32-bit float nearest to a number.
 *
 * @param where The beginning of a message.
 * @throws {SyntaxError} If the number is NaN.
 * @throws {RangeError} If the number is infinite or too large for a 32-bit float.
 */
export function finiteFloat(value: number, where: () => string): number {
  const float = Math.fround(value);
  if (Number.isFinite(float)) return float;
  if (Number.isNaN(value)) {
    throw new SyntaxError(`${where()}: found NaN, a missing value, need a number`);
  }
  const need = Number.isFinite(value) ? TOO_LARGE : "need a finite number";
  throw new RangeError(`${where()}: found ${value}, ${need}`);
}

/**
 * Checks the name of the rule for missing values.
 *
 * @throws {TypeError} If there is no such rule.
 */
export function requireMissingRule(missing: string): void {
  if (["keep", "median", "error"].includes(missing)) return;
  throw new TypeError(
    `Cannot read a table: found ${shown(missing)} as missing, need "keep", "median" or "error"`,
  );
}

/** The error for a text in a column of numbers. `found` is the beginning of the message. */
export function textAmongNumbers(found: string): SyntaxError {
  return new SyntaxError(
    `${found}, need a number, as in most of the column's cells; ` +
      `name the column as categorical if its numbers are names`,
  );
}
