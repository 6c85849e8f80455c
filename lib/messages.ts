/** A value between quotes, on one line, cut where it is long. For messages. */
export function quoted(text: string): string {
  // Enough for 61 letters, each of one or two units: a text from a file may be very long.
  const letters = [...text.slice(0, 122)];
  return JSON.stringify(letters.length > 60 ? `${letters.slice(0, 57).join("")}...` : text);
}

/** A file's path between quotes, on one line and never cut: the file must be found by it. */
export function quotedPath(path: string): string {
  return JSON.stringify(path);
}

/** The error for a file that can be read but does not hold what it should. */
export function contentError(
  source: string,
  found: string,
  need: string,
  cause?: unknown,
): SyntaxError {
  return new SyntaxError(`Cannot read ${quotedPath(source)}: found ${found}, need ${need}`, {
    cause,
  });
}

/** Names between quotes, the first twenty of them. For messages. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(quoted).join(", ");
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}

/**
 * The name among `names` that is nearest to `name` by edit distance, case ignored, or `undefined`
 * where even the nearest differs in more than a third of its letters.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  // Distances are quadratic in the length: long names and long lists of names are not searched.
  if (name.length > 100) return undefined;
  let nearest: string | undefined;
  let least = Math.floor(name.length / 3) + 1;
  for (const candidate of names.slice(0, 10_000)) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const substituted = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = Math.min(substituted, row[j] + 1, row[j - 1] + 1);
    }
  }
  return row[b.length];
}
