/**
 * Reads the rows of a run that streams them.
 *
 * @module
 */
import { readDataset } from "../../data/formats/mod.ts";
import type { Dataset, ReadProgress } from "../../data/table/mod.ts";
import { quoted } from "../../messages.ts";
import type { datasetColumns } from "../../model/mod.ts";
import {
  openStream,
  type StreamedTable,
  streamedTestRows,
  type StreamRequest,
} from "../../streams/mod.ts";
import type { RunConfig } from "./run_config.ts";
import {
  dataPath,
  isMade,
  readRunData,
  readTestRows,
  type RunData,
  targetTask,
} from "./run_data.ts";
import type { RunFiles } from "./run_folder.ts";

/** A configuration of a run whose rows are streamed. */
type StreamedConfig = RunConfig & { readonly memory: number };

/**
 * Opens the file of a run's rows beside the run, or makes this file from the table.
 *
 * @param confirm Called with the data. If it throws, a file that was made now is removed.
 * @throws {TypeError} If the table is made from a seed. The other errors are those of `openStream` and
 * `readDataset`.
 */
export async function readStreamData(
  config: StreamedConfig,
  { rows }: RunFiles,
  onProgress: (progress: ReadProgress, file: string) => void,
  confirm: (data: RunData) => void,
): Promise<RunData> {
  const progress = (progress: ReadProgress) => onProgress(progress, config.file);
  let data: RunData;
  await openStream(requestOf(config), rows, progress, async (stream) => {
    data = await dataOfStream(config, stream, onProgress);
    confirm(data);
  });
  return data!;
}

async function dataOfStream(
  config: StreamedConfig,
  stream: StreamedTable,
  onProgress: (progress: ReadProgress, file: string) => void,
): Promise<RunData> {
  const { table: training, remarks } = stream;
  const { test } = config;
  if (test === null) return { training, test: stream.test, ignored: [], remarks, stream };
  const second = await readTestRows({ ...config, test }, training, onProgress);
  return { ...second, training, remarks: [...new Set([...remarks, ...second.remarks])], stream };
}

/**
 * Reads the test rows of a run, with streamed rows or without.
 *
 * @param model The run's model. A separate test file is read with its columns and classes.
 * @returns The rows; `null` for none.
 * @throws What `readRunData` throws.
 */
export async function readRunTest(
  config: RunConfig,
  model: ReturnType<typeof datasetColumns>,
): Promise<Dataset | null> {
  const { memory, test, missingTarget } = config;
  if (memory === undefined) return (await readRunData(config)).test;
  if (test === null) return await streamedTestRows(requestOf({ ...config, memory }));
  return (await readDataset(dataPath(test), { ...model, missingTarget })).dataset;
}

function requestOf(config: StreamedConfig): StreamRequest {
  const { file, target, ignore, categorical, missingTarget, test } = config;
  if (isMade(file)) {
    throw new TypeError(`Cannot stream ${quoted(file)}: found a table that is made, need a file`);
  }
  return {
    file: dataPath(file),
    options: {
      target,
      task: targetTask(config.task),
      ignore,
      missing: config.missing === "median" ? "keep" : "error",
      missingTarget,
      categorical,
    },
    memory: config.memory,
    seed: config.seed,
    scaling: config.scaling,
    testFraction: test === null ? config.testFraction : 0,
    validationFraction: config.validationFraction,
  };
}
