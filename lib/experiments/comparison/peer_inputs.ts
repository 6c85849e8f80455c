import type { Dataset } from "../../data/table/mod.ts";
import { fitOneHot, inputOf } from "../../data/preprocessing/mod.ts";

/** Rows of numbers, to learn from and to be tested on. */
export interface PeerInputs {
  /** Number of columns. */
  readonly columns: number;
  /** The columns whose numbers are codes of categories. */
  readonly categorical: readonly number[];
  /** Length training rows × columns, row after row. A missing value is NaN. */
  readonly train: Float32Array;
  /** Length test rows × columns, row after row. */
  readonly test: Float32Array;
}

/**
 * Prepares one-hot inputs. Columns of numbers stay as they are, including missing values. A column of
 * categories becomes one column per category of the training rows, as for this library's own networks: see
 * {@linkcode fitOneHot}. If a category is missing or unknown, and rare categories share no column, all of
 * them are 0.
 *
 * @param test Has the columns and categories of `train`.
 */
export function oneHotInputs(train: Dataset, test: Dataset): PeerInputs {
  const { categories, columns } = train;
  if (categories === undefined) {
    return { columns, categorical: [], train: train.features, test: test.features };
  }
  const encodings = categories.map((own, column) => own === null ? null : fitOneHot(train, column));
  const widths = encodings.map((encoding) => encoding?.inputs ?? 1);
  const width = widths.reduce((sum, own) => sum + own, 0);
  const encode = ({ features, rows }: Dataset) => {
    const inputs = new Float32Array(rows * width);
    for (let row = 0, to = 0; row < rows; row++) {
      for (let column = 0; column < columns; to += widths[column++]) {
        const value = features[row * columns + column];
        const encoding = encodings[column];
        if (encoding === null) inputs[to] = value;
        else {
          const place = inputOf(encoding, value);
          if (place >= 0) inputs[to + place] = 1;
        }
      }
    }
    return inputs;
  };
  return { columns: width, categorical: [], train: encode(train), test: encode(test) };
}

/**
 * Prepares the columns as they are, for libraries that take categories.
 *
 * @param test Has the columns and categories of `train`.
 */
export function codedInputs(train: Dataset, test: Dataset): PeerInputs {
  const { categories = [], columns } = train;
  const categorical = categories.flatMap((own, column) => own === null ? [] : [column]);
  return { columns, categorical, train: train.features, test: test.features };
}
