/** The columns of the terminal that a stream goes to; without bound where it is none. */
export function widthOf(stream: { isTerminal(): boolean }): number {
  if (!stream.isTerminal()) return Infinity;
  try {
    const { columns } = Deno.consoleSize();
    // Some terminals do not know their size.
    return columns > 0 ? columns : 80;
  } catch {
    return 80;
  }
}
