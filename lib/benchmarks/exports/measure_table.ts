/**
 * One table of the study of exports: an ensemble of the modern recipe, a program in C that fits a
 * microcontroller, and emlearn's dense network of equal accuracy, all on the same test rows.
 *
 * @module
 */
import { fitPreprocessing, preprocess } from "../../data/preprocessing/mod.ts";
import { readDataset } from "../../data/formats/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import { builtinData, catalogueData, dataPath } from "../../experiments/run/mod.ts";
import { exportCost } from "../../exports/mod.ts";
import { type Model, score } from "../../model/mod.ts";
import { node } from "../../node.ts";
import { modelFeatures } from "../../prediction/mod.ts";
import { randomStream } from "../../random.ts";
import type { Settings } from "../../settings/mod.ts";
import { compileForM4, countingMain, instructionsPerRow, rowsFile, runOnM4 } from "./cortex_m4.ts";
import {
  aloneProgram,
  CANDIDATES,
  chooseSize,
  edgeProgram,
  HALF_A_POINT,
  type HeldOut,
  smallestAlone,
} from "./edge_model.ts";

/** The cost of a program on a Cortex-M4. */
export interface OnM4 {
  /** Bytes of flash, from the binary. */
  readonly flash: number;
  /** Bytes of RAM, from the binary, without the stack. */
  readonly ram: number;
  /** Instructions for a row, the mean over some test rows. */
  readonly instructions: number;
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
  } | undefined;
}

/** A dense network of two hidden layers of equal width. */
export interface DenseNetwork extends OnM4 {
  readonly width: number;
  readonly weights: number;
  /** The accuracy on the held-out rows, when it was chosen. */
  readonly held: number;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}

/** Optimisation of all binaries. */
const FLAGS = "-std=gnu11 -Os";

/** Test rows on which instructions are counted. */
const COUNTED = 40;

/** Rows to learn from, at most, so that the study takes minutes and not hours. */
const MOST_TRAINING = 5000;

/** Widths of emlearn's two hidden layers. */
const WIDTHS = [8, 16, 32, 64, 128];

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
  const features = modelFeatures(model.preprocessing, test);
  const rows = rowsFile(features.subarray(0, COUNTED * test.columns), test.columns);
  const call = countingMain('#include "model.h"', "predict_class(x)");
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
      ...onM4([...fitted.program.files, rows, call]),
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
  const features = modelFeatures(model.preprocessing, test);
  const rows = rowsFile(features.subarray(0, COUNTED * test.columns), test.columns);
  const [int8, float32] = (["int8", "float32"] as const).map((weights) => {
    const one = aloneProgram(model, weights);
    const { exported } = exportCost(model, one.predict, test);
    const call = countingMain('#include "model.h"', "predict_class(x)");
    return { accuracy: exported, ...onM4([...one.files, rows, call]) };
  });
  return { ...measured, alone: { settings, int8, float32 } };
}

/**
 * emlearn's networks for a table that was measured. Needs `python3` with scikit-learn and emlearn.
 *
 * @returns The same without them where they cannot be had.
 */
export async function withDensePeers(
  measured: ExportMeasurement,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { file, int8: { tried } } = measured;
  tell(`${file}: emlearn`);
  const sets = await splitRows(file, quick);
  const best = tried.reduce((best, one) => one.accuracy > best.accuracy ? one : best);
  const accuracies = [smallestAlone(tried).alone, best.accuracy];
  const emlearn = await densePeers(sets, accuracies.map((one) => one - HALF_A_POINT), quick);
  if (typeof emlearn !== "string") return { ...measured, emlearn };
  tell(`${file}: left out emlearn (${emlearn})`);
  return measured;
}

/** The rows of a table: those to learn from, some of which may be held out, and those of the test. */
type RowSets = Readonly<Record<"fitting" | "held" | "training" | "test", Dataset>>;

