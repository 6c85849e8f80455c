import { wrapped } from "../help.ts";

/** A cell's border, or a gap between columns: the line is one of a table. */
const TABLE_LINE = /[│┌├└─█]|\S {2,}\S|-{3,}/;

/** A path without quotes: to be copied, it must stay one line, which the terminal breaks where it likes. */
const TO_COPY = /(^|[\s'])[^\s"]*\/\S*\//;

/** A name or a path between quotes: one word, whatever blanks it has. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** A command up to the end of the line: it stays in one piece. */
const COMMAND = /\bdeno task .*$/;

/** Stand for a blank and a comma within a word. No line has them: what steers a terminal was escaped. */
const [BLANK, COMMA] = ["\0", "\x01"];

/**
 * Lines of prose that are longer than the terminal is wide, broken between words. What continues a line
 * is as far from the edge as its beginning, and two blanks more. Tables stay as they are. So do commands,
 * paths and quoted names: where one has no room, it has a line of its own.
 *
 * @param width The columns of the terminal, or `Infinity`.
 */
export function wrappedProse(text: string, width: number): string {
  if (width === Infinity) return text;
  return text.split("\n").flatMap((line) => {
    if (line.length <= width || TABLE_LINE.test(line.trim())) return [line];
    const whole = (part: string) => part.replaceAll(" ", BLANK).replaceAll(",", COMMA);
    const words = line.trim().replaceAll(QUOTED, whole).replace(COMMAND, whole);
    if (TO_COPY.test(words)) return [line];
    const indent = / */.exec(line)![0];
    const [first, ...rest] = wrapped(words, width - indent.length - 2)
      .map((own) => own.replaceAll(BLANK, " ").replaceAll(COMMA, ","));
    return [indent + first, ...rest.map((own) => `${indent}  ${own}`)];
  }).join("\n");
}
