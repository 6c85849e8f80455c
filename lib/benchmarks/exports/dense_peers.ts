/**
 * emlearn's dense networks on inputs that are prepared for them.
 *
 * @module
 */
import { fitPreprocessing, preprocess } from "../../data/preprocessing/mod.ts";
import type { Dataset } from "../../data/table/mod.ts";
import { node } from "../../node.ts";
import { countingMain } from "./cortex_m4.ts";
import { HALF_A_POINT, smallestAlone } from "./edge_model.ts";
import type { DenseNetwork, ExportMeasurement } from "./measurement.ts";
import { FLAGS, inNewFolder, type OnM4, onM4, someRows } from "./on_m4.ts";
import { type RowSets, splitRows } from "./row_sets.ts";

/** Widths of emlearn's two hidden layers. */
const WIDTHS = [8, 16, 32, 64, 128];

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
  const accuracies = [smallestAlone(tried).alone, best.accuracy].map((one) => one - HALF_A_POINT);
  const emlearn = await densePeers(sets, [...accuracies, null], quick);
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
    const [asAlone, asAll, best] = answers.map(
      (answer: Omit<DenseNetwork, keyof OnM4>, place: number) => {
        const files = [
          { name: "dense.h", content: text(`dense_${place}.h`) },
          someRows(inputs, width),
          countingMain('#include "dense.h"', `(int)dense_predict(x, ${width})`),
        ];
        return { ...answer, ...onM4(files, `${FLAGS} -I${include}`) };
      },
    );
    return { version, asAlone, asAll, best };
  });
}
