/** The layout of `--help`: within the terminal's width, however long an option's name is. */

/** A longer option stands on a line of its own. */
const MOST_TERM = 24;

/** The width where there is no terminal. */
const WIDTH = 80;

/** Lines of a paragraph that fit a width. A longer word stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** An option or an argument, and beside it what it does. */
export function helpItem(
  this: { helpWidth?: number | undefined },
  term: string,
  termWidth: number,
  description: string,
): string {
  const column = Math.min(termWidth, MOST_TERM) + 4;
  const lines = wrapped(description, Math.max(20, (this.helpWidth ?? WIDTH) - column));
  const rest = lines.map((line) => " ".repeat(column) + line);
  return term.length + 4 <= column
    ? [`  ${term}`.padEnd(column) + lines[0], ...rest.slice(1)].join("\n")
    : [`  ${term}`, ...rest].join("\n");
}
