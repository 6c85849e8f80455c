/** Models in ONNX, beside the library, by onnxruntime in Python and for the web. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as ort from "npm:onnxruntime-web@1.30.0";
import { datasetFromArrays, fit } from "../../mod.ts";
import { exportOnnx, foldPlan, type LayerForm, planModel } from "../../lib/exports/mod.ts";
import { predictionIntervals, predictionSets } from "../../lib/model/mod.ts";
import type { RawCell } from "../../lib/prediction/mod.ts";
import { newFolder, readBytes, readJsonFile, writeFile } from "../files.ts";
import { smallModel } from "../model/small_model.ts";
import { answerOf, distance, hardRows, type Kind, kinds, numbersOf } from "./kinds.ts";

const ROWS = 1000;
const all = await kinds();

/** The largest difference of an output, and of a number in parts of itself. */
const TOLERANCE = 1e-5;

const python = (() => {
  try {
    const args = ["-c", "import onnx, onnxruntime"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

/** A model and rows as the inputs of its graph. */
function graphInputs({ model }: Kind, rows: readonly RawCell[][]) {
  const { featureNames, categorical = [] } = model.preprocessing;
  const texts = new Set(categorical.map(({ column }) => column));
  const numbers = [...featureNames.keys()].filter((column) => !texts.has(column));
  const features = Float32Array.from(rows.flatMap((row) => {
    const own = numbersOf(model, row);
    return numbers.map((column) => own[column]);
  }));
  const categories = rows.map((row) => [...texts].map((column) => textOf(row[column])));
  return { features, numbers: numbers.length, categories };
}

function textOf(cell: RawCell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "True" : "False";
  return `${cell}`.trim();
}

interface Answers {
  readonly values: Float32Array;
  readonly label: readonly string[] | null;
  readonly lower: Float32Array | null;
  readonly set: ArrayLike<number> | null;
}

/** The library's answers to the first rows of a kind, which are the same for every test. */
const expectedAnswers = new Map<Kind, (Float32Array | null)[]>();

function expectedOf(kind: Kind, rows: readonly RawCell[][]): (Float32Array | null)[] {
  const known = expectedAnswers.get(kind);
  if (known !== undefined && known.length >= rows.length) return known;
  const answers = rows.map((row) => answerOf(kind.model, row));
  expectedAnswers.set(kind, answers);
  return answers;
}

/** Compares a graph's answers with the library's, and gives the largest difference. */
function compare(kind: Kind, rows: readonly RawCell[][], answers: Answers): number {
  const { model } = kind;
  const answersHere = expectedOf(kind, rows);
  const width = Math.max(1, model.classes.length);
  let [most, refused] = [0, 0];
  rows.forEach((row, r) => {
    const own = answers.values.subarray(r * width, (r + 1) * width);
    const expected = answersHere[r];
    if (expected === null) {
      refused++;
      assert.ok(own.some(Number.isNaN), `${kind.name}: row ${r} is refused: ${row}`);
      if (answers.label !== null) assert.equal(answers.label[r], "");
      return;
    }
    const found = distance(expected, own);
    assert.ok(found <= TOLERANCE, `${kind.name}: row ${r}: ${found}, ${own}, not ${expected}`);
    most = Math.max(most, found);
    if (answers.label !== null) {
      const sorted = expected.toSorted().toReversed();
      const label = model.classes[expected.indexOf(sorted[0])];
      if (sorted[0] - sorted[1] > TOLERANCE) assert.equal(answers.label[r], label);
    }
    if (answers.lower !== null) {
      const lower = predictionIntervals(model, expected).lower[0];
      assert.ok(distance([lower], [answers.lower[r]]) <= TOLERANCE);
    }
    if (answers.set !== null) {
      const [set] = predictionSets(model, expected);
      const quantile = 1 - model.conformal!.quantile;
      model.classes.forEach((label, c) => {
        if (Math.abs(expected[c] - quantile) < TOLERANCE) return;
        assert.equal(answers.set![r * width + c] === 1, set.includes(label), `row ${r}, ${label}`);
      });
    }
  });
  assert.ok(refused < 0.8 * rows.length, `${refused} rows are refused`);
  return most;
}

Deno.test({
  name: "every kind of model answers in onnxruntime as here, to 1e-5 (needs python3 with onnx)",
  ignore: !python,
  fn() {
    const jobs = all.flatMap((kind) =>
      (["dense", "gather", "auto"] as const).map((layers: LayerForm) => {
        const folder = newFolder();
        const rows = hardRows(kind, ROWS);
        const [{ name, content }] = exportOnnx(foldPlan(planModel(kind.model)), { layers });
        assert.equal(name, "model.onnx");
        const { features, categories } = graphInputs(kind, rows);
        writeFile(`${folder}/model.onnx`, content);
        writeFile(`${folder}/features`, new Uint8Array(features.buffer));
        writeFile(`${folder}/categories`, JSON.stringify(categories));
        return { kind, layers, folder, rows };
      })
    );
    const { success, stdout, stderr } = new Deno.Command("python3", {
      args: [
        fileURLToPath(new URL("fixtures/run_onnx.py", import.meta.url)),
        ...jobs.map(({ folder }) => folder),
      ],
    }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
    const said = new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    jobs.forEach(({ kind, layers, folder, rows }, job) => {
      const floats = (name: string) => new Float32Array(readBytes(`${folder}/${name}`).buffer);
      const isNumber = kind.model.targetScaling !== undefined;
      const hasMore = kind.model.conformal !== undefined;
      const most = compare(kind, rows, {
        values: floats(isNumber ? "value" : "probabilities"),
        label: isNumber ? null : readJsonFile(`${folder}/label.json`),
        lower: isNumber && hasMore ? floats("lower") : null,
        set: !isNumber && hasMore ? floats("set") : null,
      });
      assert.ok(most <= TOLERANCE, `${kind.name}, ${layers}`);
      assert.equal(said[job].opset, 17);
      assert.equal(said[job].metadata.target, kind.model.target);
      assert.deepEqual(JSON.parse(said[job].metadata.classes), kind.model.classes);
    });
  },
});

Deno.test("every kind of model answers in onnxruntime-web as here, to 1e-5", async () => {
  ort.env.wasm.numThreads = 1;
  for (const kind of all) {
    const rows = hardRows(kind, 200);
    const [{ content }] = exportOnnx(foldPlan(planModel(kind.model)));
    const session = await ort.InferenceSession.create(content as Uint8Array, {
      executionProviders: ["wasm"],
    });
    const { features, numbers, categories } = graphInputs(kind, rows);
    const feeds: Record<string, ort.Tensor> = {
      features: new ort.Tensor("float32", features, [rows.length, numbers]),
    };
    if (session.inputNames.includes("categories")) {
      feeds.categories = new ort.Tensor("string", categories.flat(), [
        rows.length,
        categories[0].length,
      ]);
    }
    const { label, probabilities, value, lower, set } = await session.run(feeds);
    compare(kind, rows, {
      values: (probabilities ?? value).data as Float32Array,
      label: label === undefined ? null : label.data as unknown as string[],
      lower: lower === undefined ? null : lower.data as Float32Array,
      set: set === undefined ? null : set.data as Uint8Array,
    });
    await session.release();
  }
});

Deno.test("a number that overflows in the network is no answer in onnxruntime either", async () => {
  const features = Array.from({ length: 60 }, (_, row) => [row % 7, row % 5]);
  const targets = features.map(([a, b]) => 1e6 * (3 * a - b));
  const model = await fit(datasetFromArrays({ features, targets }), {
    ...{ recipe: "modern", trials: 0, members: 1, epochs: 4, hidden: [20], embedding: "none" },
    ...{ scaling: "standard", task: "regression", kernels: "wasm" },
  });
  const [{ content }] = exportOnnx(foldPlan(planModel(model)));
  const session = await ort.InferenceSession.create(content as Uint8Array, {
    executionProviders: ["wasm"],
  });
  const far = [1e-4, 0.01, 0.2, 0.5].flatMap((a) => [1, -1].map((b) => [a * 3.4e38, b * 3.4e38]));
  const rows = Float32Array.from([...far, [1, 2]].flat());
  const { value } = await session.run({ features: new ort.Tensor("float32", rows, [9, 2]) });
  const values = [...value.data as Float32Array];
  assert.ok(values.every((one) => Number.isFinite(one) || Number.isNaN(one)), `${values}`);
  assert.ok(values.some(Number.isNaN) && Number.isFinite(values[8]), `${values}`);
  await session.release();
});

Deno.test("a model whose answer is always the same is refused in a sentence", async () => {
  const plan = planModel(await smallModel());
  const members = plan.members.map((member) => ({
    ...member,
    layers: member.layers.map((layer) =>
      layer.kind === "dense"
        ? { ...layer, weights: layer.weights.map(() => 0) }
        : { ...layer, data: layer.data.map(() => 0) }
    ),
  }));
  assert.throws(
    () => exportOnnx(foldPlan({ ...plan, members })),
    {
      name: "TypeError",
      message: "Cannot export the model to ONNX: found the same answer for every row, need one " +
        "that depends on a column",
    },
  );
});
