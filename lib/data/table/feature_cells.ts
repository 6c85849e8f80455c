/**
 * What reading makes of the cells of features that are no plain numbers: missing values and categories.
 *
 * @module
 */
import { isMissing } from "./cell_error.ts";
import { sortClasses } from "./classes.ts";
import { quoted, quotedList } from "../../messages.ts";

/** A column that turns out to hold categories has at most so many. */
export const MOST_FOUND_CATEGORIES = 1000;
/** A column that was said to hold categories has at most so many. */
export const MOST_CATEGORIES = 65_536;
/** A column of text with more different numbers than this is a column of numbers with a mistake. */
export const MOST_NUMBERS_AMONG_TEXT = 20;

/** The code of a category that is not among those asked for. */
export const OTHER_CATEGORY = -1;

/** What columns may hold beside numbers. */
export interface FeatureCellOptions {
  /** Whether a missing value is read, as NaN. */
  readonly missing: boolean;
  /** Whether a column with text in it becomes one of categories. */
  readonly auto: boolean;
  /** The columns of categories; with the categories they may have, or `null` for those found. */
  readonly categorical: ReadonlyMap<string, readonly string[] | null>;
  /** Where text was found first, of the categorical columns that were found by it. */
  readonly found: ReadonlyMap<string, string>;
}

/** Takes the cells of one reading of a table. */
export interface FeatureCells {
  /** Told the features, in order; answers which of them hold categories. */
  begin(featureNames: readonly string[], where: string): ReadonlySet<number>;
  /**
   * The number to store for a cell that is no number, or any cell of a column of categories: NaN, a
   * category's code, or `null` where a number is needed.
   */
  value(feature: number, text: string, where: () => string): number | null;
  /** Columns of numbers that turned out to hold text: the beginning of a message for each. */
  readonly texts: ReadonlyMap<string, string>;
  /** Sorts the categories and renumbers their codes; `undefined` where no column has any. */
  finish(features: Float32Array, rows: number): (readonly string[] | null)[] | undefined;
}

/** The codes of one column. */
interface ColumnCodes {
  readonly name: string;
  readonly codes: Map<string, number>;
  /** Whether other categories than those given are refused a code. */
  readonly given: boolean;
}

/** Makes ready to take the cells of a table. */
export function featureCells(options: FeatureCellOptions): FeatureCells {
  const { missing, auto, categorical, found } = options;
  const texts = new Map<string, string>();
  let names: readonly string[] = [];
  let columns: (ColumnCodes | undefined)[] = [];

  function refuseTooMany({ name, codes }: ColumnCodes, where: string): void {
    const isFound = found.has(name);
    const most = isFound ? MOST_FOUND_CATEGORIES : MOST_CATEGORIES;
    if (codes.size <= most) return;
    refuseMixed(name, codes);
    throw new RangeError(
      `${where}: found more than ${most} different texts, need at most ${most} categories; ` +
        `leave the column out if it tells the rows apart` +
        (isFound ? `, or name it as categorical` : ""),
    );
  }

  function refuseMixed(name: string, codes: ReadonlyMap<string, number>): void {
    const first = found.get(name);
    if (first === undefined) return;
    const numbers = [...codes.keys()].filter((text) => Number.isFinite(Number(text)));
    if (numbers.length <= MOST_NUMBERS_AMONG_TEXT || numbers.length === codes.size) return;
    throw new SyntaxError(
      `${first}, need a number, as in most of the column's cells; ` +
        `name the column as categorical if its numbers are names`,
    );
  }

  return {
    texts,
    begin(featureNames, where) {
      names = featureNames;
      columns = names.map((name) => {
        const given = categorical.get(name);
        if (given === undefined) return undefined;
        const codes = new Map(given?.map((category, code) => [category, code]));
        if (given !== null && codes.size !== given.length) {
          throw new TypeError(
            `${where}: found the categories ${quotedList(given)} for column ${quoted(name)}, ` +
              `need each once`,
          );
        }
        return { name, codes, given: given !== null };
      });
      const unknown = [...categorical.keys()].filter((name) => !names.includes(name));
      if (unknown.length > 0) {
        throw new TypeError(
          `${where}: found no feature ${quotedList(unknown)}, need it as a column of categories`,
        );
      }
      return new Set(columns.keys().filter((place) => columns[place] !== undefined));
    },
    value(feature, text, where) {
      // Beyond the features is a target of numbers, which is none of this module's.
      if (feature >= names.length) return null;
      const word = text.trim();
      const column = columns[feature];
      if (word === "" || isMissing(word)) {
        if (missing) return NaN;
        if (column === undefined) return null;
        const shown = word === "" ? "an empty cell" : `${quoted(text)}, a missing value`;
        throw new SyntaxError(`${where()}: found ${shown}, need a category`);
      }
      if (column === undefined) {
        if (!auto || isInfinite(word)) return null;
        const name = names[feature];
        if (!texts.has(name)) texts.set(name, `${where()}: found ${quoted(text)}`);
        return 0;
      }
      const code = column.codes.get(word);
      if (code !== undefined) return code;
      if (column.given) return OTHER_CATEGORY;
      column.codes.set(word, column.codes.size);
      refuseTooMany(column, where());
      return column.codes.size - 1;
    },
    finish(features, rows) {
      if (columns.every((column) => column === undefined)) return undefined;
      return columns.map((column, feature) => {
        if (column === undefined) return null;
        const { name, codes, given } = column;
        if (given) return [...codes.keys()];
        refuseMixed(name, codes);
        const sorted = sortClasses(codes.keys());
        renumber(features, rows, columns.length, feature, codes, sorted);
        return sorted;
      });
    },
  };
}

function isInfinite(word: string): boolean {
  return /^[+-]?inf(inity)?$/i.test(word);
}

function renumber(
  features: Float32Array,
  rows: number,
  width: number,
  feature: number,
  codes: ReadonlyMap<string, number>,
  sorted: readonly string[],
): void {
  const places = new Map(sorted.map((category, code) => [category, code]));
  const renumbered = Float32Array.from(codes.keys(), (category) => places.get(category)!);
  for (let i = feature; i < rows * width; i += width) {
    if (!Number.isNaN(features[i])) features[i] = renumbered[features[i]];
  }
}
