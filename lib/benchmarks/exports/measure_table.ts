/**
 * One table of the study of exports: an ensemble of the modern recipe, a program in C that fits a
 * microcontroller, and emlearn's dense network of equal accuracy, all on the same test rows.
 *
 * @module
 */
import { preprocess } from "../../data/preprocessing/mod.ts";
import { readDataset } from "../../data/formats/mod.ts";
import { type Dataset, selectRows, splitDataset } from "../../data/table/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import { builtinData, catalogueData, dataPath } from "../../experiments/run/mod.ts";
import { exportCost } from "../../exports/mod.ts";
import { type Model, modelLabels, score } from "../../model/mod.ts";
import { node } from "../../node.ts";
import { modelFeatures } from "../../prediction/mod.ts";
import { randomStream } from "../../random.ts";
import type { Settings } from "../../settings/mod.ts";
import { compileForM4, countingMain, instructionsPerRow, rowsFile, runOnM4 } from "./cortex_m4.ts";
import { aloneProgram, CANDIDATES, chooseSize, edgeProgram, type HeldOut } from "./edge_model.ts";

/** What a program takes on a Cortex-M4. */
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
  /** Its best member alone, with integer weights. */
  readonly alone: OnM4 & { readonly accuracy: number };
  /** Its best member alone, in 32-bit floats. */
  readonly float32: OnM4 & { readonly accuracy: number };
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
const WIDTHS = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192];

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
  const { training, test } = await splitRows(file, quick);
  const { train: fitting, test: held } = splitDataset(training, 0.2, randomStream(1, "held out"));
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
  const [alone, float32] = (["int8", "float32"] as const).map((weights) => {
    const one = aloneProgram(model, weights);
    const { exported } = exportCost(model, one.predict, test);
    return { accuracy: exported, ...onM4([...one.files, rows, call]) };
  });
  tell(`${file}: emlearn`);
  const emlearn = await densePeers(model, { fitting, held, training, test }, chosen.best, quick);
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
    alone,
    float32,
    emlearn,
  };
}

async function splitRows(
  file: string,
  quick: boolean,
): Promise<{ training: Dataset; test: Dataset }> {
  const [kind, name] = file.split(":");
  const { target } = kind === "builtin" ? builtinData(name) : catalogueData(name);
  const { dataset } = await readDataset(dataPath(file), { target, missing: "keep" });
  const { train: training, test } = splitDataset(dataset, 0.2, randomStream(1, "test"));
  const few = ({ rows }: Dataset, most: number) =>
    Int32Array.from(
      { length: Math.min(rows, most) },
      (_, row) => Math.floor(row * rows / Math.min(rows, most)),
    );
  const share = 1 - MOST_TRAINING / training.rows;
  const learned = share > 0
    ? splitDataset(training, share, randomStream(1, "fewer rows")).train
    : training;
  if (!quick) return { training: learned, test };
  return {
    training: selectRows(training, few(training, 400)),
    test: selectRows(test, few(test, 100)),
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

/** emlearn's networks: the narrowest that are as accurate on the held-out rows, to half a point. */
function densePeers(
  model: Model,
  sets: Readonly<Record<"fitting" | "held" | "training" | "test", Dataset>>,
  { alone, accuracy }: HeldOut,
  quick: boolean,
): Promise<ExportMeasurement["emlearn"]> {
  return inNewFolder(async (folder) => {
    const { preprocessing } = model;
    const inputsOf = (set: Dataset) =>
      preprocess(preprocessing, modelFeatures(preprocessing, set), set.rows, set.columns);
    const names = { fitting: "fit", held: "held", training: "train", test: "test" } as const;
    const write = (name: string, array: Float32Array | Int32Array) =>
      node.fs.writeFileSync(
        `${folder}/${name}`,
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      );
    for (const [name, file] of Object.entries(names)) {
      const set = sets[name as keyof typeof names];
      write(`${file}.inputs`, inputsOf(set));
      write(`${file}.labels`, modelLabels(model, set));
    }
    const inputs = inputsOf(sets.test);
    const width = inputs.length / sets.test.rows;
    const widths = quick ? WIDTHS.slice(0, 1) : WIDTHS;
    const wanted = { inputs: width, widths, accuracies: [alone - 0.005, accuracy - 0.005] };
    node.fs.writeFileSync(`${folder}/peer.json`, JSON.stringify(wanted));
    const script = node.url.fileURLToPath(new URL("./dense_peer.py", import.meta.url));
    const command = new Deno.Command("python3", { args: [script, folder], stdout: "null" });
    const { success } = await command.output();
    if (!success) return undefined;
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
