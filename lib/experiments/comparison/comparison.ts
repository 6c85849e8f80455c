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
import { budgetMethod, type Peer, TUNED_PEER } from "./peer_table.ts";
import { leastProbability, openPeers, type PeerTuning } from "./peers.ts";

/** A recipe of this library that takes part. */
export interface Contender {
  /** Its name in the results. */
  readonly name: string;
  /** Its settings. The seed comes from the split. */
  readonly settings: Partial<Settings>;
  /** Further settings on some data sets, by name. A comparison of several tables reads them. */
  readonly onDatasets?: Readonly<Record<string, Partial<Settings>>> | undefined;
  /** A topology strategy, or its file. It replaces the method's strategy. Left out: the method's strategy. */
  readonly strategy?: GivenStrategy | undefined;
}

/** The costs of a method. */
export interface ComparisonCosts {
  /** Processor seconds of learning, including preprocessing and the choice of members. */
  readonly fitSeconds: number;
  /** Processor seconds of predicting the test rows. */
  readonly predictSeconds: number;
  /** Bytes of the stored model. */
  readonly modelBytes: number;
  /** Stored weights of all members; `null` for trees. */
  readonly weights: number | null;
  /** Weights as a share of the weights of dense layers of the same sizes; `null` for trees. */
  readonly density: number | null;
  /** Counted operations of training; `null` for trees. */
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
  /** The accuracy on the test rows, from 0 to 1; R² if the target is a number. */
  readonly value: number;
  /** `"regression"` if the target is a number. Left out: the target is a class. */
  readonly task?: "regression" | undefined;
  /** The log loss of the probabilities. Left out for predicted numbers, and in older scores. */
  readonly logLoss?: number | undefined;
  /** Number of test rows. */
  readonly testRows: number;
  /** The random search by which the method was tuned. Left out: none. */
  readonly tuning?: (PeerTuning & { readonly budgetSeconds: number }) | undefined;
}

/** The methods, the table and the splits of a comparison. */
export interface ComparisonOptions {
  /** The data set's name in the results. */
  readonly dataset: string;
  /** The rows to learn from. If `test` is `null`, test rows are held out of them. */
  readonly rows: Dataset;
  /** Separate test rows. `null`: every seed holds out its own share of `rows`. */
  readonly test: Dataset | null;
  /** The share held out. Left out: 0.2. */
  readonly testFraction?: number | undefined;
  /** Each seed is one split, and one run of every method. */
  readonly seeds: readonly number[];
  /** Recipes of this library. */
  readonly contenders: readonly Contender[];
  /**
   * Methods of other libraries, such as `"catboost"`. Left out, or `"installed"`: all installed methods
   * except neural networks, which are slow.
   */
  readonly peers?: readonly string[] | "installed" | undefined;
  /**
   * The method whose processor seconds are the budget of a LightGBM tuned by random search. Left out: no
   * LightGBM is tuned.
   */
  readonly equalBudget?: string | undefined;
  /** The Python interpreter. Left out: python3. */
  readonly python?: string | undefined;
  /** Called with one sentence per missing library. */
  readonly onMissing?: ((reason: string) => void) | undefined;
  /** Called with every library that takes part, with its version. */
  readonly onLibrary?: ((library: string) => void) | undefined;
  /** Finds an existing score, which is not made again. */
  readonly stored?: ((name: string, seed: number) => ComparisonScore | undefined) | undefined;
  /** Threads of this library's methods. Left out: 1. */
  readonly threads?: number | undefined;
  /** Called when a run begins (`null`), and with its events. */
  readonly onProgress?: (name: string, seed: number, event: TrainingEvent | null) => void;
  /** Ends the comparison between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares recipes of this library with the methods of other libraries. All learn from the same rows and
 * predict the same rows. Yields one score after the other.
 *
 * @throws {RangeError} If the rows cannot be split, there is no such peer, a named peer is not installed,
 * or `equalBudget` is not a method of the comparison.
 */
export async function* compareOn(options: ComparisonOptions): AsyncGenerator<ComparisonScore> {
  const { rows, test, seeds, contenders, testFraction = 0.2, stored } = options;
  await using peers = await openPeers({
    names: options.peers ?? "installed",
    tuned: options.equalBudget !== undefined,
    program: options.python,
    onLibrary: options.onLibrary,
  });
  for (const reason of peers.missing) options.onMissing?.(reason);
  const equalBudget = options.equalBudget === undefined
    ? undefined
    : budgetMethod(options.equalBudget, contenders, peers.peers);
  for (const seed of seeds) {
    const parts = test === null
      ? splitDataset(rows, testFraction, randomStream(seed, "test"))
      : { train: rows, test };
    let budget = NaN;
    const begin = async (name: string): Promise<boolean> => {
      const known = stored?.(name, seed);
      if (name === equalBudget && known !== undefined) budget = known.fitSeconds;
      if (known !== undefined) return false;
      // Signals arrive between two turns of the event loop. Training a small network would not give way to
      // them.
      await new Promise((resolve) => setTimeout(resolve, 0));
      options.signal?.throwIfAborted();
      options.onProgress?.(name, seed, null);
      return true;
    };
    for (const contender of contenders) {
      if (!await begin(contender.name)) continue;
      const score = await fitContender(contender, parts.train, parts.test, seed, options);
      if (score.name === equalBudget) budget = score.fitSeconds;
      yield score;
    }
    const ask = async (peer: Peer, seconds?: number): Promise<ComparisonScore> => {
      const { predicted, tuning, ...costs } = await peers.ask(
        peer,
        parts.train,
        parts.test,
        seed,
        seconds,
      );
      return {
        name: peer.name,
        dataset: options.dataset,
        seed,
        ...scoreOf(predicted, parts.test),
        testRows: parts.test.rows,
        ...costs,
        tuning: tuning && { ...tuning, budgetSeconds: seconds! },
        weights: null,
        density: null,
        flops: null,
      };
    };
    for (const peer of peers.peers) {
      if (!await begin(peer.name)) continue;
      const score = await ask(peer);
      if (score.name === equalBudget) budget = score.fitSeconds;
      yield score;
    }
    if (equalBudget === undefined || !await begin(TUNED_PEER.name)) continue;
    yield await ask(TUNED_PEER, budget);
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

/** @param predicted Numbers, or classes as indices. */
function scoreOf(
  predicted: ArrayLike<number>,
  { labels, targets }: Dataset,
): Pick<ComparisonScore, "value" | "task"> {
  return targets === undefined
    ? { value: accuracyOf(predicted, labels) }
    : { value: regressionErrors(predicted, targets).r2, task: "regression" };
}
