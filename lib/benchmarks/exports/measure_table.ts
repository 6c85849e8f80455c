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
import type { DenseNetwork } from "./dense_peers.ts";
import {
  aloneProgram,
  CANDIDATES,
  chooseSize,
  edgeProgram,
  type HeldOut,
  smallestAlone,
} from "./edge_model.ts";
import type { Forest } from "./forest_peer.ts";
import { costsOf, type OnM4, rowsOf } from "./on_m4.ts";
import { splitRows } from "./row_sets.ts";

/** One member of a small network as a program. */
export interface SmallProgram extends OnM4 {
  readonly settings: Partial<Settings>;
  readonly accuracy: number;
}

/** A table of the study. */
export interface ExportMeasurement {
  /** The data, as a run names them. */
  readonly file: string;
  readonly rows: { readonly training: number; readonly test: number };
  /** The ensemble of the modern recipe as it is: its accuracy on the test rows, and its weights. */
  readonly ensemble: { readonly accuracy: number; readonly weights: number };
  /** The program with integer weights. */
  readonly int8: OnM4 & {
    readonly tried: readonly HeldOut[];
    readonly settings: Partial<Settings>;
    readonly members: number;
    readonly accuracy: number;
    /** Its own ensemble's accuracy, in 32-bit floats. */
    readonly floatAccuracy: number;
  };
  /** One member alone, with integer weights and in 32-bit floats. Left out before it is measured. */
  readonly alone?: {
    readonly settings: Partial<Settings>;
    readonly int8: OnM4 & { readonly accuracy: number };
    readonly float32: OnM4 & { readonly accuracy: number };
  } | undefined;
  /**
   * emlearn's networks on inputs that are prepared for them: the narrowest that are as accurate on the
   * held-out rows as the best member alone, and as all members. Left out where emlearn is not installed.
   */
  readonly emlearn?: {
    readonly version: string;
    readonly asAlone: DenseNetwork;
    readonly asAll: DenseNetwork;
    /** The narrowest that is as good as the best of all widths, to half a point. */
    readonly best?: DenseNetwork | undefined;
  } | undefined;
  /**
   * The program of ours with the fewest instructions that is as accurate on the held-out rows as
   * emlearn's `best`, to half a point. Left out where none is, or before it is measured.
   */
  readonly equal?: SmallProgram & { readonly weights: "int8" | "float32" } | undefined;
  /** m2cgen's random forest of the most trees that fit. Left out where m2cgen is not installed. */
  readonly forest?: Forest | undefined;
}

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
