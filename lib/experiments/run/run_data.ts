import { node } from "../../node.ts";
import {
  BUILTIN_DATASETS,
  builtinDatasetPath,
  MADE_TARGET,
  madeDataset,
} from "../../data/builtin/mod.ts";
import { catalogueDataset, dataFilePath } from "../../data/catalogue/mod.ts";
import { readDataset } from "../../data/formats/mod.ts";
import {
  checkRowWeights,
  type Dataset,
  type Notation,
  type ReadProgress,
  splitDataset,
} from "../../data/table/mod.ts";
import { quoted } from "../../messages.ts";
import { randomStream } from "../../random.ts";
import { foldColumns, foldParts } from "./fold_data.ts";
import type { Settings } from "../../settings/mod.ts";
import { streamDigest, type StreamedTable } from "../../streams/mod.ts";
import type { RunConfig } from "./run_config.ts";

/** The rows of a run. */
export interface RunData {
  /** The rows to learn from. */
  readonly training: Dataset;
  /** The rows to be tested on, or `null`. */
  readonly test: Dataset | null;
  /** Columns of the files that are not used, by file. */
  readonly ignored: readonly { readonly file: string; readonly columns: readonly string[] }[];
  /** Sentences for people about cells that were not taken as they are written in the files. */
  readonly remarks: readonly string[];
  /** The table, if its rows are streamed. `training` then has no rows. */
  readonly stream?: StreamedTable | undefined;
}

/** The prefix that names a built-in data set instead of a file. */
const BUILTIN = "builtin:";

/** The prefix that names a data set of the catalogue instead of a file. */
const DATASET = "dataset:";

/** The prefix that names a table made from a seed instead of a file. */
const MADE = "made:";

/** The suffix that names the test rows of a catalogue data set. */
const TEST_ROWS = "#test";

/** Returns `true` if a configuration's `file` names data instead of a file. */
export function namesData(file: string): boolean {
  return file.startsWith(BUILTIN) || file.startsWith(DATASET) || isMade(file);
}

/** Returns `true` if a configuration's `file` names a table that is made from a seed and has no file. */
export function isMade(file: string): boolean {
  return file.startsWith(MADE);
}

/**
 * The file behind a configuration's `file` or `test`.
 *
 * @throws {TypeError} If there is no file, because the table is made.
 * @throws {RangeError} If the data set has no test rows of its own.
 */
export function dataPath(file: string): string {
  if (isMade(file)) {
    throw new TypeError(
      `Cannot read ${
        quoted(file)
      } here: found a table that is made from a seed, need one in a file`,
    );
  }
  if (file.startsWith(BUILTIN)) return builtinDatasetPath(file.slice(BUILTIN.length));
  if (!file.startsWith(DATASET)) return file;
  const name = file.slice(DATASET.length);
  if (!name.endsWith(TEST_ROWS)) return dataFilePath(catalogueDataset(name).file);
  const { testFile } = catalogueDataset(name.slice(0, -TEST_ROWS.length));
  if (testFile === null) {
    throw new RangeError(
      `Cannot find test rows: found "${file}", which has no test rows of its own`,
    );
  }
  return dataFilePath(testFile);
}

/**
 * The configuration keys of a catalogue data set.
 *
 * @throws {RangeError} If there is no data set of that name.
 */
export function catalogueData(name: string): { file: string; target: string; test: string | null } {
  const { target, testFile } = catalogueDataset(name);
  const file = `${DATASET}${name}`;
  return { file, target, test: testFile === null ? null : `${file}${TEST_ROWS}` };
}

/** The configuration keys of a built-in data set. */
export function builtinData(name: string): { file: string; target: string } {
  return { file: `${BUILTIN}${name}`, target: BUILTIN_DATASETS[name].target };
}

/** The configuration keys of a table that is made from a seed. */
export function madeData(name: string): { file: string; target: string } {
  return { file: `${MADE}${name}`, target: MADE_TARGET };
}

/**
 * Checks that a task has a target.
 *
 * @throws {TypeError} If it is the task of autoencoders, which has none.
 */
export function targetTask(task: Settings["task"] | undefined) {
  if (task !== "reconstruction") return task;
  throw new TypeError(
    'Cannot learn a target column: found task "reconstruction", which has none, need ' +
      '"classification" or "regression"; fitAutoencoder trains autoencoders',
  );
}

/**
 * Reads a run's tables. Test rows come from their own file, or are held out at random, stratified by
 * class, with the run's seed.
 *
 * @throws {TypeError | RangeError | SyntaxError | Error} As {@linkcode readDataset} and {@linkcode
 * splitDataset} throw them.
 */
