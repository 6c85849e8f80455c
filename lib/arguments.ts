/**
 * The checks of what a script hands over: `deno run` and notebooks check no types.
 *
 * @module
 */
import { didYouMean, quoted, quotedList, shown } from "./messages.ts";

/** A kind of argument: what some functions make and others take. */
export interface ArgumentKind {
  /** Its name with an article, such as `a model`. */
  readonly name: string;
  /** Entries that every one of them has. */
  readonly has: readonly string[];
  /** The functions that make it. */
  readonly makers: readonly string[];
  /** The entry that holds it in what a maker returns; left out where makers return it as it is. */
  readonly within?: string | undefined;
}

/**
 * Refuses what is not of a kind: a promise that nobody waited for, an argument in the place of another.
 *
 * @param intent The action that needs it, as in "Cannot `intent`: …".
 * @throws {TypeError} If it is no object, or lacks an entry.
 */
export function requireKind(intent: string, value: unknown, kind: ArgumentKind): void {
  const { name, has, makers, within } = kind;
  const entries = isObject(value) ? value : {};
  if (has.every((entry) => entry in entries)) return;
  const hint = value instanceof Promise
    ? "; write await before what makes it"
    : within !== undefined && within in entries
    ? `; its ${quoted(within)} is one`
    : "";
  throw new TypeError(
    `Cannot ${intent}: found ${foundValue(value, has)}, need ${name}, as ${
      makers.join(" or ")
    } makes it${hint}`,
  );
}

/**
 * Refuses options that are no object, or have a name that no option has: a misspelt one would be ignored.
 *
 * @param known An entry for every option that there is.
 * @throws {TypeError} If they are no object, or an option is unknown.
 */
export function requireOptions(
  intent: string,
  options: unknown,
  known: Readonly<Record<string, unknown>>,
): void {
  const names = Object.keys(known);
  if (!isObject(options) || Array.isArray(options) || options instanceof Promise) {
    throw new TypeError(
      `Cannot ${intent}: found ${foundValue(options)}, need an object of options: ${
        quotedList(names)
      }`,
    );
  }
  const strange = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (strange === undefined) return;
  const like = didYouMean(strange, names);
  throw new TypeError(
    `Cannot ${intent}: found the option ${quoted(strange)}, need ` +
      `${like === "" ? `only ${quotedList(names)}` : `one that there is${like}`}`,
  );
}

/**
 * Refuses what is no text.
 *
 * @param what The text, such as `the path of a model`.
 * @throws {TypeError} If it is of another type.
 */
export function requireText(
  intent: string,
  value: unknown,
  what: string,
): asserts value is string {
  if (typeof value === "string") return;
  throw new TypeError(`Cannot ${intent}: found ${foundValue(value)}, need ${what}, a text`);
}

/**
 * Refuses what is none of some words.
 *
 * @param what The entry that has the word.
 * @throws {TypeError} If it is another one, or no text.
 */
export function requireWord(
  intent: string,
  value: unknown,
  what: string,
  words: readonly string[],
): void {
  if (value === undefined || words.includes(value as string)) return;
  throw new TypeError(
    `Cannot ${intent}: found ${foundValue(value)} as ${what}, need one of ${quotedList(words)}`,
  );
}

/**
 * Refuses what is no list of texts, such as one text in its place.
 *
 * @param what The entry that has the list.
 * @throws {TypeError} If it is no list, or has something else than texts.
 */
export function requireTexts(intent: string, value: unknown, what: string): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return;
  throw new TypeError(
    `Cannot ${intent}: found ${
      foundValue(value)
    } as ${what}, need a list of texts, as in ["a", "b"]`,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A value of any kind, in a few words. */
export function foundValue(value: unknown, wanted: readonly string[] = []): string {
  if (!isObject(value)) return shown(value);
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return "an array of numbers";
  const lacking = wanted.filter((entry) => !(entry in value));
  return lacking.length === 0 ? "an object" : `an object without ${quotedList(lacking)}`;
}
