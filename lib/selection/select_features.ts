import { requireWord } from "../arguments.ts";
import { type Autoencoder, fitAutoencoder } from "../autoencoder/mod.ts";
import { columnInputs, inputCount, type Preprocessing } from "../data/preprocessing/mod.ts";
import { type Dataset, splitDataset } from "../data/table/mod.ts";
import { fit, FIT_OPTIONS, type FitOptions, requireTraining } from "../ensemble/mod.ts";
import { requireInteger } from "../messages.ts";
import { importance, inputShares } from "../model/mod.ts";
import { randomStream } from "../random.ts";
import type { Settings } from "../settings/mod.ts";
import { attentionSampling } from "./attention.ts";

/** The ways to score columns. */
export const SELECTIONS = ["strength", "attention", "importance"] as const;

/** The options of {@linkcode selectFeatures}. */
export interface SelectOptions extends FitOptions {
  /** The number of columns to choose, from 1 to the number of the table's columns. */
  readonly count: number;
  /**
   * The score of a column. `strength`: the strength of its input neurons in a sparse denoising autoencoder
   * (QuickSelection). `attention`: the same, but connections move to important neurons in training (after
   * WAST). `importance`: the loss of quality of an ensemble for the target if the column is permuted in
   * held-out rows. Left out: `strength`, which uses no target.
   */
  readonly by?: typeof SELECTIONS[number] | undefined;
  /** Settings of the training. They replace the score's own settings. */
  readonly settings?: Partial<Settings> | undefined;
  /** For `importance`: the share of rows held out. Left out: 0.25. */
  readonly heldOut?: number | undefined;
  /** For `importance`: the number of permutations of each column. Left out: 3. */
  readonly repeats?: number | undefined;
}

/** A column and its score. */
export interface ScoredColumn {
  /** The column's name. */
  readonly column: string;
  /** Its place in the table, from 0. */
  readonly place: number;
  /** Its score: only the order counts. 0 for a column that does not vary. */
  readonly score: number;
  /** `true` for a chosen column. */
  readonly chosen: boolean;
}

/** The columns of a table, in the order of their scores. */
export interface FeatureSelection {
  /** The kind of the score. */
  readonly by: typeof SELECTIONS[number];
  /** The rows that were learnt from. */
  readonly rows: number;
  /** The names of the chosen columns, the best first. */
  readonly chosen: readonly string[];
  /** All columns, the best first. Columns of equal scores are in the table's order. */
  readonly columns: readonly ScoredColumn[];
  /** The autoencoder whose neurons were scored. Left out: the columns were scored by an ensemble. */
  readonly autoencoder?: Autoencoder | undefined;
}

const OPTIONS: Readonly<Record<keyof SelectOptions, true>> = {
  count: true,
  by: true,
  settings: true,
  heldOut: true,
  repeats: true,
  ...FIT_OPTIONS,
};

/**
 * Chooses the columns of a table that are worth keeping.
 *
 * The default needs no target. It uses the **strength** of input neurons: the sum of the absolute weights
 * of a column's connections in a trained sparse denoising autoencoder. Z. Atashgahi et al., "Quick and
 * robust feature selection: the strength of energy-efficient sparse training for autoencoders", Machine
 * Learning 111, 2022, https://doi.org/10.1007/s10994-021-06063-x. It finds columns that are related to
 * other columns, because independent noise cannot be reconstructed. A column that is related to no other
 * counts as noise, even if it predicts a target well.
 *
 * @param dataset The rows. Only `importance` uses their classes or targets.
 * @throws {RangeError} If the table has fewer columns than `count`.
 * @throws {TypeError | RangeError} If the settings are wrong or do not fit the data. The other errors are
 * those of `fit`.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, randomStream, selectFeatures } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * // Columns 0 to 9 are sums of two causes each, columns 10 to 199 are noise.
 * const random = randomStream(1, "example");
 * const features = Array.from({ length: 800 }, () => {
 *   const causes = Array.from({ length: 4 }, () => random.normal());
 *   const related = Array.from({ length: 10 }, (_, k) => causes[k % 4] + causes[k % 3]);
 *   return [...related, ...Array.from({ length: 190 }, () => random.normal())];
 * });
 * const dataset = datasetFromArrays({ features, labels: features.map((_, row) => row % 2) });
 * const { columns } = await selectFeatures(dataset, { count: 10 });
 * const found = columns.filter(({ place, chosen }) => chosen && place < 10);
 * assert.ok(found.length >= 6, `${found.length} of 10`);
 * ```
 */
