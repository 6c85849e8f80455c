import { wrapped } from "../help.ts";

/** A cell's border, or a gap between columns: the line is one of a table. */
const TABLE_LINE = /[│┌├└─█]|\S {2,}\S|-{3,}/;

/**
 * A path without quotes. It must stay one line so that it can be copied; the terminal may break it
 * anywhere.
 */
const TO_COPY = /(^|[\s'])[^\s"]*\/\S*\//;

/** A quoted name or path. It counts as one word, even with blanks. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** A command up to the end of the line: it stays in one piece. */
const COMMAND = /\bdeno task .*$/;

/**
 * Placeholders for a blank and a comma within a word. No line contains them, because control characters
 * were escaped.
 */
const [BLANK, COMMA] = ["\0", "\x01"];

/**
 * Breaks lines of prose that are wider than the terminal, between words. Continued lines are indented by
 * two blanks more than the beginning. Tables, commands, paths and quoted names are not broken. If one of
 * the latter does not fit, it gets its own line.
 *
 * @param width The columns of the terminal, or `Infinity`.
 */
export function wrappedProse(text: string, width: number): string {
  if (width === Infinity) return text;
  return text.split("\n").flatMap((line) => {
    if (line.length <= width || TABLE_LINE.test(line.trim())) return [line];
    const whole = (part: string) => part.replaceAll(" ", BLANK).replaceAll(",", COMMA);
    const quoted = line.trim().replaceAll(QUOTED, whole);
    if (TO_COPY.test(quoted.replace(COMMAND, ""))) return [line];
    const words = quoted.replace(COMMAND, whole);
    const indent = / */.exec(line)![0];
    const [first, ...rest] = wrapped(words, width - indent.length - 2)
      .map((own) => own.replaceAll(BLANK, " ").replaceAll(COMMA, ","));
    return [indent + first, ...rest.map((own) => `${indent}  ${own}`)];
  }).join("\n");
}
