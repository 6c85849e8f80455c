/**
 * Recipes of this library beside scikit-learn's tree ensembles: the same rows learnt from, the same rows
 * predicted.
 *
 * @module
 */
import { fit, type TrainingEvent } from "../../ensemble/mod.ts";
import { encodeModel, predictProba, predictValues } from "../../model/mod.ts";
import { encodeSafetensors } from "../../files/mod.ts";
import { processorSeconds } from "../../counters/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import { mostProbable, regressionErrors, scoreProbabilities } from "../../prediction/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { storedWeights } from "../run/mod.ts";
import { randomStream } from "../../random.ts";
import { openTreePeers } from "./tree_peers.ts";

/** One of the library's recipes that takes part. */
export interface Contender {
  /** How results name it. */
  readonly name: string;
  /** Its settings; the seed is the split's. */
  readonly settings: Partial<Settings>;
}

/** What one method reached on one split. */
export interface ComparisonScore {
  /** The method. */
  readonly name: string;
  /** The data set. */
  readonly dataset: string;
  /** The seed of the split and of the method. */
  readonly seed: number;
  /** The share of the test rows that was predicted right; R² where the target is a number. */
  readonly accuracy: number;
  /** Left out where the target is a class. */
  readonly task?: "regression";
  /** Of the predicted probabilities. Left out where numbers are predicted, and of scores of before. */
  readonly logLoss?: number;
  /** Number of test rows. */
  readonly testRows: number;
  /** Processor seconds of learning, preprocessing and the choice of members included. */
  readonly fitSeconds: number;
  /** Processor seconds of predicting the test rows. */
  readonly predictSeconds: number;
  /** Bytes of the stored model. */
  readonly modelBytes: number;
  /** Stored weights of all members; `null` for trees. */
  readonly weights: number | null;
  /** Weights as a share of what dense layers of the same sizes would hold; `null` for trees. */
  readonly density: number | null;
  /** Operations of training, as counted; `null` for trees. */
  readonly flops: number | null;
}

/** What is compared on what. */
export interface ComparisonOptions {
  /** The data set's name in the results. */
  readonly dataset: string;
  /** Rows to learn from, with classes or numbers as targets; where `test` is `null`, also those to hold out. */
  readonly rows: Dataset;
  /** Test rows of their own; `null` to hold a share of `rows` out, anew for every seed. */
  readonly test: Dataset | null;
  /** The share held out. Left out: 0.2. */
  readonly testFraction?: number;
  /** One split and one run of every method for each. */
  readonly seeds: readonly number[];
  /** Recipes of this library. */
  readonly contenders: readonly Contender[];
  /** Whether scikit-learn takes part, where it is there. Left out: yes. */
  readonly trees?: boolean;
  /** Told why scikit-learn is not there, where it is not. */
  readonly onMissing?: (reason: string) => void;
  /** Told scikit-learn's version, where it is there. */
  readonly onLibrary?: (library: string) => void;
  /** Names that are to be left out, such as those with a score already. */
  readonly skip?: (name: string, seed: number) => boolean;
  /** Threads of this library's methods. Left out: 1. */
  readonly threads?: number;
  /** Told what is being done. */
  readonly onProgress?: (name: string, seed: number, event: TrainingEvent | null) => void;
  /** Ends the comparison between two batches. */
  readonly signal?: AbortSignal;
}

/**
 * Compares methods, one score after the other.
 *
 * @throws {RangeError} If the rows cannot be split.
 */
export async function* compareOn(options: ComparisonOptions): AsyncGenerator<ComparisonScore> {
  const { rows, test, seeds, contenders, testFraction = 0.2, skip = () => false } = options;
  await using peers = options.trees === false ? null : await openTreePeers();
  if (peers?.reason) options.onMissing?.(peers.reason);
  if (peers?.library) options.onLibrary?.(peers.library);
  for (const seed of seeds) {
    const parts = test === null
      ? splitDataset(rows, testFraction, randomStream(seed, "test"))
      : { train: rows, test };
    for (const contender of contenders) {
      if (skip(contender.name, seed)) continue;
      options.onProgress?.(contender.name, seed, null);
      yield await fitContender(contender, parts.train, parts.test, seed, options);
    }
    for (const name of peers?.names ?? []) {
      if (skip(name, seed)) continue;
      options.signal?.throwIfAborted();
      options.onProgress?.(name, seed, null);
      const { predicted, ...rest } = await peers!.ask(name, parts.train, parts.test, seed);
      yield {
        name,
        dataset: options.dataset,
        seed,
        ...scoreOf(predicted, parts.test),
        testRows: parts.test.rows,
        ...rest,
        weights: null,
        density: null,
        flops: null,
      };
    }
  }
}

async function fitContender(
  { name, settings }: Contender,
  train: Dataset,
  test: Dataset,
  seed: number,
  { dataset, threads = 1, onProgress, signal }: ComparisonOptions,
): Promise<ComparisonScore> {
  const task = train.targets === undefined ? "classification" : "regression";
  let flops = 0;
  const began = processorSeconds();
  const model = await fit(train, { ...settings, task, seed }, {
    threads,
    signal,
    onEvent: (event) => {
      if (event.type === "epoch") flops = event.flops;
      onProgress?.(name, seed, event);
    },
  });
  const fitted = processorSeconds();
  const outputs = task === "regression"
    ? predictValues(model, test.features)
    : predictProba(model, test.features);
  const done = processorSeconds();
  const { tensors, metadata } = encodeModel(model);
  const layers = model.members.flatMap((member) => member.layers);
  const weights = layers.reduce((sum, layer) => sum + storedWeights(layer), 0);
  return {
    name,
    dataset,
    seed,
    ...task === "regression" ? scoreOf(outputs, test) : {
      ...scoreOf(mostProbable(outputs, model.classes.length), test),
      logLoss: scoreProbabilities(outputs, test.labels, model.classes.length).logLoss,
    },
    testRows: test.rows,
    fitSeconds: fitted - began,
    predictSeconds: done - fitted,
    modelBytes: encodeSafetensors(tensors, metadata).reduce((sum, part) => sum + part.length, 0),
    weights,
    density: weights / layers.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0),
    flops,
  };
}

/** @param predicted Numbers, or classes by their places. */
function scoreOf(
  predicted: ArrayLike<number>,
  { rows, labels, targets }: Dataset,
): Pick<ComparisonScore, "accuracy" | "task"> {
  if (targets !== undefined) {
    const { r2 } = regressionErrors(predicted, targets);
    return { accuracy: r2, task: "regression" };
  }
  let right = 0;
  for (let row = 0; row < rows; row++) if (predicted[row] === labels[row]) right++;
  return { accuracy: right / rows };
}
