/**
 * The largest differences of exported models' answers from the library's, of 10,000 rows of six tables each:
 * half of them the tables' own, half with missing values, unseen categories, extreme and infinite numbers.
 *
 * SPARSEMBLE_DATA=FOLDER deno run --allow-read --allow-write --allow-run=python3,sh --allow-env=SPARSEMBLE_DATA
 * results/exports/differences.ts writes differences.json. It needs gcc, and onnxruntime for Python. Names of
 * tables behind it measure these alone, and leave the others in the record.
 */
import * as ort from "npm:onnxruntime-web@1.30.0";
import { builtinDatasetPath, fit, type Model, readDataset } from "../../mod.ts";
import { type CWeights, exportC, exportJavaScript, exportOnnx, foldPlan, planModel } from "../../lib/exports/mod.ts";
import { PREDICTION_WASM } from "../../lib/exports/javascript/prediction_wasm.ts";
import { referenceKernels, wasmKernels } from "../../lib/kernels/mod.ts";
import { selectRows } from "../../lib/data/table/mod.ts";
import { randomStream, shuffle } from "../../lib/random.ts";
import type { RawCell } from "../../lib/prediction/mod.ts";
import { runProgram } from "../../tests/exports/c/compiled.ts";
import { answerOf, distance, hardRows, numbersOf } from "../../tests/exports/kinds.ts";

const ROWS = 10_000;
const MODERN = { recipe: "modern", scaling: "quantile", trials: 0, members: 3, epochs: 2, hidden: [200, 200] };
const PAPER = { method: "fd", members: 3, epochs: 8, explore: 2, hidden: [200, 200] };
const folder = `${Deno.env.get("SPARSEMBLE_DATA")}`;
const tables: [name: string, path: string, target: string, settings: object][] = [
  ["segment", builtinDatasetPath("segment"), "class", { ...PAPER, epsilon: 10 }],
  ["adult", `${folder}/adult_train.csv.gz`, "income", MODERN],
  ["credit", `${folder}/credit.csv.gz`, "target", { ...MODERN, blockSize: 8 }],
  ["electricity", `${folder}/electricity.csv.gz`, "target", { ...PAPER, scaling: "standard" }],
  ["phoneme", `${folder}/phoneme.csv.gz`, "class", { ...PAPER, scaling: "min-max", epsilon: 10 }],
  ["california", `${folder}/california.csv.gz`, "target", { ...MODERN, task: "regression", coverage: 0.9 }],
];

const rounded = (value: number) => Number(value.toPrecision(3));

function mostProbable(answer: ArrayLike<number>): number {
  return Array.from(answer).reduce((best, value, place, all) => value > all[best] ? place : best, 0);
}

/** Rows of a table as a person would give them. */
function ownRows(model: Model, features: Float32Array, count: number): RawCell[][] {
  const { featureNames, categorical = [] } = model.preprocessing;
  const columns = featureNames.length;
  const names = new Map(categorical.map((one) => [one.column, one.categories]));
  return Array.from({ length: Math.min(count, features.length / columns) }, (_, row) =>
    featureNames.map((_, column) => {
      const value = features[row * columns + column];
      if (Number.isNaN(value)) return null;
      return names.has(column) ? names.get(column)![value] : value;
    }));
}

/** Rows as the inputs of a graph. */
function graphInputs(model: Model, rows: RawCell[][]) {
  const { featureNames, categorical = [] } = model.preprocessing;
  const texts = new Set(categorical.map(({ column }) => column));
  const numbers = [...featureNames.keys()].filter((column) => !texts.has(column));
  const features = rows.flatMap((row) => {
    const own = numbersOf(model, row);
    return numbers.map((column) => own[column]);
  });
  const text = (cell: RawCell) =>
    cell === null || cell === undefined ? "" : cell === false ? "False" : `${cell}`.trim();
  const categories = rows.map((row) => [...texts].map((column) => text(row[column])));
  return { features: Float32Array.from(features), columns: numbers.length, categories };
}

/** A batch of rows at a time: all of them would take much memory. */
async function web(model: Model, rows: RawCell[][]): Promise<ArrayLike<number>[]> {
  ort.env.wasm.numThreads = 1;
  const file = exportOnnx(foldPlan(planModel(model)))[0].content as Uint8Array;
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
  const answers: ArrayLike<number>[] = [];
  for (let from = 0; from < rows.length; from += 500) {
    const batch = rows.slice(from, from + 500);
    const { features, columns, categories } = graphInputs(model, batch);
    const feeds: Record<string, ort.Tensor> = {
      features: new ort.Tensor("float32", features, [batch.length, columns]),
    };
    if (session.inputNames.includes("categories")) {
      const shape = [batch.length, categories[0].length];
      feeds.categories = new ort.Tensor("string", categories.flat(), shape);
    }
    const { probabilities, value } = await session.run(feeds);
    const values = (probabilities ?? value).data as Float32Array;
    const width = values.length / batch.length;
    answers.push(...batch.map((_, row) => values.slice(row * width, (row + 1) * width)));
  }
  await session.release();
  return answers;
}

