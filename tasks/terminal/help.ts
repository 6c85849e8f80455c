/** The layout of `--help`: within the terminal's width, however long an option's name is. */

/** A longer option stands on a line of its own. */
const MOST_TERM = 24;

/** The width where there is no terminal. */
const WIDTH = 80;

/** The letters that fit a line of standard output; any number where it is no terminal. */
export function terminalWidth(): number {
  if (!Deno.stdout.isTerminal()) return Infinity;
  try {
    return Deno.consoleSize().columns || WIDTH;
  } catch {
    // A terminal without a size, such as one that was closed.
    return WIDTH;
  }
}

/** Lines of a paragraph that fit a width. A longer word stands alone, or ends behind a comma. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    // A long list may end a line behind any of its commas.
    const parts = word.length > width ? word.split(/(?<=,)/) : [word];
    parts.forEach((part, k) => {
      const line = lines.at(-1)!;
      const longer = `${line}${k === 0 && line !== "" ? " " : ""}${part}`;
      if (line === "" || longer.length <= width) lines[lines.length - 1] = longer;
      else lines.push(part);
    });
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
