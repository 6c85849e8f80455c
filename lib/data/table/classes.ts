/**
 * Sorts class labels: by value where all of them are numbers, by code point otherwise.
 */
export function sortClasses(labels: Iterable<string>): string[] {
  const classes = [...new Set(labels)];
  const numeric = classes.every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  return classes.sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || byCodePoint(a, b));
}

/** The order of UTF-16 units, which `<` compares, is another one beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length;) {
    const left = a.codePointAt(i)!;
    const right = b.codePointAt(i)!;
    if (left !== right) return left - right;
    i += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
