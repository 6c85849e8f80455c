/**
 * Turns a table of any size into a file of inputs for training. The table is read once into a file of
 * blocks. One pass over this file fits the preprocessing. Another pass writes the preprocessed rows in a
 * mixed order.
 *
 * @module
 */
import {
  type ColumnSummary,
  MOST_INPUTS,
  type Preprocessing,
  type Scaling,
  type TargetScaling,
} from "../data/preprocessing/mod.ts";
import type { Dataset, ReadDatasetOptions, ReadProgress } from "../data/table/mod.ts";
import { inputRows } from "../ensemble/mod.ts";
import { node } from "../node.ts";
import type { Rows } from "../training/mod.ts";
import { fitRows, type Fitted } from "./fit_rows.ts";
import { drawParts, type Parts } from "./held_out_rows.ts";
import { mostHeldOut, type WindowPlan, windowPlan } from "./memory_plan.ts";
import { readRawRows } from "./raw_rows.ts";
import type { StreamedLayout } from "./streamed_rows.ts";
import { writeInputs } from "./write_inputs.ts";

/** A table, and the options for its rows. */
export interface StreamRequest {
  /** The table: CSV, ARFF, NPY or Parquet. */
  readonly file: string;
  /** The wanted parts of the table. */
  readonly options: ReadDatasetOptions;
  /** The memory that rows may take, in bytes. */
  readonly memory: number;
  /** The seed. It draws the held-out rows and mixes the others. */
  readonly seed: number;
  /** The scaling of numbers. */
  readonly scaling: Scaling;
  /** The share of the rows that is held out for the test. */
  readonly testFraction: number;
  /** The share of the other rows that is held out for validation. */
  readonly validationFraction: number;
  /** Plans the blocks for a number of columns. Left out: the plan that the memory allows. For tests. */
  readonly windows?: ((columns: number) => WindowPlan) | undefined;
}

/** A table whose training rows are in a file of blocks. */
export interface StreamedTable {
  /** The layout of the preprocessed training rows. */
  readonly layout: StreamedLayout;
  /** The SHA-256 of the training rows' file. */
  readonly digest: string;
  /** The table without its rows. `rows` counts all rows except the test rows. */
  readonly table: Dataset;
  /** The rows for the test, as they are in the table; `null` for none. */
  readonly test: Dataset | null;
  /** The preprocessed rows for validation; `null` for none. */
  readonly validation: Rows | null;
  /** The preprocessing, fitted to the training rows. */
  readonly preprocessing: Preprocessing;
  /** The scale of a number to predict; `null` for classes. */
  readonly targetScaling: TargetScaling | null;
  /** The columns as they are understood. */
  readonly summaries: readonly ColumnSummary[];
  /** The largest error of a quantile's rank, as a share of the rows. */
  readonly rankError: number;
  /** Sentences about cells that were not taken as they are written, and about options that were changed. */
  readonly remarks: readonly string[];
}

/**
 * Writes the file of inputs.
 *
 * @param path The file. A temporary file beside it holds the raw rows.
 * @param onProgress Called while the table is read, and between two windows. An error that it throws ends
 * the work.
 * @throws {RangeError} If too few rows are left to learn from, or no column varies.
 * @throws {Error} If a file cannot be written. The other errors are those of `readDataset`.
 */
export async function prepareStream(
  request: StreamRequest,
  path: string,
  onProgress: (progress: ReadProgress) => void = () => {},
): Promise<StreamedTable> {
  const { file, options, memory } = request;
  const raw = `${path}.raw`;
  const windows = request.windows ?? ((columns) => windowPlan(memory, columns));
  try {
    const read = await readRawRows(file, { ...options, onProgress }, raw, windows);
    const { rows, columns } = read.layout;
    const { testFraction, validationFraction, seed } = request;
    const most = mostHeldOut(memory, Math.max(columns, mostInputs(read.dataset)));
    const parts = drawParts(rows, { testFraction, validationFraction, most, seed });
    const { size } = node.fs.statSync(file);
    // Gives way to other work in between, such as a request to stop.
    const breath = async () => {
      onProgress({ bytesRead: size, bytesTotal: size, rows });
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    const fitted = await fitRows(read, raw, parts, request, breath);
    const written = await writeInputs(read, raw, path, parts, fitted, seed, windows, breath);
    const { dataset } = read;
    const { test, validation, preprocessing, targetScaling } = fitted;
    return {
      ...written,
      table: {
        ...dataset,
        rows: rows - parts.test.length,
        labels: new Int32Array(0),
        targets: targetScaling === null ? undefined : new Float32Array(0),
      },
      test: parts.test.length === 0 ? null : test,
      validation: parts.validation.length === 0
        ? null
        : inputRows(preprocessing, validation, targetScaling),
      preprocessing,
      targetScaling,
      summaries: fitted.summaries,
      rankError: fitted.rankError,
      remarks: [...read.remarks, ...remarksOn(parts, rows, request, fitted)],
    };
  } finally {
    node.fs.rmSync(raw, { force: true });
  }
}

/** The largest number of inputs that the columns become, without the indicators of missing values. */
export function mostInputs({ featureNames, categories }: Dataset): number {
  return featureNames.reduce((sum, _, column) => {
    const own = categories?.[column] ?? null;
    return sum + (own === null ? 1 : Math.min(own.length, MOST_INPUTS + 1));
  }, 0);
}

/** Sentences about held-out rows and quantiles. */
function remarksOn(
  { test, validation }: Parts,
  rows: number,
  { testFraction, validationFraction }: StreamRequest,
  { rankError }: Fitted,
): string[] {
  const remarks: string[] = [];
  const wanted = [
    ["for the test", test.length, testFraction, rows],
    ["for validation", validation.length, validationFraction, rows - test.length],
  ] as const;
  for (const [what, count, share, of] of wanted) {
    if (count >= Math.round(share * of)) continue;
    remarks.push(
      `Rows ${what}: ${count} of the ${
        Math.round(share * of)
      } that a share of ${share} would be, ` +
        "as many as stay in memory; the others are learned from",
    );
  }
  if (rankError > 0) {
    remarks.push(
      `Medians and quantiles are of a sketch: their ranks are off by at most ` +
        `${(100 * rankError).toPrecision(2)} % of the rows`,
    );
  }
  return remarks;
}
