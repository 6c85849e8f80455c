/**
 * A setting: one sentence, one default, one check. The command line, the pages and the checks of a run
 * take them from here.
 *
 * @module
 */
import { didYouMean, quoted, quotedList, shown } from "./messages.ts";

/** A setting of a run. */
export interface Setting<T> {
  /** The sentence on it, without the full stop. */
  readonly says: string;
  /** The words that it can be, or the kind of its value. */
  readonly value:
    | readonly string[]
    | "count"
    | "number"
    | "share"
    | "sizes"
    | "true|false"
    | "true"
    | "json";
  /** Its value in the paper's recipe. */
  readonly default: T;
  /**
   * Checks a value and copies it.
   *
   * @param name The setting's name, for the error.
   * @throws {TypeError} If it is of the wrong type.
   * @throws {RangeError} If it is out of its range.
   */
  readonly read: (value: unknown, name: string) => T;
}

/** A setting for every key of an interface. */
export type SettingTable<Settings> = {
  readonly [Name in keyof Settings]-?: Setting<Settings[Name]>;
};

/** The error about the value of a setting. */
export function settingError(
  name: string,
  found: unknown,
  need: string,
  Kind: TypeErrorConstructor | RangeErrorConstructor = RangeError,
): Error {
  return new Kind(`Cannot use setting ${quoted(name)}: found ${shown(found)}, need ${need}`);
}

/** The error about a name that no setting has. */
export function unknownSetting(name: string, known: readonly string[]): TypeError {
  return new TypeError(
    `Cannot use setting ${quoted(name)}: there is none of this name${didYouMean(name, known)}`,
  );
}

/** A number in a range, whose ends belong to it unless the kind says `above` or `below` them. */
export function number(
  says: string,
  standard: number,
  from: number,
  to: number,
  kind: "any" | "integer" | "above" | "below" = "any",
): Setting<number> {
  const [low, high] = [kind === "above" ? "above " : "", kind === "below" ? "below " : ""];
  const range = ` (range: ${low}${from} to ${high}${to})`;
  const value = kind === "integer" ? "count" : to === 1 ? "share" : "number";
  return { says, value, default: standard, read: numberReader(from, to, kind, range) };
}

/** Makes a check of numbers. Of the conditions that do not hold, the first is told. */
function numberReader(from: number, to: number, kind: string, range: string) {
  const conditions: [need: string, holds: (value: number) => boolean][] = [
    kind === "integer" ? ["an integer", Number.isInteger] : ["a finite number", Number.isFinite],
    kind === "above"
      ? [`more than ${from}`, (x) => x > from]
      : [`at least ${from}`, (x) => x >= from],
    kind === "below" ? [`less than ${to}`, (x) => x < to] : [`at most ${to}`, (x) => x <= to],
  ];
  return (value: unknown, name: string): number => {
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw settingError(name, value, "a number", TypeError);
    }
    const broken = conditions.find(([, holds]) => !holds(value));
    if (broken !== undefined) throw settingError(name, value, broken[0] + range);
    return value;
  };
}

/** An integer from one number to another. */
export function integer(
  says: string,
  standard: number,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER,
): Setting<number> {
  return number(says, standard, from, to, "integer");
}

/** A number above 0. */
export function positive(says: string, standard: number, to: number): Setting<number> {
  return number(says, standard, 0, to, "above");
}

/** A share of something that cannot be all of it. */
export function share(says: string, standard: number): Setting<number> {
  return number(says, standard, 0, 1, "below");
}

/** A number, or `null` for none. */
export function orNull(
  setting: Setting<number>,
  standard: number | null = setting.default,
): Setting<number | null> {
  const read = (value: unknown, name: string) => value === null ? null : setting.read(value, name);
  return { ...setting, default: standard, read };
}

/** A setting that runs need not have; by default they do not. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  const read = (value: unknown, name: string) =>
    value === undefined ? undefined : setting.read(value, name);
  return { ...setting, default: undefined, read };
}

/** One of some words, by default the first. */
export function choice<const Word extends string>(
  says: string,
  words: readonly Word[],
  standard: NoInfer<Word> = words[0],
): Setting<Word> {
  const read = (value: unknown, name: string) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const Kind = typeof value === "string" ? RangeError : TypeError;
    throw settingError(name, value, `one of ${quotedList(words)}`, Kind);
  };
  return { says, value: words, default: standard, read };
}

/** Yes or no. */
export function toggle(says: string, standard: boolean): Setting<boolean> {
  const read = (value: unknown, name: string) => {
    if (typeof value === "boolean") return value;
    throw settingError(name, value, "a boolean", TypeError);
  };
  return { says, value: "true|false", default: standard, read };
}

/** Yes; where it is not given, no. `false` is read as if it were not given. */
export function yes(says: string): Setting<true | undefined> {
  const { read } = toggle(says, false);
  return {
    says,
    value: "true",
    default: undefined,
    read: (value, name) => read(value, name) ? true : undefined,
  };
}

/** A list of sizes from 1. */
export function sizes(says: string, standard: readonly number[]): Setting<readonly number[]> {
  const read = listOf(numberReader(1, 2 ** 31 - 1, "integer", ""));
  return { says, value: "sizes", default: Object.freeze(standard), read };
}

/** Makes a check of lists with at most 100 items. */
export function listOf<T>(read: Setting<T>["read"]): Setting<readonly T[]>["read"] {
  return (value, name) => {
    if (!Array.isArray(value)) throw settingError(name, value, "an array", TypeError);
    if (value.length > 100) throw settingError(name, value, "at most 100");
    return value.map((item, i) => read(item, `${name}.${i}`));
  };
}
