import { requireOptions, requireText } from "../arguments.ts";
import type { ReadDatasetOptions } from "../data/table/mod.ts";
import { FIT_OPTIONS, type FitOptions, modelOf, trainPrepared } from "../ensemble/mod.ts";
import { fileErrorReason } from "../files/mod.ts";
import { quotedPath, shown } from "../messages.ts";
import type { Model } from "../model/mod.ts";
import { node } from "../node.ts";
import { requireSettings, type Settings, settingsForRows } from "../settings/mod.ts";
import { checkMemory } from "./memory_plan.ts";
import { prepareStream } from "./prepare_stream.ts";
import { checkStreamSettings, streamSettings } from "./stream_settings.ts";
import { removeStream } from "./stored_stream.ts";
import { streamedProblem } from "./streamed_problem.ts";

/** The table of {@linkcode fitFile}, and the memory for its rows. */
export interface FitFileOptions
  extends FitOptions, Omit<ReadDatasetOptions, "task" | "featureNames" | "unused" | "classes"> {
  /**
   * The memory that rows may take, in bytes: at least 1,000,000. The program itself takes additional
   * memory.
   */
  readonly memory: number;
  /** A folder with room for two files of all rows in 32-bit floats. These files are removed at the end. */
  readonly folder: string;
}

const OPTIONS: Readonly<Record<keyof FitFileOptions, true>> = {
  memory: true,
  folder: true,
  target: true,
  missing: true,
  missingTarget: true,
  categorical: true,
  ignore: true,
  notations: true,
  unknownClass: true,
  onProgress: true,
  ...FIT_OPTIONS,
};

/**
 * Trains an ensemble on a table that may be larger than memory: CSV, ARFF, NPY or Parquet. Its rows go
 * through a file of blocks. In every epoch the blocks come in a random order. Some of them are in memory at
 * a time, and their rows come in a random order. Quantiles come from a sketch. Needs permission to read the
 * table, and to write into the folder.
 *
 * @param file The table's path.
 * @param settings Any of the settings. Trials are skipped. Settings that need all rows in memory are
 * refused.
 * @throws {TypeError | RangeError | SyntaxError} If table, settings or memory are wrong or do not fit together.
 * @throws {Error} If a file cannot be read or written.
 * @throws {TrainingDiverged | StrategyError} As `fit` throws them.
 *
 * @example Usage
 * ```ts
 * import { builtinDatasetPath, fitFile } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const model = await fitFile(
 *   builtinDatasetPath("segment"),
 *   { target: "class", memory: 2_000_000, folder: Deno.makeTempDirSync() },
 *   { hidden: [32, 32], members: 2, epochs: 3 },
 * );
 * assert.equal(model.classes.length, 7);
 * ```
 */
export async function fitFile(
  file: string,
  options: FitFileOptions,
  settings: Partial<Settings> = {},
): Promise<Model> {
  requireOptions("train", options, OPTIONS);
  requireText("train", options.target, "the target's column");
  requireText("train", options.folder, "a folder for the rows");
  requireSettings(settings);
  const { memory, folder, onEvent, strategy, kernels, threads, signal, ...reading } = options;
  if (typeof memory !== "number") {
    throw new TypeError(`Cannot train: found ${shown(memory)} as memory, need a number of bytes`);
  }
  checkMemory(memory);
  const complete = checkStreamSettings(streamSettings({ ...settings }));
  const { task, seed, scaling, validationFraction } = complete;
  const path = node.path.join(newFolder(folder), "rows.f32");
  try {
    const stream = await prepareStream(
      {
        file,
        options: { ...reading, task: task === "regression" ? task : "classification" },
        ...{ memory, seed, scaling, validationFraction, testFraction: 0 },
      },
      path,
      (progress) => {
        reading.onProgress?.(progress);
        signal?.throwIfAborted();
      },
    );
    const planned = settingsForRows(complete, stream.table.rows);
    const { prepared, rows } = streamedProblem(path, stream, planned);
    using _rows = rows;
    return await trainPrepared(
      planned.kernels,
      false,
      () => ({ prepared, settings: planned }),
      { onEvent, strategy, kernels, threads, signal },
      (run) => modelOf(run, prepared, stream.table),
    );
  } finally {
    removeStream(path);
    node.fs.rmdirSync(node.path.dirname(path));
  }
}

/** A new folder in another one. */
function newFolder(within: string): string {
  try {
    return node.fs.mkdtempSync(node.path.join(within, "rows-"));
  } catch (cause) {
    throw new Error(
      `Cannot write rows into the folder ${quotedPath(within)}: ${fileErrorReason(cause)}`,
      { cause },
    );
  }
}