async function splitRows(file: string, quick: boolean): Promise<RowSets> {
  const [kind, name] = file.split(":");
  const { target } = kind === "builtin" ? builtinData(name) : catalogueData(name);
  const { dataset } = await readDataset(dataPath(file), { target, missing: "keep" });
  const all = splitDataset(dataset, 0.2, randomStream(1, "test"));
  const training = atMost(all.train, quick ? 400 : MOST_TRAINING);
  const test = quick ? atMost(all.test, 100) : all.test;
  const { train: fitting, test: held } = splitDataset(training, 0.2, randomStream(1, "held out"));
  return { fitting, held, training, test };
}

/** So many rows at most, drawn at random. */
function atMost(dataset: Dataset, most: number): Dataset {
  const share = 1 - most / dataset.rows;
  return share > 0 ? splitDataset(dataset, share, randomStream(1, "fewer rows")).train : dataset;
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

function onM4(files: Parameters<typeof compileForM4>[0], flags: string = FLAGS): OnM4 {
  return inNewFolder((folder) => {
    const { flash, ram } = compileForM4(files, folder, flags);
    const counted = instructionsPerRow(runOnM4(folder), COUNTED);
    // The rows are not a part of the program.
    const rows = files.find(({ name }) => name === "rows.h")!.content as string;
    const bytes = 4 * (rows.match(/\d+UL/g)?.length ?? 0);
    return { flash: flash - bytes, ram, instructions: counted };
  });
}

function inNewFolder<Result>(use: (folder: string) => Result): Result {
  const folder = Deno.makeTempDirSync({ prefix: "sparsemble-" });
  const remove = () => node.fs.rmSync(folder, { recursive: true, force: true });
  const result = use(folder);
  if (!(result instanceof Promise)) {
    remove();
    return result;
  }
  return result.finally(remove) as Result;
}

/** emlearn's networks, or the reason why there are none. */
function densePeers(
  sets: RowSets,
  accuracies: readonly number[],
  quick: boolean,
): Promise<NonNullable<ExportMeasurement["emlearn"]> | string> {
  return inNewFolder(async (folder) => {
    const preprocessing = fitPreprocessing(sets.training, { scaling: "quantile" });
    const inputsOf = ({ features, rows, columns }: Dataset) =>
      preprocess(preprocessing, features, rows, columns);
    const names = { fitting: "fit", held: "held", training: "train", test: "test" } as const;
    const write = (name: string, array: Float32Array | Int32Array) =>
      node.fs.writeFileSync(
        `${folder}/${name}`,
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      );
    for (const [name, file] of Object.entries(names)) {
      const set = sets[name as keyof RowSets];
      write(`${file}.inputs`, inputsOf(set));
      write(`${file}.labels`, set.labels);
    }
    const inputs = inputsOf(sets.test);
    const width = inputs.length / sets.test.rows;
    const widths = quick ? WIDTHS.slice(0, 1) : WIDTHS;
    const wanted = { inputs: width, widths, accuracies };
    node.fs.writeFileSync(`${folder}/peer.json`, JSON.stringify(wanted));
    const script = node.url.fileURLToPath(new URL("./dense_peer.py", import.meta.url));
    const { success, stderr } = await new Deno.Command("python3", {
      args: [script, folder],
      cwd: folder,
    })
      .output();
    if (!success) return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
    const text = (name: string) => node.fs.readFileSync(`${folder}/${name}`, "utf8");
    const { answers, version, include } = JSON.parse(text("dense.json"));
    const [asAlone, asAll] = answers.map(
      (answer: Omit<DenseNetwork, keyof OnM4>, place: number) => {
        const files = [
          { name: "dense.h", content: text(`dense_${place}.h`) },
          rowsFile(inputs.subarray(0, COUNTED * width), width),
          countingMain('#include "dense.h"', `(int)dense_predict(x, ${width})`),
        ];
        return { ...answer, ...onM4(files, `${FLAGS} -I${include}`) };
      },
    );
    return { version, asAlone, asAll };
  });
}