export async function readRunData(
  config:
    & Pick<RunConfig, "file" | "target" | "test" | "testFraction" | "seed">
    & Partial<RunConfig>,
  onProgress?: (progress: ReadProgress, file: string) => void,
): Promise<RunData> {
  const { target, ignore, categorical = [], missingTarget, weights, memory } = config;
  if (memory !== undefined) {
    throw new TypeError(
      `Cannot read ${
        quoted(config.file)
      } as a whole: found "memory" in the configuration, which streams ` +
        "its rows, need a run without",
    );
  }
  const missing = config.missing === "median" ? "keep" : "error";
  const first = isMade(config.file) ? madeRows(config) : await readDataset(dataPath(config.file), {
    target,
    task: targetTask(config.task),
    ignore: [...ignore ?? [], ...foldColumns(config.fold)],
    missing,
    missingTarget,
    categorical,
    weights,
    onProgress: (progress) => onProgress?.(progress, config.file),
  }).catch((error) => {
    throw whereToGet(error, config.file);
  });
  const { remarks } = first;
  if (config.fold !== undefined) {
    const path = dataPath(config.file);
    const parts = await foldParts(first.dataset, path, config.fold, config.seed);
    const { train, test } = parts;
    return { training: train, test, ignored: [], remarks: [...remarks, ...parts.remarks] };
  }
  if (config.test === null) {
    if (config.testFraction === 0) {
      return { training: first.dataset, test: null, ignored: [], remarks };
    }
    const random = randomStream(config.seed, "test");
    const { train, test } = splitDataset(first.dataset, config.testFraction, random);
    if (test.weights !== undefined) {
      checkRowWeights(test.weights, "Cannot test on the held-out rows");
    }
    return { training: train, test, ignored: [], remarks };
  }
  const second = await readTestRows({ ...config, test: config.test }, first.dataset, onProgress);
  const same = hasSameRows(first.dataset, second.test) ? [SAME_ROWS] : [];
  const allRemarks = [...new Set([...remarks, ...second.remarks, ...same])];
  return { training: first.dataset, ...second, remarks: allRemarks };
}

const SAME_ROWS =
  "The test rows are the training rows: their scores do not tell how new rows are predicted";

/** Returns `true` if two tables of the same columns have the same rows in the same order. */
function hasSameRows(training: Dataset, test: Dataset): boolean {
  return training.rows === test.rows &&
    training.labels.every((label, row) => label === test.labels[row]) &&
    training.features.every((value, i) => Object.is(value, test.features[i]));
}

/** Reads the test rows of a separate file in the same way as the training rows. */
export async function readTestRows(
  config: Partial<RunConfig> & { readonly test: string; readonly target: string },
  training: Dataset,
  onProgress?: (progress: ReadProgress, file: string) => void,
): Promise<Pick<RunData, "ignored" | "remarks"> & { readonly test: Dataset }> {
  const { featureNames, classes } = training;
  const { target, missingTarget, weights } = config;
  const path = dataPath(config.test);
  const { dataset, ignoredColumns, remarks } = await readDataset(path, {
    target,
    featureNames,
    task: targetTask(config.task),
    classes,
    missing: config.missing === "median" ? "keep" : "error",
    missingTarget,
    weights,
    categorical: namedCategories(training),
    notations: namedNotations(training),
    onProgress: (progress) => onProgress?.(progress, path),
  });
  const ignored = ignoredColumns.length > 0 ? [{ file: path, columns: ignoredColumns }] : [];
  return { test: dataset, ignored, remarks };
}

/**
 * The rows of a table that is made from a seed. It has one target, and its other columns are features.
 *
 * @throws {TypeError} If the configuration requests another target, or another use of columns.
 */
function madeRows(
  { file, target, ignore = [], weights, fold }: Partial<RunConfig> & Pick<RunConfig, "file">,
): { dataset: Dataset; remarks: readonly string[] } {
  const wrong = target !== MADE_TARGET
    ? `the target ${quoted(`${target}`)}`
    : ignore.length > 0 || weights !== undefined || fold !== undefined
    ? "columns to ignore, weights or folds"
    : null;
  if (wrong === null) return { dataset: madeDataset(file.slice(MADE.length)), remarks: [] };
  throw new TypeError(
    `Cannot use ${quoted(file)}: found ${wrong}, need the target "${MADE_TARGET}" alone`,
  );
}

/** Adds the source of a missing catalogue data set to its error. */
function whereToGet(error: unknown, file: string): unknown {
  const missing = error instanceof Error &&
    (error.cause as { code?: unknown } | undefined)?.code === "ENOENT";
  if (!missing || !file.startsWith(DATASET)) return error;
  const name = file.slice(DATASET.length);
  const { sources, whole } = catalogueDataset(name);
  const get = sources.length > 0
    ? `"deno task data fetch ${name}" gets it`
    : `it is a part of "${whole}", which "deno task data fetch ${whole}" gets`;
  return new Error(`${error.message}; ${get}, SPARSEMBLE_DATA names the folder of one's own`, {
    cause: error.cause,
  });
}

/** The categories of a data set by the names of their columns. Another table is read with them. */
function namedCategories(
  { featureNames, categories = [] }: Dataset,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    categories.flatMap((own, column) => own === null ? [] : [[featureNames[column], own]]),
  );
}

/** The notations of a data set by the names of their columns. */
function namedNotations(dataset: Dataset): Map<string, Notation> {
  const { featureNames, notations = [], target, targetNotation } = dataset;
  const named = new Map(
    notations.flatMap((own, column) => own === null ? [] : [[featureNames[column], own]]),
  );
  return targetNotation === undefined ? named : named.set(target, targetNotation);
}

/** A digest of a run's rows: their numbers, labels, names, classes and categories. */
export function dataDigest(
  { training, test, stream }: Pick<RunData, "training" | "test" | "stream">,
): string {
  if (stream !== undefined) return streamDigest({ ...stream, test });
  const hash = node.crypto.createHash("sha256");
  const bytes = (array: Float32Array | Int32Array) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (const dataset of test === null ? [training] : [training, test]) {
    const { features, labels, targets, weights, featureNames, classes, rows, categories } = dataset;
    hash.update(JSON.stringify({ featureNames, classes, rows, categories }))
      .update(bytes(features))
      .update(bytes(labels));
    if (targets !== undefined) hash.update(bytes(targets));
    if (weights !== undefined) hash.update(bytes(weights));
  }
  return hash.digest("hex");
}
