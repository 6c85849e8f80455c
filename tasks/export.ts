/** `deno task export`: writes a saved ensemble as files that predict without this library. */
import { basename, dirname, extname, join } from "node:path";
import { type Dataset, type Model, readDataset } from "../mod.ts";
import { readRunTest } from "../lib/experiments/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import {
  bestMembers,
  type ExportCost,
  exportCost,
  foldPlan,
  LAYER_FORMS,
  planPredictor,
  WEIGHTS,
} from "../lib/exports/mod.ts";
import { datasetColumns } from "../lib/model/mod.ts";
import { selectRows } from "../lib/data/table/mod.ts";
import { plural, quotedPath } from "../lib/messages.ts";
import { randomStream, shuffle } from "../lib/random.ts";
import { runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";
import { fileToWrite } from "./terminal/file_to_write.ts";
import { Option } from "./terminal/commander.ts";
import { exportedC } from "./terminal/export/c.ts";
import { exportedJavaScript } from "./terminal/export/javascript.ts";
import { exportedOnnx } from "./terminal/export/onnx.ts";
import type { ExportOptions, Format } from "./terminal/export/format.ts";
import { loadModel, runConfigOf } from "./terminal/model_argument.ts";
import { parseBytes, parseNumber } from "./terminal/parse.ts";
import { tableInput } from "./terminal/table_input.ts";

/** The formats by name. */
const FORMATS = {
  c: {
    ending: ".c",
    options: ["weights", "prefix", "quantileError", "targetSize", "sketch"],
    exported: exportedC,
  },
  onnx: { ending: ".onnx", options: ["layers"], exported: exportedOnnx },
  js: { ending: ".js", options: [], exported: exportedJavaScript },
} satisfies Record<string, Format>;

type FormatName = keyof typeof FORMATS;

/** The largest number of rows on which the cost is measured. */
const MOST_ROWS = 2000;

const program = taskProgram(
  "export",
  "Writes a saved ensemble as files that predict without this library.",
  "runs/first/model.safetensors --format c",
  "runs/first/model.safetensors --format c --target-size 64KB",
  "runs/first/model.safetensors --format js --out model.js",
)
  .argument("<MODEL>", "a run's folder, or its model.safetensors")
  .argument(
    "[FILE]",
    "a table with known targets to measure the cost on; left out: the test rows of the model's run",
  )
  .addOption(
    new Option("--format <format>", "what to write").choices(Object.keys(FORMATS) as FormatName[])
      .makeOptionMandatory(),
  )
  .option("--out <file>", "the main file; left out: model with the format's ending, here")
  .option("--members <count>", "keep only so many members, the best; left out: all", parseNumber)
  .option("--json", "print one JSON object")
  .optionsGroup("To C:")
  .addOption(
    new Option("--weights <type>", "the type of weights; left out: float32, or what fits")
      .choices(WEIGHTS),
  )
  .option("--target-size <size>", "flash, such as 64KB: keep the members that fit", parseBytes)
  .option("--prefix <word>", "what every public name begins with, such as water_")
  .option(
    "--quantile-error <error>",
    "the largest error of a quantile scaling; left out: 0, or 0.01 with integer weights",
    parseNumber,
  )
  .option("--sketch", "write an Arduino sketch beside it")
  .optionsGroup("To ONNX:")
  .addOption(
    new Option(
      "--layers <form>",
      "matrices of all weights, or the inputs of every connection; left out: auto, the faster of the two",
    ).choices(LAYER_FORMS),
  )
  .action(async (modelPath, file, { format, out, members, json, ...options }) => {
    const chosen: Format = FORMATS[format];
    requireOptions(format, chosen, options);
    if (members !== undefined && options.targetSize !== undefined) {
      throw new TypeError(
        "Cannot export the model: found --members and --target-size, need one of the two",
      );
    }
    requireEnding(format, chosen, out);
    const main = fileToWrite(out ?? `model${chosen.ending}`);
    const model = loadModel(modelPath);
    const name = basename(main, extname(main));
    const places = members === undefined ? undefined : bestMembers(model, members);
    const exported = await chosen.exported(model, name, options, places);
    const { plan, files, remarks, facts } = exported;
    const isPart = plan.members.length < model.members.length;
    const predict = exported.predict ?? (isPart ? planPredictor(plan) : undefined);
    const dataset = predict === undefined ? null : await rowsOf(model, modelPath, file);
    const cost = dataset === null ? undefined : exportCost(model, predict!, dataset);
    const written = files.map(({ name, content }) => {
      const path = join(dirname(main), name);
      writeFileAtomically(path, content);
      return path;
    });
    const { folded, members: kept } = foldPlan(plan);
    if (json) {
      const numbers = kept.map(({ number }) => number);
      return say(JSON.stringify({ files: written, members: numbers, folded, ...facts, cost }));
    }
    if (isPart) {
      const which = model.members[0].vote !== undefined ? "the first" : "the best on held-out rows";
      const numbers = kept.map(({ number }) => number).join(", ");
      say(`Members: ${kept.length} of ${model.members.length}, ${which}: ${numbers}`);
    }
    say(
      `Folded away, with the same answers: ${plural(folded.neurons, "neuron")}, ${
        plural(folded.weights, "weight")
      }, ${plural(folded.inputs, "input")}`,
    );
    for (const remark of remarks) say(remark);
    if (cost !== undefined) say(costSentence(cost));
    else if (predict !== undefined) {
      tell(
        "What it costs was not measured: need FILE, a table with the model's columns and target",
      );
    }
    for (const path of written) say(`Written: ${path}`);
  });

/** Refuses a file whose ending is not the format's. Otherwise a file of another name would be written. */
function requireEnding(name: string, { ending }: Format, out: string | undefined): void {
  const found = extname(out ?? "");
  if (found === "" || found === ending) return;
  throw new TypeError(
    `Cannot export to ${name} as ${
      quotedPath(out!)
    }: need a name that ends with "${ending}", such as ` +
      quotedPath(`${out!.slice(0, -found.length)}${ending}`),
  );
}

/** Refuses an option that only another format has. */
function requireOptions(name: string, { options }: Format, given: ExportOptions): void {
  for (const option of Object.keys(given) as (keyof ExportOptions)[]) {
    const others = Object.entries<Format>(FORMATS).filter(([, other]) =>
      other.options.includes(option)
    );
    if (options.includes(option) || others.length === 0) continue;
    const word = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new TypeError(
      `Cannot export to ${name} with --${word}: need --format ${
        others.map(([name]) => name).join(" or ")
      } for it`,
    );
  }
}

/** Rows with known targets: those of a table, or the test rows of the model's run; `null` if there are none. */
async function rowsOf(
  model: Model,
  modelPath: string,
  file: string | undefined,
): Promise<Dataset | null> {
  const config = file === undefined ? runConfigOf(modelPath) : null;
  if (file === undefined && config === null) return null;
  const dataset = config !== null
    ? await testRows()
    : (await readDataset(await tableInput(file!), datasetColumns(model))).dataset;
  if (dataset === null || dataset.rows <= MOST_ROWS) return dataset;
  const order = Int32Array.from({ length: dataset.rows }, (_, row) => row);
  shuffle(order, randomStream(1, "rows of an export"));
  return selectRows(dataset, order.subarray(0, MOST_ROWS).sort());

  async function testRows(): Promise<Dataset | null> {
    try {
      return await readRunTest(config!, datasetColumns(model));
    } catch (error) {
      tell(`The test rows of ${quotedPath(modelPath)} cannot be read: ${(error as Error).message}`);
      return null;
    }
  }
}

function costSentence(
  { rows, measure, model, exported, agreement, difference }: ExportCost,
): string {
  const score = (value: number) =>
    measure === "accuracy" ? `${(100 * value).toFixed(2)} %` : value.toFixed(4);
  const name = measure === "accuracy" ? "Accuracy" : "R²";
  return `${name} on ${plural(rows, "row")}: ${score(exported)}, and ${
    score(model)
  } of the whole ` +
    `ensemble; ${
      agreement === undefined
        ? ""
        : `the same class for ${(100 * agreement).toFixed(2)} % of rows; `
    }largest difference ${Number(difference.toPrecision(3))}`;
}

await runProgram(program);
