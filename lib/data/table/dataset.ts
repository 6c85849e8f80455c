import { requireKind } from "../../arguments.ts";
import { plural } from "../../messages.ts";
import type { Notation } from "./notation.ts";

/** A table ready for training: numbers as features, one class or one number as the target. */
export interface Dataset {
  /**
   * Length rows × columns, row after row. A missing value is NaN. A column of categories holds codes: the
   * place among the column's categories, or −1 for an unknown category.
   */
  readonly features: Float32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Number of feature columns. */
  readonly columns: number;
  /** The feature columns' names, in order. */
  readonly featureNames: readonly string[];
  /** For every column, its categories, or `null` for numbers. `undefined`: all columns hold numbers. */
  readonly categories?: readonly (readonly string[] | null)[] | undefined;
  /**
   * For every column, the notation of its numbers in the file, or `null` for plain numbers. `undefined`:
   * all are plain.
   */
  readonly notations?: readonly (Notation | null)[] | undefined;
  /** Length rows: the class of every row, as an index into `classes`. 0 if there are no classes. */
  readonly labels: Int32Array;
  /**
   * The class labels as they are written in the file, sorted (numerically if all are numbers). Empty if the
   * target is a number.
   */
  readonly classes: readonly string[];
  /** Length rows: the target of every row, if it is a number and not a class. */
  readonly targets?: Float32Array | undefined;
  /** Length rows: the weights of rows in training and in scores, not negative. Left out: all equal. */
  readonly weights?: Float32Array | undefined;
  /** The notation of the targets in the file. `undefined`: plain numbers, or classes. */
  readonly targetNotation?: Notation | undefined;
  /** The name of the target column. */
  readonly target: string;
  /** The rows' origin: a file's path, or a data set's name. */
  readonly source: string;
}

/**
 * Checks that a value is a data set.
 *
 * @param intent The action that needs the data set, as in "Cannot `intent`: …".
 * @throws {TypeError} If the value has no rows, or has arrays whose lengths do not fit the rows.
 */
export function requireDataset(intent: string, value: unknown): asserts value is Dataset {
  requireKind(intent, value, {
    name: "a data set",
    has: ["features", "rows", "columns", "featureNames", "labels", "classes"],
    makers: ["datasetFromArrays"],
    within: "dataset",
  });
  const { features, rows, columns, labels, targets, weights } = value as Dataset;
  const lengths = [
    ["features", features, rows * columns],
    ["labels", labels, rows],
    ["targets", targets, rows],
    ["weights", weights, rows],
  ] as const;
  for (const [name, array, needed] of lengths) {
    if (array === undefined || array.length === needed) continue;
    throw new TypeError(
      `Cannot ${intent}: found ${array.length} ${name} in a data set of ${
        plural(rows, "row")
      } and ` +
        `${plural(columns, "column")}, need ${needed}`,
    );
  }
}
