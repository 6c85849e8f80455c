/**
 * A small ensemble for a microcontroller. Its size is chosen on rows held out of the training rows. The
 * test rows are used once, at the end.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import { exportCost, fitC, type FittedC } from "../../exports/mod.ts";
import { type Model, modelLabels } from "../../model/mod.ts";
import { modelFeatures, scoreProbabilities } from "../../prediction/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Kept } from "./kept_steps.ts";
import { type Teacher, trainStudents } from "./teaching.ts";
import { RECORDED_RECIPE } from "./recorded_recipe.ts";

/**
 * The settings of a small ensemble that differ from the recipe. With `distil` it learns from the whole
 * ensemble.
 */
export type Candidate = Partial<Settings>;

/** The recipe's own ensemble, of which the best members are kept. */
const WHOLE: Candidate = { hidden: [512, 512], members: 8 };

function isWhole({ distil, hidden }: Candidate): boolean {
  return distil === undefined && hidden?.join() === WHOLE.hidden!.join();
}

/** The sizes of networks to choose from, all of the modern recipe. */
export const CANDIDATES: readonly Candidate[] = [
  { hidden: [64, 32], epsilon: 8, members: 8, frequencies: 4, blockSize: 4 },
  { hidden: [64, 64], epsilon: 12, members: 8, frequencies: 8, blockSize: 8 },
  { hidden: [128, 64], epsilon: 16, members: 6, frequencies: 8, blockSize: 8 },
  { hidden: [128, 128], epsilon: 24, members: 5, frequencies: 12, blockSize: 8 },
  WHOLE,
  { hidden: [512, 512], distil: true },
  { hidden: [256, 256], members: 3, frequencies: 8, distil: true },
  { hidden: [128, 128], epsilon: 24, members: 3, frequencies: 8, distil: true },
  { hidden: [128, 64], epsilon: 12, members: 5, frequencies: 8, blockSize: 8, distil: true },
  { hidden: [64, 64], epsilon: 8, members: 8, frequencies: 4, blockSize: 8, distil: true },
  { hidden: [64, 64], epsilon: 8, members: 8, embedding: "none", blockSize: 8, distil: true },
];

/** A candidate on the held-out rows. */
export interface HeldOut {
  /** Its settings that differ from the recipe. */
  readonly settings: Candidate;
  /** The number of members that fit. */
  readonly members: number;
  /** The accuracy of the exported program. */
  readonly accuracy: number;
  /** The Brier score of its probabilities. */
  readonly brier: number;
}

/** A chosen size. */
export interface Chosen {
  /** Every candidate on the held-out rows. */
  readonly tried: readonly HeldOut[];
  /** The candidate with the least Brier score, which varies less by chance than accuracy. */
  readonly best: HeldOut;
}

/** Flash for constants and code in bytes. The rest of 64 KB is for the main program. */
const FLASH = 62 * 1024;

/** Trains a small ensemble. */
export async function edgeModel(
  training: Dataset,
  settings: Candidate,
  teacher: Teacher,
  kept: Kept,
): Promise<Model> {
  if (isWhole(settings)) return teacher.model;
  return settings.distil
    ? await trainStudents(training, settings, teacher, kept)
    : await kept.model(
      `${teacher.name} ${JSON.stringify(settings)}`,
      () => fit(training, { ...RECORDED_RECIPE, ...settings }, { threads: 2 }),
    );
}

/** Exports the largest number of members that fits, with integer weights. */
export function edgeProgram(model: Model): FittedC {
  return fitC(model, FLASH, { weights: "int8" });
}

/**
 * Chooses a size. Every candidate learns from some training rows, and its program is scored on the others.
 */
export async function chooseSize(
  fitting: Dataset,
  held: Dataset,
  candidates: readonly Candidate[],
  teacher: Teacher,
  onCandidate: (settings: Candidate) => void,
  kept: Kept,
): Promise<Chosen> {
  const tried: HeldOut[] = [];
  for (const settings of candidates) {
    onCandidate(settings);
    tried.push(await triedOut(settings));
  }
  return { tried, best: leastBrier(tried) };

  async function triedOut(settings: Candidate): Promise<HeldOut> {
    const model = await edgeModel(fitting, settings, teacher, kept);
    const { program, plan } = edgeProgram(model);
    const { exported } = exportCost(model, program.predict, held);
    const brier = brierScore(model, program.predict, held);
    return { settings, members: plan.members.length, accuracy: exported, brier };
  }
}

/** The candidate with the least Brier score. */
export function leastBrier(tried: readonly HeldOut[]): HeldOut {
  return tried.reduce((best, one) => one.brier < best.brier ? one : best);
}

function brierScore(
  model: Model,
  predict: FittedC["program"]["predict"],
  dataset: Dataset,
): number {
  const { rows, columns } = dataset;
  const features = modelFeatures(model.preprocessing, dataset);
  const answers = Array.from(
    { length: rows },
    (_, row) => predict(features.subarray(row * columns, (row + 1) * columns)) as Float32Array,
  );
  const probabilities = answers.flatMap((answer) => [...answer]);
  return scoreProbabilities(probabilities, modelLabels(model, dataset), model.classes.length).brier;
}
