/** The longest bar, in characters. */
const LONGEST = 40;

/** The length of the shortest useful bar, in characters. */
const SHORTEST = 5;

/**
 * A line with a bar in it. The bar fills the room that the texts leave. If that is too little, there is no
 * bar. If the texts alone are too long, the least important ones are left out.
 *
 * @param before The text before the bar.
 * @param share The done part of the work, from 0 to 1.
 * @param after The texts after the bar, separated by commas, the most important first.
 * @param width The columns of the terminal.
 */
export function barLine(
  before: string,
  share: number,
  after: readonly string[],
  width: number,
): string {
  const texts = after.filter((text) => text !== "");
  // The last column stays free: some terminals wrap when it is written.
  const room = width - 1 - before.length - texts.join(", ").length - 2;
  if (room >= SHORTEST) {
    const length = Math.min(LONGEST, room);
    const done = Math.round(length * Math.min(1, Math.max(0, share)));
    return `${before} ${"█".repeat(done)}${"░".repeat(length - done)} ${texts.join(", ")}`;
  }
  for (let count = texts.length; count > 0; count--) {
    const line = `${before} ${texts.slice(0, count).join(", ")}`;
    if (line.length < width) return line;
  }
  return before.slice(0, width - 1);
}
