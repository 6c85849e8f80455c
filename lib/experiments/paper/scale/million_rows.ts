/** The rows of the million-neuron report: one per run, finished or not. */
import { MADE_DATASETS } from "../../../data/builtin/mod.ts";
import { CATALOGUE } from "../../../data/catalogue/mod.ts";
import { type RunConfig, runHash } from "../../run/mod.ts";
import type { Evidence } from "../experiment.ts";
import { denseWeights, estimatedBytes } from "./million_memory.ts";

/** A model file, read back. */
export interface ModelFile {
  /** Its size. */
  readonly bytes: number;
  /** The number of its connections, without biases. */
  readonly weights: number;
  /** Processor seconds of reading and checking it. */
  readonly seconds: number;
}

/** A run and its costs. Measured values are `null` until the run is finished. */
export interface ScaleRow {
  readonly dataset: string;
  /** Hidden neurons. */
  readonly neurons: number;
  readonly blockSize: number;
  readonly seed: number;
  readonly epochs: number;
  /** The computed bytes of training, without the table and the program. */
  readonly estimatedBytes: number;
  /** Bytes of the weights of dense layers of the same sizes, 32 bits each. */
  readonly denseBytes: number;
  /** Connections, biases not counted. */
  readonly weights: number | null;
  /** The accuracy in percent. */
  readonly accuracy: number | null;
  /** Processor seconds of an epoch's training steps. */
  readonly epochSeconds: number | null;
  /** Processor seconds of one epoch's change of the topology. */
  readonly topologySeconds: number | null;
  /** Processor seconds of the whole run. */
  readonly seconds: number | null;
  readonly peakBytes: number | null;
  readonly model: ModelFile | null;
}

/** Columns and classes of the built-in table. */
const SEGMENT = { features: 19, classes: 7 };

/** Neurons per layer, from the inputs to the classes. */
function sizesOf(dataset: string, hidden: readonly number[]): number[] {
  const made = MADE_DATASETS[dataset];
  const { features, classes } = made !== undefined
    ? { features: made.columns, classes: made.classes }
    : CATALOGUE[dataset] ?? SEGMENT;
  return [features, ...hidden, classes];
}

/** The name of a run's table. */
export function datasetName({ file }: RunConfig): string {
  return file.replace(/^\w+:/, "");
}

/** The name of the measurement of a run's model file. */
export function modelName(config: RunConfig): string {
  return `model ${runHash(config)}`;
}

/** The rows of some configurations. */
export function scaleRows(
  { runs, measured }: Evidence,
  configs: readonly RunConfig[],
): ScaleRow[] {
  const byHash = new Map(runs.map((run) => [run.hash, run.record]));
  return configs.map((config) => {
    const { hidden, epsilon, batchSize, blockSize = 1, seed, epochs, optimizer } = config;
    const record = byHash.get(runHash(config));
    const dataset = datasetName(config);
    const sizes = sizesOf(dataset, hidden);
    // Other programs influence wall time on a shared machine. So processor time is divided in the
    // proportions of wall time.
    const share = record === undefined ? 0 : record.seconds.cpu / record.seconds.total / epochs;
    return {
      dataset,
      neurons: hidden.reduce((sum, size) => sum + size, 0),
      blockSize,
      seed,
      epochs,
      estimatedBytes: estimatedBytes({ sizes, epsilon, batchSize, blockSize, optimizer }),
      denseBytes: 4 * denseWeights(sizes),
      weights: record?.weights ?? null,
      accuracy: record?.accuracy === undefined || record.accuracy === null
        ? null
        : 100 * record.accuracy,
      epochSeconds: record === undefined ? null : share * record.seconds.train,
      topologySeconds: record === undefined ? null : share * record.seconds.topology,
      seconds: record?.seconds.cpu ?? null,
      peakBytes: record?.peakMemoryBytes ?? null,
      model: measured[modelName(config)] as ModelFile | undefined ?? null,
    };
  });
}
