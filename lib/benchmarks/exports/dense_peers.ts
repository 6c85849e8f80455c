/**
 * Measures emlearn's dense networks on prepared inputs, and one of them in onnxruntime.
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
import { inNewFolder, onM4, rowsOf } from "./on_m4.ts";
import type { RowSets } from "./row_sets.ts";
import { measureProgram, type TableStudy } from "./table_study.ts";
import { LITTLE } from "./teaching.ts";
import { RECORDED_RECIPE } from "./recorded_recipe.ts";

/** Widths of emlearn's two hidden layers. */
const WIDTHS = [8, 16, 32, 64, 128];

/** The scalings of the networks' inputs, the cheaper one first. */
const SCALINGS = ["standard", "quantile"] as const;

/** Accuracies that differ by less count as equal. */
const HALF_A_POINT = 0.005;

/** A network to find by its accuracy on held-out rows, `null` for the best, or one that was found. */
type Wanted = number | null | Pick<DenseNetwork, "width" | "scaling" | "held">;

/** Networks as Python learned and wrote them, in the order of the wanted accuracies. */
interface Learned {
  /** The folder of emlearn's headers. */
  readonly include: string;
  readonly networks: readonly {
    readonly answer: Pick<DenseNetwork, "width" | "scaling" | "weights" | "held" | "accuracy">;
    readonly header: string;
    /** The network as ONNX, in base64; empty without onnx. */
    readonly onnx: string;
  }[];
}

/**
 * Adds emlearn's networks to a measured table. Needs `python3` with scikit-learn and emlearn.
 *
 * @returns The measurement with emlearn's networks, or unchanged if they are not available.
 */
export async function withDensePeers(
  table: TableStudy,
  measured: ExportMeasurement,
): Promise<ExportMeasurement> {
  const { file, quick, kept, earlier, sets, timed } = table;
  table.tell("emlearn");
  const inputs = preparedInputs(sets);
  const wanted = earlier?.emlearn === undefined
    ? [measured.int8.held - HALF_A_POINT, null]
    : [earlier.emlearn.asAll, earlier.emlearn.best]
      .map(({ width, scaling, held }) => ({ width, scaling, held }));
  const learned = await kept.step(
    `${file}: dense networks of ${JSON.stringify(wanted)}`,
    () => learnedNetworks(sets, inputs, wanted, quick),
  );
  if (typeof learned === "string") {
    table.tell(`left out emlearn (${learned})`);
    return measured;
  }
  const reading = await quantileInstructions(sets);
  const [asAll, best] = learned.networks.map(({ answer, header, onnx }, place): DenseNetwork => {
    const rows = inputs.get(answer.scaling)!.test;
    const preparation = answer.scaling === "standard" ? 0 : reading;
    if (place === 1 && onnx !== "") {
      const own = Uint8Array.from(atob(onnx), (letter) => letter.charCodeAt(0));
      timed.networks["onnxruntime, dense peer"] = { onnx: own, rows, output: "probabilities" };
    }
    const costs = measureProgram(table, ["asAll", "best"][place], {
      files: [{ name: "dense.h", content: header }],
      include: '#include "dense.h"',
      call: `(int)dense_predict(x, ${rows.length / sets.test.rows})`,
      flags: `-I${learned.include}`,
      rows,
    });
    return { ...answer, preparation, ...costs };
  });
  return { ...measured, emlearn: { asAll, best } };
}

/** The inputs of all rows by scaling. */
function preparedInputs(sets: RowSets) {
  return new Map(SCALINGS.map((scaling) => {
    const preprocessing = fitPreprocessing(sets.training, { scaling });
    const of = ({ features, rows, columns }: RowSets["test"]) =>
      preprocess(preprocessing, features, rows, columns);
    const { fitting, held, training, test } = sets;
    return [
      scaling,
      { fitting: of(fitting), held: of(held), training: of(training), test: of(test) },
    ];
  }));
}

/** The networks, or the reason why there are none. */
function learnedNetworks(
  sets: RowSets,
  inputs: ReturnType<typeof preparedInputs>,
  accuracies: readonly Wanted[],
  quick: boolean,
): Promise<Learned | string> {
  return inNewFolder(async (folder) => {
    const { fs, url } = node;
    const write = (name: string, array: Float32Array | Int32Array) =>
      fs.writeFileSync(
        `${folder}/${name}`,
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      );
    const names = { fitting: "fit", held: "held", training: "train", test: "test" } as const;
    for (const [name, file] of Object.entries(names) as [keyof RowSets, string][]) {
      write(`${file}.labels`, sets[name].labels);
      for (const [scaling, own] of inputs) write(`${scaling}.${file}.inputs`, own[name]);
    }
    const width = inputs.get("standard")!.test.length / sets.test.rows;
    const widths = quick ? WIDTHS.slice(0, 1) : WIDTHS;
    const wanted = { inputs: width, widths, scalings: SCALINGS, accuracies };
    fs.writeFileSync(`${folder}/peer.json`, JSON.stringify(wanted));
    const script = url.fileURLToPath(new URL("./dense_peer.py", import.meta.url));
    const { success, stderr } = await new Deno.Command("python3", {
      args: [script, folder],
      cwd: folder,
      // More threads would be slower for such small matrices.
      env: { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
    }).output();
    if (!success) return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
    const text = (name: string) => fs.readFileSync(`${folder}/${name}`, "utf8");
    const { answers, include }: { answers: Learned["networks"][0]["answer"][]; include: string } =
      JSON.parse(text("dense.json"));
    const networks = answers.map((answer, place) => {
      const onnx = `${folder}/dense_${place}.onnx`;
      return {
        answer,
        header: text(`dense_${place}.h`),
        onnx: fs.existsSync(onnx) ? fs.readFileSync(onnx, "base64") : "",
      };
    });
    return { include, networks };
  });
}

/** The instructions that our own programs need to scale a row's numbers by quantiles. */
async function quantileInstructions({ training, test }: RowSets): Promise<number> {
  const tiny: Candidate = { hidden: [8], embedding: "none", members: 1, ...LITTLE };
  const model = await fit(training, { ...RECORDED_RECIPE, ...tiny });
  const [source, header] = exportC(planModel(model), { quantileError: 0.01 }).files;
  const main = countingMain('#include "model.inc"', "read_row(x)");
  const files = [{ ...source, name: "model.inc" }, header, rowsOf(model.preprocessing, test), main];
  return onM4(files).instructions;
}
