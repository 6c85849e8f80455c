/** The columns of a stream's terminal; infinite if the stream is not a terminal. */
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
