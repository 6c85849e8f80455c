/**
 * The rows of a run that are streamed.
 *
 * @module
 */
import type { ReadProgress } from "../../data/table/mod.ts";
import { quoted } from "../../messages.ts";
import { openStream } from "../../streams/mod.ts";
import type { RunConfig } from "./run_config.ts";
import { dataPath, isMade, readTestRows, type RunData, targetTask } from "./run_data.ts";
import type { RunFiles } from "./run_folder.ts";

/**
 * Takes a run's rows from the file beside it, or makes that of the table.
 *
 * @throws {TypeError} If the table is made, and what `openStream` and `readDataset` throw.
 */
export async function readStreamData(
  config: RunConfig & { readonly memory: number },
  { rows }: RunFiles,
  onProgress: (progress: ReadProgress, file: string) => void,
): Promise<RunData> {
  const { file, target, ignore, categorical, missingTarget, test } = config;
  if (isMade(file)) {
    throw new TypeError(`Cannot stream ${quoted(file)}: found a table that is made, need a file`);
  }
  const stream = await openStream(
    {
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
    },
    rows,
    (progress) => onProgress(progress, file),
  );
  const { table: training, remarks } = stream;
  if (test === null) return { training, test: stream.test, ignored: [], remarks, stream };
  const second = await readTestRows({ ...config, test }, training, onProgress);
  return { ...second, training, remarks: [...new Set([...remarks, ...second.remarks])], stream };
}
