/**
 * Measures emlearn's dense networks on prepared inputs.
 *
 * @module
 */
import { fitPreprocessing, preprocess } from "../../data/preprocessing/mod.ts";
import { fit } from "../../ensemble/mod.ts";
import { exportC, planModel } from "../../exports/mod.ts";
import { node } from "../../node.ts";
import { countingMain } from "./cortex_m4.ts";
import type { Candidate } from "./edge_model.ts";
import type { DenseNetwork, ExportMeasurement } from "./measurement.ts";
import { FLAGS, inNewFolder, type OnM4, onM4, rowsOf, someRows } from "./on_m4.ts";
import { type RowSets, splitRows } from "./row_sets.ts";
import { LITTLE } from "./teaching.ts";

/** Widths of emlearn's two hidden layers. */
const WIDTHS = [8, 16, 32, 64, 128];

/** The scalings of the networks' inputs, the cheaper one first. */
const SCALINGS = ["standard", "quantile"] as const;

/** Accuracies that differ by less count as equal. */
const HALF_A_POINT = 0.005;

/**
 * Adds emlearn's networks to a measured table. Needs `python3` with scikit-learn and emlearn.
 *
 * @returns The measurement with emlearn's networks, or unchanged if they are not available.
 */
export async function withDensePeers(
  measured: ExportMeasurement,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { file, int8: { held } } = measured;
  tell(`${file}: emlearn`);
  const sets = await splitRows(file, quick);
  const emlearn = await densePeers(sets, [held - HALF_A_POINT, null], quick);
  if (typeof emlearn !== "string") return { ...measured, emlearn };
  tell(`${file}: left out emlearn (${emlearn})`);
  return measured;
}

/** emlearn's networks, or the reason why there are none. */
function densePeers(
  sets: RowSets,
  accuracies: readonly (number | null)[],
  quick: boolean,
): Promise<NonNullable<ExportMeasurement["emlearn"]> | string> {
  return inNewFolder(async (folder) => {
    const write = (name: string, array: Float32Array | Int32Array) =>
      node.fs.writeFileSync(
        `${folder}/${name}`,
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      );
    const names = { fitting: "fit", held: "held", training: "train", test: "test" } as const;
    const inputs = new Map(SCALINGS.map((scaling) => {
      const preprocessing = fitPreprocessing(sets.training, { scaling });
      const all = Object.entries(names).map(([name, file]) => {
        const { features, rows, columns, labels } = sets[name as keyof RowSets];
        const own = preprocess(preprocessing, features, rows, columns);
        write(`${scaling}.${file}.inputs`, own);
        write(`${file}.labels`, labels);
        return own;
      });
      return [scaling, all.at(-1)!];
    }));
    const width = inputs.get("standard")!.length / sets.test.rows;
    const widths = quick ? WIDTHS.slice(0, 1) : WIDTHS;
    const wanted = { inputs: width, widths, scalings: SCALINGS, accuracies };
    node.fs.writeFileSync(`${folder}/peer.json`, JSON.stringify(wanted));
    const script = node.url.fileURLToPath(new URL("./dense_peer.py", import.meta.url));
    const { success, stderr } = await new Deno.Command("python3", {
      args: [script, folder],
      cwd: folder,
      // More threads would be slower for such small matrices.
      env: { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
    }).output();
    if (!success) return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
    const text = (name: string) => node.fs.readFileSync(`${folder}/${name}`, "utf8");
    const { answers, version, include } = JSON.parse(text("dense.json"));
    const reading = await quantileInstructions(sets);
    const [asAll, best] = answers.map(
      (answer: Omit<DenseNetwork, keyof OnM4 | "preparation">, place: number): DenseNetwork => {
        const files = [
          { name: "dense.h", content: text(`dense_${place}.h`) },
          someRows(inputs.get(answer.scaling)!, width),
          countingMain('#include "dense.h"', `(int)dense_predict(x, ${width})`),
        ];
        const preparation = answer.scaling === "standard" ? 0 : reading;
        return { ...answer, preparation, ...onM4(files, `${FLAGS} -I${include}`) };
      },
    );
    return { version, asAll, best };
  });
}

/** The instructions that our own programs need to scale a row's numbers by quantiles. */
async function quantileInstructions({ training, test }: RowSets): Promise<number> {
  const tiny: Candidate = { hidden: [8], embedding: "none", members: 1, ...LITTLE };
  const model = await fit(training, { recipe: "modern", seed: 1, ...tiny });
  const [source, header] = exportC(planModel(model), { quantileError: 0.01 }).files;
  const main = countingMain('#include "model.inc"', "read_row(x)");
  const files = [{ ...source, name: "model.inc" }, header, rowsOf(model.preprocessing, test), main];
  return onM4(files).instructions;
}
