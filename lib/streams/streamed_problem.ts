import { checkCoverage, type PreparedProblem } from "../ensemble/mod.ts";
import type { Settings } from "../settings/mod.ts";
import type { StreamedTable } from "./prepare_stream.ts";
import { openStreamedRows, type StreamedRows } from "./streamed_rows.ts";

/** A problem whose training rows come from an open file. */
export interface StreamedProblem {
  /** The problem. */
  readonly prepared: PreparedProblem;
  /** The training rows. The caller closes them. */
  readonly rows: StreamedRows;
}

/**
 * Makes the problem of a streamed table.
 *
 * @param path The file of inputs.
 * @throws {RangeError} If too few rows are held out for the coverage of the settings' intervals.
 * @throws {Error} If the file cannot be opened.
 */
export function streamedProblem(
  path: string,
  { layout, table, validation, preprocessing, targetScaling }: StreamedTable,
  { coverage }: Settings,
): StreamedProblem {
  checkCoverage(validation?.rows ?? 0, coverage);
  const rows = openStreamedRows(path, layout);
  const classes = targetScaling === null ? table.classes.length : 1;
  const problem = { training: rows, validation, classes };
  return { prepared: { problem, preprocessing, targetScaling }, rows };
}
