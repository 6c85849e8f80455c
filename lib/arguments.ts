/**
 * Checks of arguments from scripts: `deno run` and notebooks do not check types.
 *
 * @module
 */
import { didYouMean, quoted, quotedList, shown } from "./messages.ts";

/** A kind of argument: an object that some functions of the library return and others take. */
export interface ArgumentKind {
  /** Its name with an article, such as `a model`. */
  readonly name: string;
  /** The entries that every such object has. */
  readonly has: readonly string[];
  /** The functions that return it. */
  readonly makers: readonly string[];
  /** The entry of a maker's result that holds the object. Left out: the result is the object. */
  readonly within?: string | undefined;
}

/**
 * Checks that a value is of a kind, and not for example a promise without `await`, or another argument.
 *
 * @param intent The action that needs the value, as in "Cannot `intent`: …".
 * @throws {TypeError} If the value is no object, or lacks an entry.
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
 * Checks that options are an object with known names only. A misspelt option would otherwise be ignored.
 *
 * @param known An entry for every existing option.
 * @throws {TypeError} If the options are no object, or an option is unknown.
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
 * Checks that a value is a text.
 *
 * @param what The text, such as `the path of a model`.
 * @throws {TypeError} If the value is of another type.
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
 * Checks that a value is one of some words, or undefined.
 *
 * @param what The name of the argument that has the value.
 * @throws {TypeError} If it is not.
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
 * Checks that a value is a list of texts, or undefined. A single text is an error.
 *
 * @param what The name of the argument that has the list.
 * @throws {TypeError} If the value is no list, or has an element that is no text.
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

/** Describes a value of any type in a few words, for errors. */
export function foundValue(value: unknown, wanted: readonly string[] = []): string {
  if (!isObject(value)) return shown(value);
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return "an array of numbers";
  const lacking = wanted.filter((entry) => !(entry in value));
  return lacking.length === 0 ? "an object" : `an object without ${quotedList(lacking)}`;
}
