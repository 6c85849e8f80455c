/**
 * Converts cells of features to numbers if they are not plain numbers, such as missing values and
 * categories. The file has more than 400 lines, because the guess of a column's kind and the conversion of
 * its cells share one state.
 *
 * @module
 */
import {
  finiteFloat,
  isDecimal,
  isInfinite,
  isMissing,
  requireCellLength,
  shownMissing,
  textAmongNumbers,
  textFloat,
} from "./cell_number.ts";
import {
  ambiguousDates,
  firstDate,
  fits,
  isAmbiguous,
  isDash,
  lookOf,
  notatedNumber,
  type Notation,
  notationsOf,
  notWritten,
  PLAIN_NUMBERS,
} from "./notation.ts";
import { sortClasses } from "./classes.ts";
import { quoted, quotedList } from "../../messages.ts";

/** The largest number of categories of a column that is categorical because a text was found in it. */
const MOST_FOUND_CATEGORIES = 1000;
/** The largest number of categories of a column that the user named as categorical. */
const MOST_CATEGORIES = 65_536;
/** A column with more different numbers than this holds numbers, and a text in it is a mistake. */
const MOST_NUMBERS_AMONG_TEXT = 20;

/** The code of a category that is not among the given ones. */
export const OTHER_CATEGORY = -1;

/** The kind of a feature whose cells are numbers. */
export const NUMBERS = 0;
/** The kind of a feature whose cells may turn out to be numbers or categories. */
const OPEN = 1;
/** The kind of a feature whose cells are categories. */
export const CATEGORIES = 2;
/** The kind of a feature whose numbers have a notation of their own, such as `$9,728`. */
const NOTATED = 3;

/** The kinds of cells that features may have in addition to numbers. */
export interface FeatureCellOptions {
  /** `true`: missing values become NaN. `false`: they are refused. */
  readonly missing: boolean;
  /** `true`: other columns with a text in them become categorical. */
  readonly auto: boolean;
  /**
   * `true`: the kinds of all columns are those of a model, and nobody may say another now. A dash among
   * numbers is then a missing value, as it was while kinds were guessed. Left out: `false`.
   */
  readonly ofModel?: boolean | undefined;
  /** The categorical columns, each with its given categories. `null`: its categories are the ones found. */
  readonly categorical: ReadonlyMap<string, readonly string[] | null>;
  /** The columns whose numbers have a notation of their own. */
  readonly notations?: ReadonlyMap<string, Notation> | undefined;
  /** The columns that may not be assumed to hold numbers. Left out: no column may. */
  readonly doubted?: ReadonlySet<string> | undefined;
}

/** Converts the cells of one table to numbers. */
export interface FeatureCells {
  /** Missing values become NaN. */
  readonly keepsMissing: boolean;
  /**
   * For every feature: `NUMBERS`, `OPEN`, `CATEGORIES` or `NOTATED`. It changes while rows are read. A
   * reader of text files may parse the cells of `NUMBERS` itself, and passes all others to `value`.
   */
  readonly kinds: Uint8Array;
  /**
   * Begins to read a table.
   *
   * @throws {TypeError} If a categorical column is not a feature, or its categories repeat.
   */
  begin(featureNames: readonly string[], where: string): void;
  /**
   * Assumes that every `OPEN` feature that is not doubted holds `NUMBERS`. Remembering the texts of all
   * numbers that may become categories would take many times longer than parsing them.
   */
  assumeNumbers(): void;
  /** The features that were assumed to hold numbers but have a text. The table must be read again. */
  readonly refuted: ReadonlySet<string>;
  /** Declares that a feature holds text. Returns `true` if it may. */
  declareText(feature: number): boolean;
  /**
   * The number to store for a cell: the number in it, NaN, or a category's code.
   *
   * @param row The number of rows before this one.
   * @param where The beginning of a message about the cell.
   * @throws {SyntaxError} If the cell is missing or not a number, and the column does not allow that.
   * @throws {RangeError} If the number is not finite, or there are too many categories.
   */
  value(feature: number, text: string, row: number, where: () => string): number;
  /** Ends a table: sorts the categories. */
  finish(): FinishedCells;
  /**
   * The columns of text whose cells are all numbers in one notation. The table must be read again with
   * these notations.
   */
  readonly found: ReadonlyMap<string, Notation>;
  /** The columns of dates whose day and month cannot be distinguished, each with such a date. */
  readonly ambiguous: ReadonlyMap<string, string>;
}

