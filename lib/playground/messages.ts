/**
 * The messages between the page and its worker. All messages can be cloned.
 *
 * @module
 */

import type { Notation } from "../data/table/mod.ts";

/** The kind of a target: classes, or numbers. */
export type Task = "classification" | "regression";

/** A message to the worker. */
export type Request =
  /** Opens a table. It replaces the one before. */
  | { readonly type: "open"; readonly name: string; readonly bytes: Uint8Array }
  /** Asks about a column as a target. */
  | { readonly type: "describe"; readonly target: string }
  /** Trains on the open table. */
  | {
    readonly type: "train";
    readonly target: string;
    readonly task: Task;
    readonly members: number;
  }
  /** Ends training after this batch. Finished members stay. */
  | { readonly type: "stop" }
  /** Asks for the prediction of a row of the model's columns. */
  | { readonly type: "predict"; readonly row: readonly Cell[] }
  /** Asks for the model's file. */
  | { readonly type: "save" };

/** A cell of a row: a number, a category, or a missing value. */
export type Cell = number | string | null;

/** A table that was opened. */
export interface OpenedTable {
  readonly name: string;
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The first rows, as they are written. */
  readonly preview: readonly (readonly string[])[];
  readonly rows: number;
  /** The size of the table's text in bytes. */
  readonly bytes: number;
}

/** A column as a target. */
export interface DescribedTarget {
  readonly target: string;
  /** The number of rows. */
  readonly rows: number;
  /** The number of different texts. */
  readonly different: number;
  /** The more likely kind. */
  readonly task: Task;
}

/** The plan of training. */
export interface Plan {
  readonly task: Task;
  readonly members: number;
  readonly epochs: number;
  readonly trainingRows: number;
  readonly heldOutRows: number;
  readonly testRows: number;
  readonly classes: readonly string[];
  /** The number of connections of a network, and of a dense network of the same widths. */
  readonly connections: number;
  readonly denseConnections: number;
  /** Sentences about cells that were not taken as they are written. */
  readonly remarks: readonly string[];
}

/** A finished epoch. */
export interface EpochNews {
  /** Counted from 1, over all members. */
  readonly epoch: number;
  readonly epochs: number;
  /** Counted from 0. */
  readonly member: number;
  readonly loss: number;
  readonly heldOutLoss: number | null;
  /** The accuracy; `null` if numbers are predicted. */
  readonly accuracy: number | null;
  readonly heldOutAccuracy: number | null;
  /** Seconds since training began. */
  readonly seconds: number;
}

/** The connections of the first layer that evolves, by column of the table. */
export interface LayerNews {
  /** The member, counted from 0. */
  readonly member: number;
  /** The neurons of the layer. */
  readonly neurons: number;
  /** The names of the columns that are shown. */
  readonly columns: readonly string[];
  /** The columns that are not shown. */
  readonly hidden: number;
  /** For each column, its current number of connections. */
  readonly counts: readonly number[];
  /** For each column, its number of connections when the member began. */
  readonly before: readonly number[];
  /** Length columns × neurons: the connections of a column with a neuron, 255 at most. */
  readonly cells: Uint8Array;
  /** Length columns × neurons: 1 if the last change added connections, otherwise 0. */
  readonly grown: Uint8Array;
}

/** The importance of a column. */
export interface ImportanceNews {
  readonly column: string;
  readonly loss: number;
  readonly low: number;
  readonly high: number;
}

/** A column of the table as a control for trying rows. */
export type TriedColumn =
  | {
    readonly kind: "number";
    readonly name: string;
    readonly least: number;
    readonly most: number;
    readonly median: number;
    readonly isWhole: boolean;
    /** The notation of the numbers in the table; `null` for plain numbers. */
    readonly notation: Notation | null;
  }
  | { readonly kind: "categories"; readonly name: string; readonly categories: readonly string[] };

/** A test row. */
export interface TestRow {
  readonly cells: readonly Cell[];
  /** Its class, or its number. */
  readonly truth: string | number;
}

/** The score of the ensemble on the test rows. */
export type Score =
  | {
    readonly kind: "classes";
    readonly accuracy: number;
    readonly interval: { readonly low: number; readonly high: number } | null;
    readonly baseline: { readonly class: string; readonly accuracy: number };
    readonly logLoss: number;
    readonly members: readonly number[];
    readonly classes: readonly string[];
    /** One row per true class, one column per predicted class. */
    readonly confusion: readonly (readonly number[])[];
  }
  | {
    readonly kind: "numbers";
    readonly r2: number;
    readonly rmse: number;
    readonly mae: number;
    /** The RMSE of predicting the mean of the training rows. */
    readonly baseline: number;
    /** Some of the test rows. */
    readonly points: readonly { readonly truth: number; readonly predicted: number }[];
  };

/** The outcome of training. */
export interface Outcome {
  /** The number of finished members. */
  readonly members: number;
  readonly planned: number;
  readonly seconds: number;
  readonly testRows: number;
  readonly score: Score;
  /** The columns that can be tried, in the order of a row. `null`: the column is not used. */
  readonly columns: readonly (TriedColumn | null)[];
  /** A row to begin with, and others to try. */
  readonly rows: readonly TestRow[];
  /** The notation of the numbers to predict; `null` for plain numbers, or for classes. */
  readonly targetNotation: Notation | null;
  /** The number of connections of all members, and of dense members of the same widths. */
  readonly connections: number;
  readonly denseConnections: number;
  /** The size of the model's file in bytes. */
  readonly fileBytes: number;
  /** The commands that train the same model on a command line, and predict with the model's file. */
  readonly commands: { readonly train: string; readonly predict: string };
}

/** A prediction of one row. */
export type Prediction =
  | { readonly kind: "classes"; readonly probabilities: readonly number[] }
  | { readonly kind: "number"; readonly value: number };

/** A message of the worker. */
export type Answer =
  | { readonly type: "opened"; readonly table: OpenedTable }
  | { readonly type: "described"; readonly described: DescribedTarget }
  | { readonly type: "began"; readonly plan: Plan }
  | { readonly type: "epoch"; readonly news: EpochNews }
  | { readonly type: "layer"; readonly news: LayerNews }
  | { readonly type: "scoring" }
  | { readonly type: "finished"; readonly outcome: Outcome }
  | {
    readonly type: "importance";
    readonly measure: string;
    /** The number of test rows whose values were permuted. */
    readonly rows: number;
    readonly columns: readonly ImportanceNews[];
  }
  /** Importance would take too long here. */
  | { readonly type: "no importance" }
  | { readonly type: "stopped" }
  | { readonly type: "predicted"; readonly prediction: Prediction }
  | { readonly type: "saved"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A request failed. The message tells people the reason. */
  | { readonly type: "failed"; readonly request: Request["type"]; readonly message: string };
