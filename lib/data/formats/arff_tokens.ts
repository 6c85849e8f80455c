import { quoted } from "../../messages.ts";

/** A value of a line of an ARFF file. */
export interface ArffValue {
  /** The text, without quotes and escapes. */
  readonly text: string;
  /** `true` if the value was quoted. A quoted question mark is not a missing value. */
  readonly quoted: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Splits a list such as a data row into its values. Commas separate values. Blanks around values are
 * ignored. A value with commas or blanks is in single or double quotes. A comment begins at an unquoted
 * `%`.
 *
 * @param where The beginning of a message.
 * @throws {SyntaxError} If a quote is not closed or text follows one.
 */
export function arffValues(line: string, where: string): ArffValue[] {
  const values: ArffValue[] = [];
  let position = 0;
  for (;;) {
    position = skipBlanks(line, position);
    const quote = line[position];
    let value: ArffValue;
    if (quote === "'" || quote === '"') {
      const { text, end } = quotedText(line, position, where);
      value = { text, quoted: true };
      position = skipBlanks(line, end);
      const next = line[position];
      if (next !== undefined && next !== "," && next !== "%") {
        throw new SyntaxError(
          `${where}: found ${quoted(line.slice(position))} after a closing quote, need a comma`,
        );
      }
    } else {
      const end = position + /^[^,%]*/.exec(line.slice(position))![0].length;
      value = { text: line.slice(position, end).trimEnd(), quoted: false };
      position = end;
    }
    values.push(value);
    if (line[position] !== ",") return values;
    position++;
  }
}

/**
 * Reads the quoted text that begins at a position. Returns the text and the place after the closing quote.
 *
 * @throws {SyntaxError} If the quote is not closed on the line.
 */
export function quotedText(
  line: string,
  position: number,
  where: string,
): { text: string; end: number } {
  const quote = line[position];
  let text = "";
  for (let i = position + 1; i < line.length; i++) {
    if (line[i] === quote) return { text, end: i + 1 };
    if (line[i] === "\\" && i + 1 < line.length) {
      i++;
      text += ESCAPES[line[i]] ?? line[i];
    } else text += line[i];
  }
  throw new SyntaxError(`${where}: found a quote that is never closed, need its closing quote`);
}

function skipBlanks(line: string, position: number): number {
  while (line[position] === " " || line[position] === "\t") position++;
  return position;
}
