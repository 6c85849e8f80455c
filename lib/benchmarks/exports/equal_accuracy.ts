/**
 * A program of ours beside emlearn's network of equal accuracy: the one with the fewest instructions that is as
 * accurate on the held-out rows, to half a point.
 *
 * @module
 */
import { exportC, exportCost, planModel } from "../../exports/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { CANDIDATES, HALF_A_POINT } from "./edge_model.ts";
import type { ExportMeasurement } from "./measurement.ts";
import { costsOf, rowsOf } from "./on_m4.ts";
import { splitRows } from "./row_sets.ts";

/** The networks of one member to choose from, beside those of the edge. */
const TINY: readonly Partial<Settings>[] = [
  { hidden: [8, 8], epsilon: 4, blockSize: 4, embedding: "none" },
  { hidden: [16, 16], epsilon: 4, blockSize: 4, embedding: "none" },
  { hidden: [32, 16], epsilon: 6, blockSize: 4, embedding: "none" },
  { hidden: [32, 32], epsilon: 8, blockSize: 4, embedding: "none" },
  { hidden: [64, 32], epsilon: 8, blockSize: 4, embedding: "none" },
  { hidden: [64, 64], epsilon: 12, blockSize: 8, embedding: "none" },
  { hidden: [16, 16], epsilon: 4, blockSize: 4, frequencies: 2 },
  { hidden: [32, 32], epsilon: 6, blockSize: 4, frequencies: 2 },
];

/**
 * Ours of equal accuracy, for a table with emlearn's networks.
 *
 * @returns The same without it where emlearn is left out, or none is as accurate.
 */
export async function withEqual(
  measured: ExportMeasurement,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { file, emlearn } = measured;
  if (emlearn?.best === undefined) return measured;
  tell(`${file}: a program as accurate as emlearn's`);
  const { fitting, held, training, test } = await splitRows(file, quick);
  const little: Partial<Settings> = quick ? { epochs: 2, trials: 0, adaptToRows: false } : {};
  const candidates = quick ? TINY.slice(0, 1) : [...TINY, ...CANDIDATES.slice(0, 2)];
  const found = [];
  for (const settings of candidates) {
    const own: Partial<Settings> = {
      recipe: "modern",
      seed: 1,
      ...settings,
      members: 1,
      ...little,
    };
    const model = await fit(fitting, own, { threads: 2 });
    const rows = rowsOf(model.preprocessing, held);
    for (const weights of ["int8", "float32"] as const) {
      const program = exportC(planModel(model), { weights, quantileError: 0.01 });
      const { exported } = exportCost(model, program.predict, held);
      const { instructions } = costsOf(program.files, rows);
      if (exported < emlearn.best.held - HALF_A_POINT) continue;
      found.push({ settings: own, weights, instructions });
    }
  }
  if (found.length === 0) return measured;
  const { settings, weights } = found.reduce((best, one) =>
    one.instructions < best.instructions ? one : best
  );
  const model = await fit(training, settings, { threads: 2 });
  const program = exportC(planModel(model), { weights, quantileError: 0.01 });
  const { exported } = exportCost(model, program.predict, test);
  const costs = costsOf(program.files, rowsOf(model.preprocessing, test));
  return { ...measured, equal: { settings, weights, accuracy: exported, ...costs } };
}
