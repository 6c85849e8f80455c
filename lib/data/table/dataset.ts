import { requireKind } from "../../arguments.ts";
import { plural } from "../../messages.ts";
import type { Notation } from "./notation.ts";

/** A table ready for training: numbers in, one class or one number out. */
export interface Dataset {
  /**
   * Length rows × columns, row after row. A missing value is NaN. In a column of categories these
   * are codes: the place among the column's categories, or −1 for one that is not among them.
   */
  readonly features: Float32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Number of feature columns. */
  readonly columns: number;
  /** The feature columns' names, in order. */
  readonly featureNames: readonly string[];
  /** For every column, its categories, or `null` for numbers. `undefined` where all hold numbers. */
  readonly categories?: readonly (readonly string[] | null)[] | undefined;
  /** For every column, how its numbers are written in the file, or `null`. `undefined`: all plainly. */
  readonly notations?: readonly (Notation | null)[] | undefined;
  /** Length rows: the class of every row, as an index into `classes`; 0 where there are none. */
  readonly labels: Int32Array;
  /**
   * The class labels as they are written in the file, sorted (numerically where all are numbers).
   * Empty where the target is a number.
   */
  readonly classes: readonly string[];
  /** Length rows: the target of every row, where it is a number and no class. */
  readonly targets?: Float32Array | undefined;
  /** Length rows: the weights of rows in training and in scores, not negative. Left out: all equal. */
  readonly weights?: Float32Array | undefined;
  /** The way in which the targets are written in the file; `undefined` where plainly, or where classes. */
  readonly targetNotation?: Notation | undefined;
  /** The name of the target column. */
  readonly target: string;
  /** The rows' origin: a file's path, or a data set's name. */
  readonly source: string;
}

/**
 * Refuses what is no data set.
 *
 * @param intent The action that needs it, as in "Cannot `intent`: …".
 * @throws {TypeError} If it lacks the rows of one, or has arrays that do not fit them.
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