async function python(model: Model, rows: RawCell[][], folder: string): Promise<ArrayLike<number>[]> {
  const { features, categories } = graphInputs(model, rows);
  await Deno.writeFile(`${folder}/model.onnx`, exportOnnx(foldPlan(planModel(model)))[0].content as Uint8Array);
  await Deno.writeFile(`${folder}/features`, new Uint8Array(features.buffer));
  await Deno.writeTextFile(`${folder}/categories`, JSON.stringify(categories));
  const script = new URL("../../tests/exports/fixtures/run_onnx.py", import.meta.url).pathname;
  const { success, stderr } = await new Deno.Command("python3", { args: [script, folder] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const isNumber = model.targetScaling !== undefined;
  const values = new Float32Array(
    (await Deno.readFile(`${folder}/${isNumber ? "value" : "probabilities"}`)).buffer,
  );
  const width = values.length / rows.length;
  return rows.map((_, row) => values.subarray(row * width, (row + 1) * width));
}

/** A program in C that was compiled by gcc: `null` where it refuses the row. */
function program(model: Model, rows: RawCell[][], weights: CWeights) {
  const numbers = Float32Array.from(rows.flatMap((row) => [...numbersOf(model, row)]));
  const width = Math.max(1, model.classes.length);
  const { status, answers } = runProgram(exportC(planModel(model), { weights }).files, numbers, width);
  return rows.map((_, row) => status[row] === 0 ? answers.slice(row * width, (row + 1) * width) : null);
}

async function modules(model: Model, rows: RawCell[][], folder: string, without: string[]) {
  let text = exportJavaScript(foldPlan(planModel(model)))[0].content as string;
  for (const name of without) text = text.replace(PREDICTION_WASM[name as "simd"], "AAAA");
  const path = `${folder}/without-${without.join("-")}.js`;
  await Deno.writeTextFile(path, text);
  const module = await import(`file://${path}`);
  return rows.map((row): ArrayLike<number> | null => {
    try {
      return model.targetScaling === undefined ? module.predictProba([row])[0] : module.predict([row]);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  });
}

const reference = referenceKernels();
const place = new URL("differences.json", import.meta.url);
const record: Record<string, unknown> = Deno.args.length === 0 ? {} : JSON.parse(await Deno.readTextFile(place));
for (const [name, path, target, settings] of tables) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const task = name === "california" ? "regression" : "classification";
  const { dataset } = await readDataset(path, { target, task });
  // How well it is trained does not matter here.
  const order = Int32Array.from({ length: dataset.rows }, (_, row) => row);
  shuffle(order, randomStream(1, "rows"));
  const few = order.subarray(0, 3000);
  const model = await fit(selectRows(dataset, few), settings as never, { kernels: wasmKernels() });
  const own = ownRows(model, dataset.features, ROWS / 2);
  const rows = [...own, ...hardRows({ name, model, extremes: true }, ROWS - own.length)];
  const expected = rows.map((row) => answerOf(model, row));
  const temporary = Deno.makeTempDirSync();
  const answers = {
    "the library's reference kernels": rows.map((row) => answerOf(model, row, reference)),
    "onnxruntime": await python(model, rows, temporary),
    "onnxruntime-web": await web(model, rows),
    "JavaScript, relaxed SIMD": await modules(model, rows, temporary, []),
    "JavaScript, SIMD": await modules(model, rows, temporary, ["relaxed-simd"]),
    "JavaScript, plain": await modules(model, rows, temporary, ["relaxed-simd", "simd"]),
    "C, float32": program(model, rows, "float32"),
    "C, int16": program(model, rows, "int16"),
    "C, int8": program(model, rows, "int8"),
  };
  const [answered, refusedAlone]: Record<string, number>[] = [{}, {}];
  const compare = (from: number, to: number) =>
    Object.fromEntries(
      Object.entries<readonly (ArrayLike<number> | null)[]>(answers).map(([format, given]) => {
        let [most, sum, both, other] = [0, 0, 0, 0];
        for (let row = from; row < to; row++) {
          const [answer, found] = [expected[row], given[row]];
          const isRefused = found === null || Array.from(found).some(Number.isNaN);
          if (isRefused !== (answer === null)) {
            const count = isRefused ? refusedAlone : answered;
            count[format] = (count[format] ?? 0) + 1;
          } else if (answer !== null) {
            const own = distance(answer, found!);
            most = Math.max(most, own);
            sum += own;
            both++;
            if (mostProbable(answer) !== mostProbable(found!)) other++;
          }
        }
        const figures = { largest: rounded(most), mean: rounded(sum / both) };
        return [format, model.targetScaling === undefined ? { ...figures, otherClass: other } : figures];
      }),
    );
  const [ofOwn, ofHard] = [compare(0, own.length), compare(own.length, rows.length)];
  const refused = expected.filter((answer) => answer === null).length;
  record[name] = {
    ...{ settings, rows: rows.length, refused, answeredThough: answered, refusedAlone },
    ...{ ofTheTablesRows: { rows: own.length, ...ofOwn }, ofHardRows: { rows: rows.length - own.length, ...ofHard } },
  };
  await Deno.writeTextFile(place, `${JSON.stringify(record, null, 2)}\n`);
  Deno.removeSync(temporary, { recursive: true });
}
