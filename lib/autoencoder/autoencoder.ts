import type { Preprocessing } from "../data/preprocessing/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import { type FitOptions, requireTraining, trainOn } from "../ensemble/mod.ts";
import type { StrategyOrigin } from "../model/mod.ts";
import type { Member } from "../nn/mod.ts";
import { completeSettings, requireSettings, type Settings } from "../settings/mod.ts";

/**
 * A trained autoencoder: networks whose linear outputs reproduce the scaled inputs. A `Model` predicts a
 * target. An autoencoder has no target: it gives codes, reconstructions and their errors.
 */
export interface Autoencoder {
  /** The networks. Each reproduces all inputs. */
  readonly members: readonly Member[];
  /** The settings they were trained with. Their task is `reconstruction`. */
  readonly settings: Settings;
  /** The topology strategy, if it was not the one of the settings' method. */
  readonly strategy?: StrategyOrigin | undefined;
  /** The preprocessing of raw columns to the networks' inputs. */
  readonly preprocessing: Preprocessing;
}

/**
 * Trains a sparse denoising autoencoder. Noise is added to the scaled inputs, and the network learns to
 * reproduce the inputs without noise. The method changes the connections of all layers, including the
 * output layer. The defaults follow Z. Atashgahi et al., "Quick and robust feature selection: the strength
 * of energy-efficient sparse training for autoencoders", Machine Learning 111, 2022,
 * https://doi.org/10.1007/s10994-021-06063-x.
 *
 * @param dataset The rows to learn from. Their classes or targets are not used.
 * @param settings Any of the settings. The default method is SET, and the other defaults are the recipe for
 * autoencoders.
 * @throws {TypeError | RangeError} If the settings are wrong or do not fit the data.
 * @throws {TrainingDiverged} If the loss is no longer a finite number.
 * @throws {StrategyError} If a custom strategy throws, or its answer is not valid.
 *
 * @example Usage
 * ```ts
 * import { autoencoder, datasetFromArrays } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * // Three columns that say one thing, and one that says nothing.
 * const features = Array.from({ length: 400 }, (_, row) => [row, 2 * row, -row, row * 7919 % 401]);
 * const dataset = datasetFromArrays({ features, labels: features.map((_, row) => row % 2) });
 * const settings = { hidden: [8], epsilon: 4, epochs: 60, batchSize: 16 };
 * const trained = await autoencoder.fitAutoencoder(dataset, settings);
 * assert.equal(autoencoder.encode(trained, features.slice(0, 2)).length, 2 * 8);
 * ```
 */
export async function fitAutoencoder(
  dataset: Dataset,
  settings: Partial<Settings> = {},
  options: FitOptions = {},
): Promise<Autoencoder> {
  requireTraining(dataset, options);
  requireSettings(settings);
  const complete = completeSettings({ task: "reconstruction", ...settings });
  if (complete.task !== "reconstruction") {
    throw new TypeError(
      `Cannot fit an autoencoder: found task "${complete.task}", need "reconstruction"`,
    );
  }
  return await trainOn(
    unlabelled(dataset),
    complete,
    options,
    (run, { preprocessing }): Autoencoder => ({
      members: run.progress.members,
      settings: { ...run.settings, kernels: run.stage.network.kernels.name },
      strategy: run.ownStrategy === null ? undefined : { name: run.ownStrategy },
      preprocessing,
    }),
  );
}

/** The rows without classes or targets, so that these cannot influence the training. */
function unlabelled(dataset: Dataset): Dataset {
  const { targets: _, ...rest } = dataset;
  return { ...rest, labels: new Int32Array(dataset.rows), classes: [] };
}
