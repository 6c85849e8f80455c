/**
 * The rows that networks learn from, in memory or in a file.
 *
 * @module
 */
/** Rows for training: the network's inputs, with classes or numbers to predict. */
export interface Rows {
  /** Number of rows. */
  readonly rows: number;
  /** Number of inputs. */
  readonly columns: number;
  /** Length rows × columns, row by row. */
  readonly features: Float32Array;
  /** Length rows: the class of every row; 0 if numbers are predicted. */
  readonly labels: Int32Array;
  /**
   * Length rows × outputs, row by row: the standardised numbers to predict, one a row or, for an autoencoder,
   * the features themselves. Left out: classes are predicted.
   */
  readonly targets?: Float32Array | undefined;
  /**
   * Length rows × classes, row by row: the probabilities of classes that are learned in place of the labels.
   * Left out: the labels are learned.
   */
  readonly soft?: Float32Array | undefined;
  /** Length rows: weights in training, not negative. Only their ratios matter. Left out: all equal. */
  readonly weights?: Float32Array | undefined;
  /** The rows, where they are not in memory: all arrays above are empty then. */
  readonly stream?: RowStream | undefined;
}

/** Rows that are in a file, and come into memory a window at a time. */
export interface RowStream {
  /** The largest square of a number to predict; 0 where classes are predicted. */
  readonly largestSquare: number;
  /**
   * The window with the row at a place in an order. It is good until the next window is asked for.
   *
   * @param order An epoch's order; `null` for the rows as they lie in the file.
   * @param place Counted from 0.
   * @throws {Error} If the file cannot be read.
   */
  window(order: StreamOrder | null, place: number): RowWindow;
}

/** Some rows of a stream, which are in memory. */
export interface RowWindow {
  /** The rows. */
  readonly rows: Rows;
  /** Their order: place `start` of the epoch has the row `order[0]` of these. */
  readonly order: Int32Array;
  /** The place in the epoch's order of the first of them. */
  readonly start: number;
  /** The place after the last of them. */
  readonly end: number;
}

/** The order of streamed rows in an epoch. It follows from seed and epoch. */
export interface StreamOrder {
  /** The seed of the run. */
  readonly seed: number;
  /** The epoch, counted from 0. */
  readonly epoch: number;
}

/** The order of the rows in an epoch: their numbers, or what they follow from where rows are streamed. */
export type EpochOrder = Int32Array | StreamOrder;

/** An order of rows that are in memory. */
export function rowNumbers(order: EpochOrder): Int32Array {
  if (order instanceof Int32Array) return order;
  throw new TypeError(
    "Cannot look rows up by their numbers: they are streamed, need them in memory",
  );
}