/** The outcome of a table's cells. */
export interface FinishedCells {
  /** The categories of every feature, or `undefined` if all features hold numbers. */
  readonly categories: (readonly string[] | null)[] | undefined;
  /**
   * Replaces provisional codes in neighbouring rows.
   *
   * @param features Length rows × features, row after row.
   * @param first The number of earlier rows.
   */
  recode(features: Float32Array, first: number, rows: number): void;
}

/** The codes of one feature's cells. */
interface Column {
  /** The code of every text, in the order of their first appearance. */
  readonly codes: Map<string, number>;
  /** `true` if the categories are given, such as those of a model. Other texts then get `OTHER_CATEGORY`. */
  readonly isGiven: boolean;
  readonly name: string;
  /** The notation of its numbers, if it is known. */
  readonly notation: Notation | undefined;
  /** The notations in which all texts so far can be read as numbers; `null` before the first text. */
  candidates: readonly Notation[] | null;
  /** `true` if there are more texts than a column of categories may have. */
  isFull: boolean;
  /** The dash that was found among the numbers, or `null`. */
  dash: string | null;
  /** `true` if the column is assumed to hold numbers. */
  readonly isAssumed: boolean;
  /** `true` if the column was neither named as categorical nor declared as text. */
  isGuessed: boolean;
  /** The number of texts that are numbers, if the kind is guessed. */
  numbers: number;
  /** The beginning of a message about the first text that is not a number. */
  firstText: string | null;
  /** The rows before this one hold codes. */
  codedRows: number;
}

/**
 * Prepares the conversion of a table's cells. Its `begin`, `value` and the other functions throw the errors
 * that {@linkcode FeatureCells} names.
 */
