/**
 * A small ensemble for a microcontroller: its size is chosen on rows that were held out of the training
 * rows. The test rows are seen once, at the end.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import {
  bestMembers,
  type CProgram,
  type CWeights,
  exportC,
  exportCost,
  fitC,
  type FittedC,
  planModel,
} from "../../exports/mod.ts";
import type { Model } from "../../model/mod.ts";
import type { Settings } from "../../settings/mod.ts";

/** The sizes of networks to choose from, all of the modern recipe, the smallest first. */
export const CANDIDATES: readonly Partial<Settings>[] = [
  { hidden: [64, 32], epsilon: 8, members: 8, frequencies: 4, blockSize: 4 },
  { hidden: [64, 64], epsilon: 12, members: 8, frequencies: 8, blockSize: 8 },
  { hidden: [128, 64], epsilon: 16, members: 6, frequencies: 8, blockSize: 8 },
  { hidden: [128, 128], epsilon: 24, members: 5, frequencies: 12, blockSize: 8 },
  // The recipe's own networks, of which the best few fit, and one that is distilled from all of them.
  { hidden: [512, 512], epsilon: 10, members: 8, blockSize: 8 },
  { hidden: [512, 512], epsilon: 10, members: 8, blockSize: 8, distil: true },
];

/** A candidate on the held-out rows. */
export interface HeldOut {
  /** Its settings beside those of the recipe. */
  readonly settings: Partial<Settings>;
  /** The members that fit. */
  readonly members: number;
  /** The accuracy of the exported program. */
  readonly accuracy: number;
  /** The accuracy of its best member alone. */
  readonly alone: number;
}

/** A chosen size. */
export interface Chosen {
  /** Every candidate on the held-out rows. */
  readonly tried: readonly HeldOut[];
  /** The best one; of equal ones the first. */
  readonly best: HeldOut;
}

/** Flash for constants and code, of 64 KB: the rest is for the main program. */
export const FLASH = 62 * 1024;

/** Trains an ensemble and exports what fits. */
export async function edgeProgram(
  training: Dataset,
  settings: Partial<Settings>,
): Promise<{ model: Model; fitted: FittedC }> {
  const model = await fit(training, { recipe: "modern", seed: 1, ...settings }, { threads: 2 });
  return { model, fitted: fitC(model, FLASH, { weights: "int8" }) };
}

/** Accuracies that differ by less count as equal. */
export const HALF_A_POINT = 0.005;

/** The first candidate, and so the smallest, whose best member alone is as good as the best, to half a point. */
export function smallestAlone(tried: readonly HeldOut[]): HeldOut {
  const best = Math.max(...tried.map(({ alone }) => alone));
  return tried.find(({ alone }) => alone >= best - HALF_A_POINT)!;
}

/** The best member alone. */
export function aloneProgram(model: Model, weights: CWeights = "int8"): CProgram {
  return exportC(planModel(model, bestMembers(model, 1)), { weights, quantileError: 0.01 });
}

/** Chooses a size: every candidate learns from some training rows, and its program is scored on others. */
export async function chooseSize(
  fitting: Dataset,
  held: Dataset,
  candidates: readonly Partial<Settings>[],
  onCandidate: (settings: Partial<Settings>) => void,
): Promise<Chosen> {
  const tried: HeldOut[] = [];
  for (const settings of candidates) {
    onCandidate(settings);
    const { model, fitted: { program, plan } } = await edgeProgram(fitting, settings);
    const { exported } = exportCost(model, program.predict, held);
    const alone = exportCost(model, aloneProgram(model).predict, held).exported;
    tried.push({ settings, members: plan.members.length, accuracy: exported, alone });
  }
  return { tried, best: tried.reduce((best, one) => one.accuracy > best.accuracy ? one : best) };
}
