/** The layout of `--help`, which stays within the terminal's width even with long names of options. */

/** A longer option has its own line. */
const MOST_TERM = 24;

/** The width without a terminal. */
const WIDTH = 80;

/** The number of letters that fit a line of standard output; infinite without a terminal. */
export function terminalWidth(): number {
  if (!Deno.stdout.isTerminal()) return Infinity;
  try {
    return Deno.consoleSize().columns || WIDTH;
  } catch {
    // A terminal may have no size, such as a closed one.
    return WIDTH;
  }
}

/** Breaks a paragraph into lines of a width. A longer word has its own line, or is broken after a comma. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    // A long list may be broken after any of its commas.
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

/** An option or an argument, with its description beside it. */
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
