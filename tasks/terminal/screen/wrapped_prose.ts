import { wrapped } from "../help.ts";

/** A cell's border, or a gap between columns: the line is one of a table. */
const TABLE_LINE = /[│┌├└─█]|\S {2,}\S|-{3,}/;

/** A command or a path: to be copied, it must stay one line, which the terminal breaks where it likes. */
const TO_COPY = /\bdeno task |(^|[\s"'])\S*\/\S*\//;

/**
 * Lines of prose that are longer than the terminal is wide, broken between words. What continues a line
 * is as far from the edge as its beginning, and two blanks more. Tables, commands and paths stay as they are.
 *
 * @param width The columns of the terminal, or `Infinity`.
 */
export function wrappedProse(text: string, width: number): string {
  if (width === Infinity) return text;
  return text.split("\n").flatMap((line) => {
    if (line.length <= width || TABLE_LINE.test(line.trim()) || TO_COPY.test(line)) return [line];
    const indent = / */.exec(line)![0];
    const [first, ...rest] = wrapped(line.trim(), width - indent.length - 2);
    return [indent + first, ...rest.map((own) => `${indent}  ${own}`)];
  }).join("\n");
}
