/**
 * Sorts class labels: by value where all of them are numbers, by code point otherwise. Labels that
 * are written differently are different classes, also where their values are equal (`1`, `1.0`).
 */
export function sortClasses(labels: Iterable<string>): string[] {
  const classes = [...new Set(labels)];
  const numeric = classes.every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  return classes.sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || byCodePoint(a, b));
}

/** The order of UTF-16 units, which `<` compares, is another one beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
