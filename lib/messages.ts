// The ES module: Node's kind of module would make importing the library half as slow again.
import { distance } from "npm:fastest-levenshtein@1.0.16/esm/mod.js";

/** Characters that control a terminal, end a line or change the direction of writing. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Makes a text of a file safe to print: control characters are escaped as in JSON. */
export function escaped(text: string): string {
  return text.replaceAll(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Makes a name printable: escaped, and shortened if it is long. */
export function printable(name: string): string {
  return escaped(cut(name));
}

/** Quotes a text for messages: on one line, and shortened if it is long. */
export function quoted(text: string): string {
  return quotedPath(cut(text));
}

/** Quotes a path for messages: on one line, and never shortened, so that a reader finds the file. */
export function quotedPath(path: string): string {
  return escaped(JSON.stringify(path));
}

/** Shows any value as JSON, for messages: on one line, and shortened if it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object") return String(value);
  try {
    return printable(JSON.stringify(value) ?? "an object");
  } catch {
    return "an object that is no JSON";
  }
}

/** The maximal nesting of lists and objects in a JSON file. */
const MOST_LEVELS = 200;

/**
 * Parses the JSON of a file. The nesting is limited, because functions that walk over the value are
 * recursive.
 *
 * @throws {SyntaxError} If the text is not JSON, or is nested too deeply.
 */
export function parseJson(text: string): unknown {
  const value = JSON.parse(text);
  let levels = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (mark === '"') inText = !inText;
    else if (inText) at += mark === "\\" ? 1 : 0;
    else if (mark === "]" || mark === "}") levels--;
    else if ((mark === "[" || mark === "{") && ++levels > MOST_LEVELS) {
      throw new SyntaxError(`found more than ${MOST_LEVELS} lists within each other, need fewer`);
    }
  }
  return value;
}

function cut(text: string): string {
  // Only a beginning is split, because a text from a file may be very long: 61 characters of up to two
  // units.
  const letters = [...text.slice(0, 122)];
  return letters.length > 60 ? `${letters.slice(0, 57).join("")}...` : text;
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

/** The maximal length of the last name of a shortened list, in characters. */
const MOST_LAST = 62;

/**
 * Lists quoted names for messages: the first twenty, or fewer if they are long, and the last one if it is
 * short. The last column of a table is often its target.
 */
export function quotedList(names: readonly string[]): string {
  const first = firstOf(names, quoted);
  const last = quoted(names.at(-1) ?? "");
  const isCut = / and \d+ more$/.test(first) && last.length <= MOST_LAST;
  return isCut ? `${first}, the last ${last}` : first;
}

/** Lists printable names of a file: the first twenty, or fewer if they are long. */
export function printableList(names: readonly string[]): string {
  return firstOf(names, printable);
}

/** The maximal bytes of a list's names. Twenty names of sixty plain letters have fewer. */
const LIST_BYTES = 1400;

function firstOf(names: readonly string[], shown: (name: string) => string): string {
  const first: string[] = [];
  let bytes = 0;
  for (const name of names.slice(0, 20)) {
    const text = shown(name);
    bytes += new TextEncoder().encode(text).length;
    if (first.length > 0 && bytes > LIST_BYTES) break;
    first.push(text);
  }
  const left = names.length - first.length;
  return left > 0 ? `${first.join(", ")} and ${left} more` : first.join(", ");
}

/** A count with its noun, such as `1 value` or `3 values`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Checks a count.
 *
 * @param intent The action that needs the count, as in "Cannot `intent`: …".
 * @throws {RangeError} If it is no integer, less than `least`, or more than `most`.
 */
export function requireInteger(
  intent: string,
  count: number,
  what: string,
  least: number,
  most: number = Infinity,
): void {
  if (Number.isSafeInteger(count) && count >= least && count <= most) return;
  const to = most === Infinity ? "" : ` to ${most}`;
  throw new RangeError(
    `Cannot ${intent}: found ${count} ${what}, need an integer from ${least}${to}`,
  );
}

/** The maximal number of compared characters of a name. The time grows with its square. */
const LETTERS = 100;

/** The maximal number of compared names. */
const NAMES = 10_000;

/**
 * Finds the name with the smallest edit distance, case ignored. At most two fifths of the letters may
 * differ. A name of one letter is near no other.
 *
 * @returns `undefined` if every name differs more.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const comparable = (text: string) => text.slice(0, LETTERS).toLowerCase();
  const wanted = comparable(name);
  let nearest: string | undefined;
  let least = Math.round(0.4 * wanted.length) + 1;
  for (const candidate of names.slice(0, NAMES)) {
    const found = distance(wanted, comparable(candidate));
    if (found < least) [nearest, least] = [candidate, found];
  }
  return nearest;
}

/** The end of a message about an unknown name: `; did you mean …?`, or nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? "" : `; did you mean ${quoted(nearest)}?`;
}

/** Line breaks, and characters that steer a terminal: in a command a reader does not see them. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A word as a POSIX shell reads it back.
 *
 * @throws {TypeError} If it has a line break or another control character.
 */
export function shellWord(text: string): string {
  requireOneLine("write a command", text);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Refuses what would be several lines, or would not be seen as it is. */
export function requireOneLine(intent: string, text: string): void {
  if (!INVISIBLE.test(text)) return;
  throw new TypeError(
    `Cannot ${intent}: found ${quoted(text)}, need texts of one line without control characters`,
  );
}