export function featureCells(
  { missing, auto, ofModel = false, categorical, notations = new Map(), doubted }:
    FeatureCellOptions,
): FeatureCells {
  let names: readonly string[] = [];
  /**
   * A column is made when it is first needed. Most columns of a wide table hold plain numbers and need
   * none.
   */
  let columns: (Column | undefined)[] = [];
  let made = 0;
  let kinds = new Uint8Array(0);
  let begun = "";
  const refuted = new Set<string>();

  function columnOf(feature: number): Column {
    const known = columns[feature];
    if (known !== undefined) return known;
    const name = names[feature];
    const own = categorical.get(name);
    const notation = categorical.has(name) ? undefined : notations.get(name);
    // A column whose kind is guessed begins with numbers only under the assumption.
    const isAssumed = auto && kinds[feature] === NUMBERS;
    made++;
    return columns[feature] = newColumn(name, own, notation, isAssumed, begun);
  }

  /** Keeps the notations of a column in which one more text can be read as a number. */
  function narrow(column: Column, word: string): void {
    if (missing && isDash(word) && (column.dash ?? word) === word) {
      column.dash = word;
    } else if (column.candidates !== null) {
      column.candidates = column.candidates.filter((notation) => fits(notation, word));
    } else if (!isDecimal(word)) {
      const others = [...column.codes.keys()].filter((text) => text !== column.dash);
      column.candidates = notationsOf(word)
        .filter((notation) => others.every((text) => fits(notation, text)));
    }
  }

  /**
   * Guesses the kind of a column from one more text. A column of few different numbers can still become
   * categorical. So its cells are stored as codes until there are more numbers.
   *
   * @returns `true` if the column holds numbers from this row on.
   */
  function guess(feature: number, text: string, row: number, where: () => string): boolean {
    const column = columnOf(feature);
    if (!isDecimal(text) && !isInfinite(text.trim())) {
      column.firstText ??= `${where()}: found ${quoted(text)}${lookOf(text.trim())}`;
      kinds[feature] = CATEGORIES;
      return false;
    }
    // Refuses a number that no 32-bit float can hold, even among categories.
    textFloat(text, where);
    if (column.codes.has(text.trim())) return false;
    if (++column.numbers <= MOST_NUMBERS_AMONG_TEXT) return false;
    if (column.firstText !== null) {
      if (mayBeNumbers(column)) return false;
      throw textAmongNumbers(column.firstText);
    }
    kinds[feature] = NUMBERS;
    column.codedRows = row;
    return true;
  }

  /** Returns `true` for a dash that stands for a missing value among a column's numbers. */
  function isMarker(word: string, notation: Notation | undefined): boolean {
    return ofModel ? isDash(word) : notation !== undefined && word === notation.missing;
  }

  /** The columns that may hold numbers in another notation. */
  function guessed(): Column[] {
    if (!auto || made === 0) return [];
    return columns.flatMap((column) =>
      column === undefined || categorical.has(column.name) ? [] : [column]
    );
  }

  return {
    keepsMissing: missing,
    get kinds() {
      return kinds;
    },
    begin(featureNames, where) {
      names = featureNames;
      begun = where;
      columns = new Array(names.length);
      made = 0;
      kinds = new Uint8Array(names.length).fill(auto ? OPEN : NUMBERS);
      if (categorical.size === 0 && notations.size === 0) return;
      names.forEach((name, feature) => {
        if (categorical.has(name)) kinds[feature] = CATEGORIES;
        else if (notations.has(name)) kinds[feature] = NOTATED;
        // Refuses categories that repeat.
        if (categorical.has(name)) columnOf(feature);
      });
      const known = new Set(categorical.size > 0 ? featureNames : []);
      const unknown = [...categorical.keys()].filter((name) => !known.has(name));
      if (unknown.length > 0) {
        throw new TypeError(
          `${where}: found no feature ${quotedList(unknown)}, need it as a column of categories`,
        );
      }
    },
    assumeNumbers() {
      if (doubted === undefined) return;
      for (let feature = 0; feature < kinds.length; feature++) {
        const isDoubted = doubted.size > 0 && doubted.has(names[feature]);
        if (kinds[feature] === OPEN && !isDoubted) kinds[feature] = NUMBERS;
      }
    },
    refuted,
    declareText(feature) {
      if (kinds[feature] === OPEN) {
        columnOf(feature).isGuessed = false;
        kinds[feature] = CATEGORIES;
      }
      return kinds[feature] === CATEGORIES || kinds[feature] === NOTATED;
    },
    value(feature, text, row, where) {
      requireCellLength(text, where);
      const column = columnOf(feature);
      const isNumber = kinds[feature] === NUMBERS;
      // A text that has a code is not a missing value, unless the categories are given.
      const known = isNumber || column.isGiven ? undefined : column.codes.get(text);
      if (known !== undefined) return known;
      const word = text.trim();
      const { notation } = column;
      const isOfNumbers = isNumber || notation !== undefined;
      if (isMissing(word) || (isOfNumbers && isMarker(word, notation))) {
        if (missing) return NaN;
        if (ofModel) {
          throw new SyntaxError(
            `${where()}: found ${shownMissing(word)}, need a ${
              isOfNumbers ? "number" : "category"
            }: ` +
              "the model learned to refuse missing values",
          );
        }
        if (notation !== undefined) throw notWritten(notation, text, where, auto);
        if (isNumber || column.isGuessed) return textFloat(text, where);
        throw new SyntaxError(`${where()}: found ${shownMissing(word)}, need a category`);
      }
      if (notation !== undefined) {
        const value = notatedNumber(notation, word);
        if (Number.isNaN(value)) throw notWritten(notation, text, where, auto);
        return finiteFloat(value, where);
      }
      const mayBeNotated = auto && !categorical.has(column.name);
      if (isNumber) {
        const isText = auto && !isDecimal(text) && !isInfinite(word);
        if (!isText) return textFloat(text, where);
        if (column.isAssumed) {
          refuted.add(column.name);
          return NaN;
        }
        narrow(column, word);
        if (mayBeNumbers(column)) return NaN;
        throw textAmongNumbers(`${where()}: found ${quoted(text)}${lookOf(word)}`);
      }
      if (column.isGiven) return column.codes.get(word) ?? OTHER_CATEGORY;
      if (mayBeNotated && !column.codes.has(word)) narrow(column, word);
      if (column.isGuessed && guess(feature, text, row, where)) return textFloat(text, where);
      const code = column.codes.get(word);
      if (code !== undefined) return code;
      const isNamed = categorical.has(column.name);
      const most = auto && !isNamed ? MOST_FOUND_CATEGORIES : MOST_CATEGORIES;
      if (column.codes.size === most && mayBeNotated && mayBeNumbers(column)) {
        column.isFull = true;
        return NaN;
      }
      if (column.codes.size === most) {
        throw new RangeError(
          `${where()}: found more than ${most} different texts, need at most ${most} categories; ` +
            `leave the column out if it tells the rows apart` +
            (auto && !isNamed ? `, or name it as categorical` : ""),
        );
      }
      column.codes.set(word, column.codes.size);
      return column.codes.size - 1;
    },
    get found() {
      return new Map(
        guessed().flatMap(({ name, candidates, dash, numbers, isFull, codes }) => {
          const [first] = candidates ?? (dash !== null && numbers > 0 ? [PLAIN_NUMBERS] : []);
          if (first === undefined) return [];
          if (!isAmbiguous(candidates ?? [])) {
            return [[name, dash === null ? first : { ...first, missing: dash }]];
          }
          if (isFull) {
            throw ambiguousDates(`${begun}, column ${quoted(name)}`, firstDate(codes, dash));
          }
          return [];
        }),
      );
    },
    get ambiguous() {
      return new Map(
        guessed().filter(({ candidates }) => isAmbiguous(candidates ?? []))
          .map(({ name, codes, dash }) => [name, firstDate(codes, dash)]),
      );
    },
    finish() {
      if (made === 0) return { categories: undefined, recode: () => {} };
      const width = columns.length;
      /**
       * The features with provisional codes, the numbers that replace them, and the end of the rows that
       * have them.
       */
      const coded: { feature: number; numbers: Float32Array; until: number }[] = [];
      const categories = Array.from(columns, (column, feature) => {
        if (column === undefined) return null;
        const { codes, isGiven, codedRows } = column;
        const isCategorical = kinds[feature] === CATEGORIES;
        if (codes.size === 0 && !isCategorical) return null;
        if (isGiven) return [...codes.keys()];
        const sorted = isCategorical ? sortClasses([...codes.keys()]) : null;
        const places = new Map(sorted?.map((text, place) => [text, place]));
        const numbers = Float32Array.from(codes.keys(), (text) => places.get(text) ?? Number(text));
        coded.push({ feature, numbers, until: codedRows });
        return sorted;
      });
      return {
        categories: categories.every((names) => names === null) ? undefined : categories,
        recode(features, first, rows) {
          for (const { feature, numbers, until } of coded) {
            const end = Math.min(until - first, rows) * width;
            for (let i = feature; i < end; i += width) {
              if (!Number.isNaN(features[i])) features[i] = numbers[features[i]];
            }
          }
        },
      };
    },
  };
}

function newColumn(
  name: string,
  categories: readonly string[] | null | undefined,
  notation: Notation | undefined,
  isAssumed: boolean,
  where: string,
): Column {
  const codes = new Map<string, number>();
  categories?.forEach((category, code) => codes.set(category, code));
  if (Array.isArray(categories) && codes.size !== categories.length) {
    throw new TypeError(
      `${where}: found the categories ${quotedList(categories)} for column ${quoted(name)}, ` +
        `need each once`,
    );
  }
  return {
    name,
    notation,
    candidates: null,
    isFull: false,
    dash: null,
    codes,
    isGiven: Array.isArray(categories),
    isAssumed,
    isGuessed: categories === undefined,
    numbers: 0,
    firstText: null,
    codedRows: Infinity,
  };
}

/** Returns `true` if all texts of a column so far can be read as numbers. */
function mayBeNumbers({ candidates, dash }: Column): boolean {
  return candidates === null ? dash !== null : candidates.length > 0;
}
