/**
 * Sorts class labels: by value if all of them are numbers, otherwise by code point.
 */
export function sortClasses(labels: Iterable<string>): string[] {
  const classes = [...new Set(labels)];
  const numeric = classes.every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  return classes.sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || byCodePoint(a, b));
}

/** Compares by code point. `<` compares UTF-16 units, whose order differs beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length;) {
    const left = a.codePointAt(i)!;
    const right = b.codePointAt(i)!;
    if (left !== right) return left - right;
    i += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
