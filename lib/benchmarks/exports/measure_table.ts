/**
 * One table of the study of exports: an ensemble of the modern recipe, a program in C that fits a
 * microcontroller, and emlearn's dense network of equal accuracy, all on the same test rows.
 *
 * @module
 */
import { fit } from "../../ensemble/mod.ts";
import { exportCost } from "../../exports/mod.ts";
import { type Model, score } from "../../model/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { aloneProgram, CANDIDATES, chooseSize, edgeProgram, smallestAlone } from "./edge_model.ts";
import { costsOf, rowsOf } from "./on_m4.ts";
import type { ExportMeasurement } from "./measurement.ts";
import { splitRows } from "./row_sets.ts";

/**
 * Measures one table. Needs `sh`, `arm-none-eabi-gcc`, `qemu-system-arm` and `python3` with emlearn.
 *
 * @param quick Trains tiny networks for a few epochs, to see that all works.
 * @param tell Hears what comes next.
 */
export async function measureExports(
  file: string,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { fitting, held, training, test } = await splitRows(file, quick);
  const little: Partial<Settings> = quick ? { epochs: 2, trials: 0, adaptToRows: false } : {};
  const candidates = (quick ? CANDIDATES.slice(0, 1) : CANDIDATES)
    .map((one) => ({ ...one, ...little }));
  const chosen = await chooseSize(fitting, held, candidates, ({ hidden, epsilon }) => {
    tell(`${file}: ${hidden!.join(" × ")}, ε ${epsilon}`);
  });
  const { model, fitted } = await edgeProgram(training, chosen.best.settings);
  const rows = rowsOf(model.preprocessing, test);
  const cost = exportCost(model, fitted.program.predict, test);
  tell(`${file}: the ensemble of the modern recipe`);
  const small: Partial<Settings> = quick ? { ...little, members: 2, hidden: [32, 32] } : {};
  const ensemble = await fit(training, { recipe: "modern", seed: 1, ...small }, { threads: 2 });
  return {
    file,
    rows: { training: training.rows, test: test.rows },
    ensemble: { accuracy: score(ensemble, test), weights: weightsOf(ensemble) },
    int8: {
      tried: chosen.tried,
      settings: chosen.best.settings,
      members: fitted.plan.members.length,
      accuracy: cost.exported,
      floatAccuracy: cost.model,
      ...costsOf(fitted.program.files, rows),
    },
  };
}

/**
 * One member alone, for a table that was measured: the best one of the smallest networks that are as good
 * alone on the held-out rows as the best, to half a point. emlearn's are chosen in the same way.
 */
export async function withAlone(
  measured: ExportMeasurement,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { file, int8: { tried } } = measured;
  tell(`${file}: one member alone`);
  const { training, test } = await splitRows(file, quick);
  const { settings } = smallestAlone(tried);
  const { model } = await edgeProgram(training, settings);
  const rows = rowsOf(model.preprocessing, test);
  const [int8, float32] = (["int8", "float32"] as const).map((weights) => {
    const one = aloneProgram(model, weights);
    const { exported } = exportCost(model, one.predict, test);
    return { accuracy: exported, ...costsOf(one.files, rows) };
  });
  return { ...measured, alone: { settings, int8, float32 } };
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