export async function selectFeatures(
  dataset: Dataset,
  options: SelectOptions,
): Promise<FeatureSelection> {
  requireTraining(dataset, options, OPTIONS);
  const { count, by = "strength" } = options;
  requireWord("select features", by, "by", SELECTIONS);
  requireInteger("select features", count, "count", 1, dataset.columns);
  const { scores, autoencoder } = await SCORES[by](dataset, options);
  const order = [...dataset.featureNames.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
  const columns = order.map((place, rank): ScoredColumn => ({
    column: dataset.featureNames[place],
    place,
    score: scores[place],
    chosen: rank < count,
  }));
  const chosen = columns.slice(0, count).map(({ column }) => column);
  return { by, rows: dataset.rows, chosen, columns, autoencoder };
}

/** The score of every column of a table, in its order. */
interface Scores extends Pick<FeatureSelection, "autoencoder"> {
  readonly scores: Float64Array;
}

type Score = (dataset: Dataset, options: SelectOptions) => Promise<Scores>;

const SCORES: Readonly<Record<typeof SELECTIONS[number], Score>> = {
  strength: byStrength,
  attention: (dataset, { strategy = attentionSampling(), settings, ...options }) =>
    byStrength(dataset, { ...options, strategy, settings: { ...ATTENDING, ...settings } }),
  importance: byImportance,
};

/**
 * The settings for selection that differ from the recipe for autoencoders. They were chosen on made tables
 * of 500 columns.
 *
 * With the published noise of 0.2 a wide network copies independent columns, and their neurons become
 * strong too. If strong noise hides a column, only related columns can tell its values.
 *
 * The number of epochs shows the network some 50,000 rows. With fewer, weights have hardly changed and are
 * strong by chance. On small tables, more epochs would memorise the noise.
 */
function selecting({ rows }: Dataset): Partial<Settings> {
  return { noise: 2, epochs: Math.min(40, Math.max(10, Math.ceil(50_000 / rows))) };
}

/**
 * The published settings, except the learning rate. The paper's is 0.1 for a loss that is a mean over the
 * columns.
 */
const ATTENDING: Partial<Settings> = { hidden: [200], optimizer: "sgd", learningRate: 0.01 };

async function byStrength(
  dataset: Dataset,
  { settings, count: _count, by: _by, heldOut: _, repeats: _repeats, ...options }: SelectOptions,
): Promise<Scores> {
  const own = { ...selecting(dataset), ...settings };
  const autoencoder = await fitAutoencoder(dataset, own, options);
  const { preprocessing } = autoencoder;
  const shares = inputShares(autoencoder, inputCount(preprocessing));
  return { scores: columnMeans(preprocessing, shares), autoencoder };
}

/**
 * The mean over the inputs of every column. A mean, because a column of many categories has many inputs and
 * is not better for that.
 */
function columnMeans(preprocessing: Preprocessing, values: Float64Array): Float64Array {
  return Float64Array.from(columnInputs(preprocessing), (inputs) => {
    const sum = inputs.reduce((sum, input) => sum + values[input], 0);
    return inputs.length === 0 ? 0 : sum / inputs.length;
  });
}

/**
 * The settings for importance that differ from the recipe. A sine embedding of every feature and trials
 * would take many times longer on wide tables.
 */
const TELLING: Partial<Settings> = {
  recipe: "modern",
  embedding: "none",
  trials: 0,
  calibration: "none",
  members: 3,
  dropout: 0.3,
};

async function byImportance(
  dataset: Dataset,
  { settings = {}, heldOut = 0.25, repeats = 3, count: _count, by: _by, ...options }: SelectOptions,
): Promise<Scores> {
  const { seed = 1 } = settings;
  const { train, test } = splitDataset(dataset, heldOut, randomStream(seed, "selection"));
  const model = await fit(train, { ...TELLING, ...settings }, options);
  const { kernels } = options;
  const { columns } = importance(model, test, { repeats, seed, kernels });
  // Among columns of equal importance, the stronger one comes first. Strengths are shares of 1.
  const least = 1e-6;
  const scores = Float64Array.from(columns, ({ loss, strength }) => loss + least * strength);
  return { scores };
}
