import { fit, type TrainingEvent } from "../../ensemble/mod.ts";
import { encodeModel, predictProba, predictValues } from "../../model/mod.ts";
import { encodeSafetensors } from "../../files/mod.ts";
import { processorSeconds } from "../../counters/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import {
  accuracyOf,
  mostProbable,
  regressionErrors,
  scoreProbabilities,
} from "../../prediction/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { type GivenStrategy, storedWeights, strategyToBegin } from "../run/mod.ts";
import { randomStream } from "../../random.ts";
import { leastProbability, openTreePeers } from "./tree_peers.ts";

/** A recipe of this library that takes part. */
export interface Contender {
  /** Its name in the results. */
  readonly name: string;
  /** Its settings; the seed is the split's. */
  readonly settings: Partial<Settings>;
  /** Further settings on some data sets, by name. A comparison of several tables reads them. */
  readonly onDatasets?: Readonly<Record<string, Partial<Settings>>> | undefined;
  /** A topology strategy that replaces the method's, or the file with it. Left out: the method's. */
  readonly strategy?: GivenStrategy | undefined;
}

/** The costs of a method. */
export interface ComparisonCosts {
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

/** The result of one method on one split. */
export interface ComparisonScore extends ComparisonCosts {
  /** The method. */
  readonly name: string;
  /** The data set. */
  readonly dataset: string;
  /** The seed of the split and of the method. */
  readonly seed: number;
  /** The accuracy on the test rows, from 0 to 1; R² where the target is a number. */
  readonly value: number;
  /** Left out where the target is a class. */
  readonly task?: "regression" | undefined;
  /** The log loss of the probabilities. Left out where numbers are predicted, and in older scores. */
  readonly logLoss?: number | undefined;
  /** Number of test rows. */
  readonly testRows: number;
}

/** The methods, the table and the splits of a comparison. */
export interface ComparisonOptions {
  /** The data set's name in the results. */
  readonly dataset: string;
  /** The rows to learn from; where `test` is `null`, also those that are held out. */
  readonly rows: Dataset;
  /** Separate test rows; `null` to hold out a share of `rows`, anew for every seed. */
  readonly test: Dataset | null;
  /** The share held out. Left out: 0.2. */
  readonly testFraction?: number | undefined;
  /** Each seed is one split, and one run of every method. */
  readonly seeds: readonly number[];
  /** Recipes of this library. */
  readonly contenders: readonly Contender[];
  /** `false` leaves scikit-learn out. */
  readonly trees?: boolean | undefined;
  /** Hears why scikit-learn is missing. */
  readonly onMissing?: ((reason: string) => void) | undefined;
  /** Hears scikit-learn's version. */
  readonly onLibrary?: ((library: string) => void) | undefined;
  /** Tells which methods to leave out, such as those that have a score already. */
  readonly skip?: ((name: string, seed: number) => boolean) | undefined;
  /** Threads of this library's methods. Left out: 1. */
  readonly threads?: number | undefined;
  /** Hears of every run as it begins (`null`), and its events. */
  readonly onProgress?: (name: string, seed: number, event: TrainingEvent | null) => void;
  /** Ends the comparison between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares recipes of this library with scikit-learn's tree ensembles. All methods learn from the same
 * rows and predict the same rows. Scores come one after the other.
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
      // A signal is heard between two turns of the event loop, and a small network needs none.
      await new Promise((resolve) => setTimeout(resolve, 0));
      options.signal?.throwIfAborted();
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
  { name, settings, strategy }: Contender,
  train: Dataset,
  test: Dataset,
  seed: number,
  { dataset, threads = 1, onProgress, signal }: ComparisonOptions,
): Promise<ComparisonScore> {
  const task = train.targets === undefined ? "classification" : "regression";
  const own = await strategyToBegin(null, strategy);
  let flops = 0;
  const began = processorSeconds();
  const model = await fit(train, { ...settings, task, seed }, {
    threads,
    signal,
    strategy: own?.strategy,
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
  const classes = model.classes.length;
  const layers = model.members.flatMap((member) => member.layers);
  const weights = layers.reduce((sum, layer) => sum + storedWeights(layer), 0);
  return {
    name,
    dataset,
    seed,
    ...scoreOf(task === "regression" ? outputs : mostProbable(outputs, model.classes.length), test),
    logLoss: task === "regression"
      ? undefined
      : scoreProbabilities(outputs, test.labels, classes, leastProbability(train)).logLoss,
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
  { labels, targets }: Dataset,
): Pick<ComparisonScore, "value" | "task"> {
  return targets === undefined
    ? { value: accuracyOf(predicted, labels) }
    : { value: regressionErrors(predicted, targets).r2, task: "regression" };
}
