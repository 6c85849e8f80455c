import { bestMembers } from "../best_members.ts";
import { type ExportPlan, planModel } from "../plan.ts";
import type { Model } from "../../model/mod.ts";
import { type CProgram, exportC, type ExportCOptions } from "./export_c.ts";
import type { CWeights } from "./weights.ts";

/** A program that fits. */
export interface FittedC {
  /** The program. */
  readonly program: CProgram;
  /** The plan of its members, not folded. */
  readonly plan: ExportPlan;
  /** The options that made it. */
  readonly options: ExportCOptions;
}

/** The ways to store weights and quantiles, from fine to coarse. */
const WAYS: readonly { readonly weights: CWeights; readonly quantileError: number }[] = [
  { weights: "float32", quantileError: 0 },
  { weights: "float32", quantileError: 0.01 },
  { weights: "int16", quantileError: 0.01 },
  { weights: "int8", quantileError: 0.01 },
];

/**
 * Finds the program with the most members that fits into `bytes` bytes of flash. Among programs with the
 * same number of members it has the finest weights. One more member improves predictions more than finer
 * weights.
 *
 * @param bytes The flash for constants and code.
 * @param options The options of the program. Given weights and a given quantile error are not changed.
 * @throws {RangeError} If no program fits.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { fitC } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const network = { method: "fd", hidden: [20], epsilon: 5, batchSize: 16 } as const;
 * const settings = { ...network, epochs: 10, explore: 4, members: 3 };
 * const { plan, options } = fitC(await fit(dataset, settings), 7 * 1024);
 * assert.deepEqual([plan.members.length, options.weights], [3, "float32"]);
 * ```
 */
export function fitC(model: Model, bytes: number, options: ExportCOptions = {}): FittedC {
  const { weights, quantileError } = options;
  const ways = WAYS.filter((way) =>
    (weights === undefined || way.weights === weights) &&
    (quantileError === undefined || way.quantileError === 0 || way.weights !== "float32")
  ).map((way) => ({ ...way, quantileError: quantileError ?? way.quantileError }));
  const whole = planModel(model);
  const withMembers = (count: number): ExportPlan => ({
    ...whole,
    members: planModel(model, bestMembers(model, count)).members,
  });
  let [best, found]: [number, FittedC | null] = [0, null];
  let least = Infinity;
  for (const way of ways) {
    const made = (count: number): FittedC => {
      const [plan, own] = [withMembers(count), { ...options, ...way }];
      return { plan, options: own, program: exportC(plan, own) };
    };
    // The bytes grow with the members, so a binary search finds the largest number.
    let [low, high] = [best, model.members.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const one = made(middle);
      const { flashBytes } = one.program;
      least = Math.min(least, flashBytes);
      if (flashBytes <= bytes) [low, found] = [middle, one];
      else high = middle - 1;
    }
    best = low;
  }
  if (found !== null) return found;
  throw new RangeError(
    `Cannot export the model in ${bytes} bytes of flash: found ${least} with one member and ` +
      `weights of ${
        ways.at(-1)!.weights
      }, need more room, or a model with fewer neurons or connections`,
  );
}
