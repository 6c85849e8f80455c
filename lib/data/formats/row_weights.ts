/**
 * The column with the weights of a table's rows. It is read as one more feature and then taken out.
 *
 * @module
 */
import {
  checkRowWeights,
  type ReadDatasetOptions,
  type SideColumn,
  weightsIn,
} from "../table/mod.ts";
import { quoted, quotedPath } from "../../messages.ts";
import { cellPlace, rowInFile } from "./column_texts.ts";
import { nameOf, type TableSource } from "./table_reader.ts";

/** The column of a table with the weights of its rows. */
export interface WeightsOption {
  /**
   * The column with the weight of every row in training and in scores: a number from 0. The column is not a
   * feature. Left out: all rows have the same weight.
   */
  readonly weights?: string | undefined;
}

/**
 * Returns options that read the weights as one more feature.
 *
 * @param name The table's name in messages.
 * @throws {TypeError} If the column is the target, or a feature.
 */
export function besideWeights<Options extends ReadDatasetOptions & WeightsOption>(
  name: string,
  options: Options,
  weights: string,
): Omit<Options, "weights"> & { readonly weights: undefined } {
  const { featureNames, ignore, categorical = "auto" } = options;
  const isTarget = weights === options.target;
  if (isTarget || featureNames?.includes(weights)) {
    throw new TypeError(
      `Cannot read ${quotedPath(name)}: found ${quoted(weights)} as ` +
        `${isTarget ? "the target" : "a feature"} and as the weights of rows, need another column`,
    );
  }
  return {
    ...options,
    weights: undefined,
    featureNames: featureNames && [...featureNames, weights],
    ignore: ignore?.filter((name) => name !== weights),
    categorical: besideNamed(categorical, weights),
  };
}

/** The columns of categories without that of the weights. An empty list would refuse text. */
function besideNamed(
  categorical: NonNullable<ReadDatasetOptions["categorical"]>,
  weights: string,
): NonNullable<ReadDatasetOptions["categorical"]> {
  if (!Array.isArray(categorical) || !categorical.includes(weights)) return categorical;
  const others = categorical.filter((name) => name !== weights);
  return others.length === 0 ? "auto" : others;
}

/** Takes the weights of neighbouring rows, one part of a table after the other. */
export interface RowWeights {
  /** Begins the table anew. */
  begin(): void;
  /**
   * The weights of the next rows. `null` if one of them, or an earlier row, has no weight.
   *
   * @param first The number of rows before these.
   */
  take(column: SideColumn, first: number): Float32Array | null;
  /**
   * Ends the table.
   *
   * @throws {RangeError} If a row has no weight, or all weigh 0.
   */
  check(): Promise<void>;
}

/**
 * Takes the weights of a table that is read with the options of {@linkcode besideWeights}. Its `check`
 * throws a `RangeError` if a row has no weight, or all weights are 0.
 */
export function rowWeights(
  file: TableSource,
  options: ReadDatasetOptions,
  name: string,
): RowWeights {
  let wrong: { readonly row: number; readonly message: string } | null = null;
  let largest = 0;
  return {
    begin() {
      wrong = null;
      largest = 0;
    },
    take(column, first) {
      const { weights, wrong: own } = weightsIn(column);
      if (own !== null) wrong ??= { ...own, row: first + own.row };
      if (wrong !== null) return null;
      for (const weight of weights) if (weight > largest) largest = weight;
      return weights;
    },
    async check() {
      if (wrong !== null) {
        const row = await rowInFile(file, options, wrong.row);
        throw new RangeError(`${await cellPlace(file, name, row)}: ${wrong.message}`);
      }
      // All weights are known to be finite and not negative.
      const begin = `Cannot read ${quotedPath(nameOf(file))}, column ${quoted(name)}`;
      checkRowWeights(Float32Array.of(largest), begin);
    },
  };
}
