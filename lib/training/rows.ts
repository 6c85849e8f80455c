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
   * Length rows × outputs, row by row: the standardised numbers to predict. A regression has one per row;
   * an autoencoder has the features themselves. Left out: classes are predicted.
   */
  readonly targets?: Float32Array | undefined;
  /**
   * Length rows × classes, row by row: probabilities of the classes, which are learned instead of the
   * labels. Left out: the labels are learned.
   */
  readonly soft?: Float32Array | undefined;
  /**
   * Length rows: the weights of the rows in training, not negative. Only their ratios matter. Left out: all
   * rows weigh the same.
   */
  readonly weights?: Float32Array | undefined;
  /** Reads rows from a file, if they are not in memory. All arrays above are then empty. */
  readonly stream?: RowStream | undefined;
}

/** Rows in a file. They are read into memory one window at a time. */
export interface RowStream {
  /** The largest square of a number to predict; 0 if classes are predicted. */
  readonly largestSquare: number;
  /**
   * Reads the window that contains a given place of an epoch's order. It is valid until the next call.
   *
   * @param order The order of an epoch; `null` for the order of the file.
   * @param place Counted from 0.
   * @throws {Error} If the file cannot be read.
   */
  window(order: StreamOrder | null, place: number): RowWindow;
}

/** Consecutive rows of a stream's order, in memory. */
export interface RowWindow {
  /** The rows. */
  readonly rows: Rows;
  /** The order of these rows: the row at place `start` of the epoch is row number `order[0]` of `rows`. */
  readonly order: Int32Array;
  /** The place of the first row in the epoch's order. */
  readonly start: number;
  /** The place after the last row in the epoch's order. */
  readonly end: number;
}

/** The order of streamed rows in an epoch. Seed and epoch determine it. */
export interface StreamOrder {
  /** The seed of the run. */
  readonly seed: number;
  /** The epoch, counted from 0. */
  readonly epoch: number;
}

/**
 * The order of the rows in an epoch: the row numbers, or for streamed rows the seed and epoch that
 * determine them.
 */
export type EpochOrder = Int32Array | StreamOrder;

/**
 * Returns the row numbers of an order.
 *
 * @throws {TypeError} If the rows are streamed.
 */
export function rowNumbers(order: EpochOrder): Int32Array {
  if (order instanceof Int32Array) return order;
  throw new TypeError(
    "Cannot look rows up by their numbers: they are streamed, need them in memory",
  );
}
