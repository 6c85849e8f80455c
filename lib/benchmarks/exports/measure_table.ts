/**
 * Measures one table of the study of exports: the ensemble of the modern recipe, a program in C that fits a
 * microcontroller, and single members in 32-bit floats. All use the same test rows.
 *
 * @module
 */
import {
  bestMembers,
  type CProgram,
  exportC,
  exportCost,
  type ExportPlan,
  foldPlan,
  planModel,
} from "../../exports/mod.ts";
import { type Model, score } from "../../model/mod.ts";
import {
  type Candidate,
  CANDIDATES,
  chooseSize,
  type Chosen,
  edgeModel,
  edgeProgram,
  leastBrier,
} from "./edge_model.ts";
import type { ExportMeasurement } from "./measurement.ts";
import { CALL, INCLUDE } from "./on_m4.ts";
import { measureProgram, type TableStudy } from "./table_study.ts";
import { LITTLE } from "./teaching.ts";

/** The single member in 32-bit floats. Its size was not chosen on any rows. */
const MEMBER: Candidate = { hidden: [256, 256], frequencies: 8, distil: true };

/** Measures one table. Needs `sh`, `arm-none-eabi-gcc` and `qemu-system-arm`. */
export async function measureExports(table: TableStudy): Promise<ExportMeasurement> {
  const { file, quick, kept, sets: { held, training, test } } = table;
  const little = quick ? LITTLE : {};
  const chosen = await choose(table);
  const full = await table.teacher("training");
  const model = await edgeModel(training, chosen.best.settings, full, kept);
  const fitted = edgeProgram(model);
  const cost = exportCost(model, fitted.program.predict, test);
  const alone = planModel(full.model, bestMembers(full.model, 1));
  const best = exportC(alone, { quantileError: 0.01 });
  const one = await edgeModel(training, { ...MEMBER, ...little }, full, kept);
  const floats = exportC(planModel(one), { quantileError: 0.01 });
  table.tell("programs on the boards");
  const measured = (name: string, { files }: CProgram) =>
    measureProgram(table, name, { files, include: INCLUDE, call: CALL });
  return {
    file,
    rows: { training: training.rows, held: held.rows, test: test.rows },
    ensemble: {
      held: chosen.ensemble,
      accuracy: score(full.model, test),
      weights: weightsOf(full.model),
    },
    int8: {
      tried: chosen.tried,
      settings: chosen.best.settings,
      members: fitted.plan.members.length,
      held: chosen.best.accuracy,
      accuracy: cost.exported,
      floatAccuracy: cost.model,
      ...measured("int8", fitted.program),
    },
    trained: {
      settings: { hidden: full.model.settings.hidden },
      accuracy: exportCost(full.model, best.predict, test).exported,
      weights: weightsOf(foldPlan(alone)),
      constants: best.tableBytes,
      ...measured("trained", best),
    },
    float32: {
      settings: MEMBER,
      accuracy: exportCost(one, floats.predict, test).exported,
      ...measured("float32", floats),
    },
  };
}

/** The size of the program with integer weights, and what chose it. */
async function choose(table: TableStudy): Promise<Chosen & { readonly ensemble: number }> {
  const { quick, kept, earlier, sets: { fitting, held } } = table;
  if (earlier !== undefined) {
    const { ensemble, int8: { tried } } = earlier;
    return { tried, best: leastBrier(tried), ensemble: ensemble.held };
  }
  const candidates = (quick ? [CANDIDATES[0], CANDIDATES.at(-1)!] : CANDIDATES)
    .map((one) => ({ ...one, ...(quick ? LITTLE : {}) }));
  const teacher = await table.teacher("fitting");
  const chosen = await chooseSize(
    fitting,
    held,
    candidates,
    teacher,
    ({ hidden, distil }) => table.tell(`${hidden!.join(" × ")}${distil ? ", distilled" : ""}`),
    kept,
  );
  return { ...chosen, ensemble: score(teacher.model, held) };
}

function weightsOf({ members }: Pick<Model | ExportPlan, "members">): number {
  return members.reduce(
    (sum, { layers }) =>
      layers.reduce(
        (sum, layer) => sum + (layer.kind === "sparse" ? layer.data : layer.weights).length,
        sum,
      ),
    0,
  );
}
