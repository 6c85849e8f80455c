/**
 * Reads a table in the most obvious way, as the judge of the reader that is made to be fast.
 *
 * @module
 */

/** A table's content as it is written, with the numbers rounded to 32 bits. */
export interface PlainTable {
  readonly featureNames: readonly string[];
  /** Row after row. */
  readonly features: readonly number[];
  /** The label of every row. */
  readonly labels: readonly string[];
}

/** The words for a missing label. */
const MISSING = /^([+-]?nan|na|n\/a|#n\/a|null|\?|)$/i;
/** A decimal number, with spaces around it allowed. */
const NUMBER = /^[ \t]*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?[ \t]*$/;

/** The table in the bytes, or `null` where there is none to learn from. */
export function plainTable(bytes: Uint8Array, target: string): PlainTable | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  if (text.includes("\0")) return null;
  // Lines end in carriage returns alone, or in none of these.
  if (!text.includes("\n")) text = text.replaceAll("\r", "\n");
  text = text.replace(/^( *\r?\n)+/, "").replace(/((\r?\n)+\r?|\r)$/, "");
  const lines = linesOf(text, separatorOf(text, target));
  if (lines === null || lines.length < 2) return null;
  const [header, ...rows] = lines;
  const names = header.map((name, place) => name === "" ? `column ${place + 1}` : name);
  const column = names.indexOf(target);
  if (column < 0 || names.length < 2) return null;
  if (new Set(names).size < names.length) return null;
  if (rows.some((row) => row.length !== names.length)) return null;
  const labels = rows.map((row) => row[column].trim());
  if (labels.some((label) => MISSING.test(label)) || new Set(labels).size < 2) return null;
  const cells = rows.flatMap((row) => row.toSpliced(column, 1));
  if (!cells.every((cell) => NUMBER.test(cell))) return null;
  const features = cells.map((cell) => Math.fround(Number(cell)));
  if (!features.every(Number.isFinite)) return null;
  return { featureNames: names.toSpliced(column, 1), features, labels };
}

/** The sign that gives a column the target's name, and of several the one that occurs most often. */
function separatorOf(text: string, target: string): string {
  const isOutside = (place: number) => text.slice(0, place).split('"').length % 2 === 1;
  const places = [...Array(text.length).keys()].filter(isOutside);
  const end = places.find((place) => /[\r\n]/.test(text[place])) ?? text.length;
  const signs = [",", ";", "\t", "|"].map((sign) => {
    const cuts = places.filter((place) => place < end && text[place] === sign);
    const cells = [-1, ...cuts].map((cut, k) => text.slice(cut + 1, cuts[k] ?? end));
    const names = cells.map((cell) => cell.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"'));
    return { sign, count: cuts.length, fits: names.includes(target) };
  }).filter(({ count }) => count > 0);
  const fitting = signs.filter(({ fits }) => fits);
  const candidates = fitting.length > 0 ? fitting : signs;
  const most = Math.max(...candidates.map(({ count }) => count));
  return candidates.find(({ count }) => count === most)?.sign ?? ",";
}

/** The cells of every line that is not blank, by RFC 4180, or `null` where the quoting is broken. */
function linesOf(text: string, separator: string): string[][] | null {
  const lines: string[][] = [[]];
  let at = 0;
  let begin = 0;
  const isBlank = () => lines.at(-1)!.length === 1 && /^[ \t]*$/.test(text.slice(begin, at));
  for (;;) {
    let cell = "";
    if (text[at] === '"') {
      for (at++;;) {
        const close = text.indexOf('"', at);
        if (close < 0) return null;
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    } else {
      const end = new RegExp(`[${separator}\\r\\n]|$`, "g");
      end.lastIndex = at;
      const { index } = end.exec(text)!;
      cell = text.slice(at, index);
      at = index;
    }
    lines.at(-1)!.push(cell);
    if (at === text.length) return isBlank() ? lines.slice(0, -1) : lines;
    if (text[at] === separator) at++;
    else if (text.startsWith("\r\n", at) || text[at] === "\n") {
      if (isBlank()) lines.pop();
      at += text[at] === "\n" ? 1 : 2;
      begin = at;
      lines.push([]);
    } else return null;
  }
}
