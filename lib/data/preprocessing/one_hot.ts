/**
 * Categories as inputs: one input for each, 1 in the rows that have it and 0 elsewhere, as
 * scikit-learn's `OneHotEncoder(handle_unknown="infrequent_if_exist")` makes them.
 *
 * @module
 */
import type { Dataset } from "../table/mod.ts";
import { quoted } from "../../messages.ts";

/** Categories in fewer training rows than this have no input of their own. */
export const RARE_ROWS = 5;
/** The maximal number of a column's categories with an input of their own: the most frequent ones. */
export const MOST_INPUTS = 255;

/** The place of a category that no training row has. */
const UNSEEN = -1;

/** A column of categories, and the inputs that they become. */
export interface OneHotColumn {
  /** The raw column. */
  readonly column: number;
  /** Its categories. The code of a raw value is its index in this list. */
  readonly categories: readonly string[];
  /**
   * For every category its place among the column's inputs, or −1 for one that no training row has.
   * Without inputs all others have place 0.
   */
  readonly places: Int32Array;
  /** The number of inputs that the column becomes; 0 if the training rows have one category only. */
  readonly inputs: number;
  /**
   * `true` if the last input is shared by all categories that are rare in the training rows (in fewer
   * than 5 of them, or beyond the 255 most frequent) and by all others that turn up later. `false`:
   * the inputs of such a category are all 0.
   */
  readonly shared: boolean;
}

/** Finds the inputs of a column's categories. */
export function fitOneHot(train: Dataset, column: number): OneHotColumn {
  const { features, rows, columns } = train;
  const categories = train.categories![column]!;
  const counts = new Int32Array(categories.length);
  for (let i = column; i < rows * columns; i += columns) {
    const code = features[i];
    if (code >= 0) counts[code]++;
  }
  return oneHotOf(column, categories, counts);
}

/**
 * The inputs of a column's categories.
 *
 * @param counts For every category, the number of training rows that have it.
 */
export function oneHotOf(
  column: number,
  categories: readonly string[],
  counts: Int32Array,
): OneHotColumn {
  const frequent = [...counts.keys()].filter((code) => counts[code] >= RARE_ROWS)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, MOST_INPUTS)
    .sort((a, b) => a - b);
  const own = new Map(frequent.map((code, place) => [code, place]));
  const shared = counts.some((count, code) => count > 0 && !own.has(code));
  const inputs = frequent.length + (shared ? 1 : 0);
  // A single input would be the same in every row.
  const used = inputs > 1 ? inputs : 0;
  const places = Int32Array.from(
    counts,
    (count, code) => count === 0 ? UNSEEN : used === 0 ? 0 : own.get(code) ?? frequent.length,
  );
  return {
    column,
    categories: [...categories],
    places,
    inputs: used,
    shared: used > 0 && shared,
  };
}

/**
 * The input that is 1 for a raw value, or −1 where none is: the value is missing, or the category
 * unknown and no input shared.
 */
export function inputOf({ places, inputs, shared }: OneHotColumn, code: number): number {
  if (inputs === 0 || Number.isNaN(code)) return -1;
  const place = places[code] ?? UNSEEN;
  return place !== UNSEEN ? place : shared ? inputs - 1 : -1;
}

/** Returns `true` for a raw value that is a category of no training row. */
export function isUnseen({ places }: OneHotColumn, code: number): boolean {
  return !Number.isNaN(code) && (places[code] ?? UNSEEN) === UNSEEN;
}

/**
 * Checks a column that comes from outside, such as a model file.
 *
 * @param name The column's name, for messages.
 * @throws {TypeError} If lengths do not fit together or a category occurs twice.
 * @throws {RangeError} If a place is none of the inputs.
 */
export function validateOneHot(
  { categories, places, inputs, shared }: OneHotColumn,
  name: string,
): void {
  const begin = `Cannot use a preprocessing: column ${quoted(name)}`;
  if (new Set(categories).size !== categories.length || places.length !== categories.length) {
    throw new TypeError(
      `${begin} has ${categories.length} categories and ${places.length} places, ` +
        `need as many, and each category once`,
    );
  }
  if (!Number.isSafeInteger(inputs) || inputs < 0 || inputs > MOST_INPUTS + 1 || inputs === 1) {
    throw new RangeError(`${begin} has ${inputs} inputs, need 0 or 2 to ${MOST_INPUTS + 1}`);
  }
  if (shared && inputs === 0) throw new RangeError(`${begin} shares an input, and has none`);
  const last = Math.max(0, inputs - 1);
  const bad = places.findIndex((place) => place < UNSEEN || place > last);
  if (bad >= 0) {
    throw new RangeError(
      `${begin} has ${places[bad]} as the place of ${quoted(categories[bad])}, need −1 to ${last}`,
    );
  }
}
