/**
 * Measures one table of the study of exports: the ensemble of the modern recipe, a program in C that fits a
 * microcontroller, and one member in 32-bit floats. All use the same test rows.
 *
 * @module
 */
import { bestMembers, exportC, exportCost, planModel } from "../../exports/mod.ts";
import { type Model, score } from "../../model/mod.ts";
import { type Candidate, CANDIDATES, chooseSize, edgeModel, edgeProgram } from "./edge_model.ts";
import type { Keep } from "./kept_steps.ts";
import type { ExportMeasurement } from "./measurement.ts";
import { costsOf, rowsOf } from "./on_m4.ts";
import { splitRows } from "./row_sets.ts";
import { LITTLE, trainTeacher } from "./teaching.ts";

/** The single member in 32-bit floats. Its size was not chosen on any rows. */
const MEMBER: Candidate = { hidden: [256, 256], frequencies: 8, distil: true };

/**
 * Measures one table. Needs `sh`, `arm-none-eabi-gcc` and `qemu-system-arm`.
 *
 * @param quick `true` trains tiny networks for a few epochs, to check that everything works.
 * @param tell Called with the name of the next step.
 * @param keep Stores the candidates' scores.
 */
export async function measureExports(
  file: string,
  quick: boolean,
  tell: (what: string) => void,
  keep: Keep,
): Promise<ExportMeasurement> {
  const { fitting, held, training, test } = await splitRows(file, quick);
  const little = quick ? LITTLE : {};
  const candidates = (quick ? [CANDIDATES[0], CANDIDATES.at(-1)!] : CANDIDATES)
    .map((one) => ({ ...one, ...little }));
  tell(`${file}: the ensemble of the modern recipe, without the held-out rows`);
  const teacher = await trainTeacher(fitting, quick);
  const chosen = await chooseSize(
    fitting,
    held,
    candidates,
    teacher,
    ({ hidden, distil }) => tell(`${file}: ${hidden!.join(" × ")}${distil ? ", distilled" : ""}`),
    (name, make) => keep(`${file} ${name}`, make),
  );
  tell(`${file}: the ensemble of the modern recipe`);
  const full = await trainTeacher(training, quick);
  const model = await edgeModel(training, chosen.best.settings, full);
  const fitted = edgeProgram(model);
  const cost = exportCost(model, fitted.program.predict, test);
  const best = exportC(planModel(full.model, bestMembers(full.model, 1)), { quantileError: 0.01 });
  const one = await edgeModel(training, { ...MEMBER, ...little }, full);
  const floats = exportC(planModel(one), { quantileError: 0.01 });
  return {
    file,
    rows: { training: training.rows, held: held.rows, test: test.rows },
    ensemble: {
      held: score(teacher.model, held),
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
      ...costsOf(fitted.program.files, rowsOf(model.preprocessing, test)),
    },
    trained: {
      settings: { hidden: full.model.settings.hidden },
      accuracy: exportCost(full.model, best.predict, test).exported,
      ...costsOf(best.files, rowsOf(full.model.preprocessing, test)),
    },
    float32: {
      settings: MEMBER,
      accuracy: exportCost(one, floats.predict, test).exported,
      ...costsOf(floats.files, rowsOf(one.preprocessing, test)),
    },
  };
}

function weightsOf({ members }: Model): number {
  return members.reduce(
    (sum, { layers }) =>
      layers.reduce(
        (sum, layer) => sum + (layer.kind === "sparse" ? layer.data : layer.weights).length,
        sum,
      ),
    0,
  );
}
