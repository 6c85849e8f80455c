/**
 * A table of any size becomes a file of inputs for training: it is read once into a file of blocks, its
 * preprocessing is fitted in one pass over that, and the preprocessed rows are written in a mixed order.
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

/** A table, and the wishes for its rows. */
export interface StreamRequest {
  /** The table: CSV, ARFF, NPY or Parquet. */
  readonly file: string;
  /** Its parts that are wanted. */
  readonly options: ReadDatasetOptions;
  /** The memory that rows may take, in bytes. */
  readonly memory: number;
  /** The seed, which draws the rows that are held out, and mixes the others. */
  readonly seed: number;
  /** The scaling of numbers. */
  readonly scaling: Scaling;
  /** The share of the rows that is held out for the test. */
  readonly testFraction: number;
  /** The share of the other rows that is held out for validation. */
  readonly validationFraction: number;
  /** The blocks for so many columns. Left out: as many as the memory holds. For tests. */
  readonly windows?: ((columns: number) => WindowPlan) | undefined;
}

/** A table whose training rows are in a file of blocks. */
export interface StreamedTable {
  /** The places of the training rows, which are preprocessed. */
  readonly layout: StreamedLayout;
  /** The SHA-256 of their file. */
  readonly digest: string;
  /** The table without its rows; `rows` counts those that are not for the test. */
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
  /** The most by which the rank of a quantile is wrong, as a share of the rows. */
  readonly rankError: number;
  /** Sentences on what was not taken as it is written, or not as it was asked for. */
  readonly remarks: readonly string[];
}

/**
 * Makes the file of inputs.
 *
 * @param path The file. Another one beside it holds the rows as they are read, and is removed.
 * @param onProgress Called while the table is read, and between two windows. What it throws ends the work.
 * @throws What `readDataset` throws; RangeError if too few rows are left to learn from, or nothing varies;
 * Error if a file cannot be written.
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
    // Whoever asked to stop is heard of in between.
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

/** The most inputs that columns become, apart from those that tell where values are missing. */
export function mostInputs({ featureNames, categories }: Dataset): number {
  return featureNames.reduce((sum, _, column) => {
    const own = categories?.[column] ?? null;
    return sum + (own === null ? 1 : Math.min(own.length, MOST_INPUTS + 1));
  }, 0);
}

/** Sentences on rows that are held out, and on quantiles. */
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
