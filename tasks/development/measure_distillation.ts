/**
 * `deno task measure-distillation`: measures the share of an ensemble's gain that a distilled member keeps.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  completeSettings,
  type Dataset,
  fit,
  type Model,
  randomStream,
  readDataset,
  splitDataset,
} from "../../mod.ts";
import { distil } from "../../lib/ensemble/mod.ts";
import { builtinData, catalogueData, dataPath } from "../../lib/experiments/run/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { type Kernels, openKernels } from "../../lib/kernels/mod.ts";
import { scoreMembers } from "../../lib/model/mod.ts";
import { runProgram, taskProgram, tell, userPath } from "../terminal/command_line.ts";
import { parseNames, parseNumber } from "../terminal/parse.ts";

/** The tables of the study, named before anything was measured. */
const TABLES = "pol,house-16h,california,electricity,eye-movements,gesture-phase";

const SEEDS = [1, 2, 3, 4, 5];

/** Small networks, as one would put on a small device, and the quantiles of the recipe when they were measured. */
const SIZE = { hidden: [200, 200], scaling: "quantile" } as const;

const HEAD = "dataset,seed,model,members,accuracy,logLoss,weights,trainingRows,testRows";

const program = taskProgram(
  "measure-distillation",
  "Measures what a distilled member keeps of an ensemble's gain.",
  "--data pol",
)
  .option("--data <names>", "data sets of the catalogue, with commas between them", TABLES)
  .option("--rows <count>", "rows to learn from, at most", parseNumber, 2000)
  .option("--out <folder>", "where scores.csv goes", "runs/distillation")
  .action(async ({ data, rows, out }) => {
    const folder = userPath(out);
    mkdirSync(folder, { recursive: true });
    using opened = await openKernels("auto", 1);
    const lines = [HEAD];
    for (const name of parseNames(data)) {
      for (const seed of SEEDS) {
        const { train, test } = await rowsOf(name, seed, rows);
        for (const [who, model] of await modelsOf(train, seed, opened.kernels)) {
          const line = lineOf(model, train, test, opened.kernels);
          lines.push([name, seed, who, ...line].join(","));
          tell(lines[lines.length - 1]);
        }
        writeFileAtomically(join(folder, "scores.csv"), `${lines.join("\n")}\n`);
      }
    }
  });

/** The training rows and the test rows. If the authors have their own test rows, these are the test rows. */
async function rowsOf(
  name: string,
  seed: number,
  most: number,
): Promise<{ train: Dataset; test: Dataset }> {
  const [, builtin] = /^builtin:(.*)$/.exec(name) ?? [];
  const { file, target, test: own } = builtin === undefined
    ? catalogueData(name)
    : { ...builtinData(builtin), test: null };
  const { dataset } = await readDataset(dataPath(file), { target, missing: "keep" });
  const { classes, featureNames } = dataset;
  const options = { target, classes, featureNames, missing: "keep" } as const;
  const { train, test } = own === null
    ? splitDataset(dataset, 0.2, randomStream(seed, "test"))
    : { train: dataset, test: (await readDataset(dataPath(own), options)).dataset };
  if (train.rows <= most) return { train, test };
  return { train: splitDataset(train, most / train.rows, randomStream(seed, "part")).test, test };
}

/** One member, the ensemble, and the member that learned from the ensemble. */
async function modelsOf(
  rows: Dataset,
  seed: number,
  kernels: Kernels,
): Promise<[string, Model][]> {
  let ensemble: Model | undefined;
  const distilled = await distil(rows, completeSettings({ ...SIZE, seed, distil: true }), kernels, {
    teach: async (settings, onEvent) => ensemble = await fit(rows, settings, { kernels, onEvent }),
    onEvent() {},
  });
  const member = await fit(rows, { ...SIZE, seed, members: 1 }, { kernels });
  return [["member", member], ["ensemble", ensemble!], ["distilled", distilled]];
}

function lineOf(
  model: Model,
  train: Dataset,
  test: Dataset,
  kernels: Kernels,
): (number | string)[] {
  const { accuracy, logLoss } = scoreMembers(model, test, kernels);
  const weights = model.members.flatMap(({ layers }) => layers)
    .reduce((sum, it) => sum + (it.kind === "sparse" ? it.data : it.weights).length, 0);
  const { members } = model;
  return [members.length, accuracy, logLoss, weights, train.rows, test.rows];
}

await runProgram(program);
