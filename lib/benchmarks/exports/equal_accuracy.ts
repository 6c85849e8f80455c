/**
 * Finds our counterpart of emlearn's best network: the program with the fewest instructions that is at
 * least as accurate on the held-out rows.
 *
 * @module
 */
import { type CProgram, type CWeights, exportC, exportCost, planModel } from "../../exports/mod.ts";
import type { Model } from "../../model/mod.ts";
import type { Candidate } from "./edge_model.ts";
import type { ExportMeasurement } from "./measurement.ts";
import { CALL, costsOf, INCLUDE, rowsOf } from "./on_m4.ts";
import { measureProgram, type TableStudy } from "./table_study.ts";
import { LITTLE, trainStudents } from "./teaching.ts";

/** Networks without sines and quantiles, because these take more instructions than the weights. */
const PLAIN: readonly Candidate[] = [
  { hidden: [8], epsilon: 8, blockSize: 8 },
  { hidden: [16], epsilon: 4, blockSize: 8 },
  { hidden: [32], epsilon: 4, blockSize: 8 },
  { hidden: [64], epsilon: 6, blockSize: 8 },
  { hidden: [8, 8], epsilon: 4, blockSize: 8 },
  { hidden: [16, 8], epsilon: 4, blockSize: 8 },
  { hidden: [16, 16], epsilon: 2, blockSize: 4 },
  { hidden: [16, 16], epsilon: 4, blockSize: 4 },
  { hidden: [16, 16], epsilon: 4, blockSize: 8 },
  { hidden: [32, 16], epsilon: 4, blockSize: 8 },
  { hidden: [32, 16], epsilon: 8, blockSize: 8 },
  { hidden: [32, 32], epsilon: 4, blockSize: 8 },
  { hidden: [32, 32], epsilon: 8, blockSize: 8 },
  { hidden: [64, 32], epsilon: 8, blockSize: 8 },
  { hidden: [64, 64], epsilon: 8, blockSize: 8 },
  { hidden: [128, 64], epsilon: 8, blockSize: 8 },
].map((one) => ({ ...one, embedding: "none", scaling: "standard" }));

/** All networks of one member to choose from, taught by the whole ensemble. */
const TINY: readonly Candidate[] = [
  ...PLAIN,
  { hidden: [16, 16], epsilon: 4, blockSize: 8, embedding: "none" },
  { hidden: [32, 32], epsilon: 6, blockSize: 8, embedding: "none" },
  { hidden: [32, 32], epsilon: 6, blockSize: 8, frequencies: 2 },
  { hidden: [64, 32], epsilon: 8, blockSize: 8, frequencies: 4 },
];

/**
 * Adds our program of equal accuracy to a table with emlearn's networks.
 *
 * @returns The measurement with the program. Unchanged if emlearn is left out, or no program is as
 * accurate.
 */
export async function withEqual(
  table: TableStudy,
  measured: ExportMeasurement,
): Promise<ExportMeasurement> {
  const { emlearn } = measured;
  if (emlearn === undefined) return measured;
  table.tell("a program as accurate as emlearn's");
  const { kept, earlier, sets: { training, test } } = table;
  const chosen = earlier === undefined ? await choose(table, emlearn.best.held) : earlier.equal;
  if (chosen === undefined) return measured;
  const full = await table.teacher("training");
  const model = await trainStudents(training, chosen.settings, full, kept);
  const { files, predict } = programOf(model, chosen.weights);
  const accuracy = exportCost(model, predict, test).exported;
  const costs = measureProgram(table, "equal", { files, include: INCLUDE, call: CALL });
  const { settings, weights, held } = chosen;
  return { ...measured, equal: { settings, weights, held, accuracy, ...costs } };
}

/** The program with the fewest instructions that is as accurate on the held-out rows, if there is one. */
async function choose(
  { quick, kept, teacher: teacherOf, sets: { fitting, held } }: TableStudy,
  accuracy: number,
): Promise<
  Pick<NonNullable<ExportMeasurement["equal"]>, "settings" | "weights" | "held"> | undefined
> {
  const candidates = quick ? [{ ...TINY[0], ...LITTLE }] : TINY;
  const teacher = await teacherOf("fitting");
  const tried = [];
  for (const settings of candidates) tried.push(...await triedOut(settings));
  const found = tried.filter((one) => one.held >= accuracy);
  if (found.length === 0) return undefined;
  return found.reduce((best, one) => one.instructions < best.instructions ? one : best);

  async function triedOut(settings: Candidate) {
    const model = await trainStudents(fitting, settings, teacher, kept);
    const rows = rowsOf(model.preprocessing, held);
    return (["int8", "float32"] as const).map((weights) => {
      const { files, predict } = programOf(model, weights);
      const accuracy = exportCost(model, predict, held).exported;
      return { settings, weights, held: accuracy, ...instructionsOf(files, rows) };
    });
  }
}

function instructionsOf(...program: Parameters<typeof costsOf>) {
  const { instructions } = costsOf(...program);
  return { instructions };
}

function programOf(model: Model, weights: CWeights): CProgram {
  return exportC(planModel(model), { weights, quantileError: 0.01 });
}
