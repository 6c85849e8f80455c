/**
 * Makes new rows between the rows of a table. An ensemble can predict probabilities for them, though it did
 * not train on them. Any number of such rows can be made.
 *
 * C. Bucila, R. Caruana and A. Niculescu-Mizil, "Model compression", KDD 2006,
 * https://doi.org/10.1145/1150402.1150464, mix each row with its nearest neighbour. Here a row is mixed
 * with the nearest of some drawn rows, so the time grows only linearly with the rows, and each of its mixed
 * rows has another neighbour.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import type { Random } from "../../random.ts";

/**
 * The number of drawn rows, of which the nearest is taken. Of 16, 64 and 256, students learned most from
 * 256, on held-out training rows of six tables.
 */
const DRAWN = 256;

/** The share of columns that are taken from the other row. */
const CHANGED = 0.5;

/**
 * Mixes every row with a row near to it, in about half of its columns. A number becomes a random number
 * between those of the two rows. A category or a missing value is taken from the other row.
 *
 * @param inputs Length rows × width: the preprocessed rows, by which distances are measured.
 * @returns Length rows × columns, row by row, laid out as the table's features.
 */
export function mixedRows(
  { features, rows, columns, categories }: Pick<
    Dataset,
    "features" | "rows" | "columns" | "categories"
  >,
  inputs: Float32Array,
  width: number,
  random: Random,
): Float32Array {
  const mixed = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const other = nearest(row, rows, inputs, width, random);
    for (let c = 0; c < columns; c++) {
      const own = features[row * columns + c];
      const theirs = features[other * columns + c];
      const isChanged = random.float() < CHANGED;
      const share = random.float();
      const isNumber = !categories?.[c] && !Number.isNaN(own) && !Number.isNaN(theirs);
      mixed[row * columns + c] = !isChanged
        ? own
        : isNumber
        ? own + share * (theirs - own)
        : theirs;
    }
  }
  return mixed;
}

/** The nearest of some drawn rows. It is not the row itself, unless the table has no other. */
function nearest(
  row: number,
  rows: number,
  inputs: Float32Array,
  width: number,
  random: Random,
): number {
  let [best, least] = [row, Infinity];
  for (let draw = 0; draw < DRAWN; draw++) {
    const other = random.below(rows);
    if (other === row) continue;
    let distance = 0;
    for (let i = 0; i < width; i++) {
      distance += (inputs[row * width + i] - inputs[other * width + i]) ** 2;
    }
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}
