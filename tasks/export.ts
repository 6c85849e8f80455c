/** `deno task export`: writes a saved ensemble as files that predict without this library. */
import { basename, dirname, extname, join } from "node:path";
import { writeFileAtomically } from "../lib/files/mod.ts";
import {
  bestMembers,
  exportC,
  type ExportedFile,
  exportJavaScript,
  exportOnnx,
  type ExportPlan,
  foldPlan,
  planModel,
} from "../lib/exports/mod.ts";
import { plural } from "../lib/messages.ts";
import { runProgram, say, taskProgram, userPath } from "./terminal/command_line.ts";
import { Option } from "./terminal/commander.ts";
import { loadModel } from "./terminal/model_argument.ts";
import { parseNumber } from "./terminal/parse.ts";

/** A format: the ending of its main file, and the files that a plan becomes. */
interface Format {
  readonly ending: string;
  files(plan: ExportPlan, name: string): ExportedFile[] | Promise<ExportedFile[]>;
}

/** The formats by name. */
const FORMATS = {
  c: { ending: ".c", files: (plan, name) => [...exportC(plan, { name }).files] },
  js: { ending: ".js", files: (plan, name) => exportJavaScript(plan, { name }) },
  onnx: { ending: ".onnx", files: (plan, name) => exportOnnx(plan, { name }) },
} satisfies Record<string, Format>;

type FormatName = keyof typeof FORMATS;

const program = taskProgram(
  "export",
  "Writes a saved ensemble as files that predict without this library.",
  "runs/first/model.safetensors --format c",
)
  .argument("<MODEL>", "a model.safetensors file")
  .addOption(
    new Option("--format <format>", "what to write").choices(Object.keys(FORMATS) as FormatName[])
      .makeOptionMandatory(),
  )
  .option("--out <file>", "the main file; left out: model with the format's ending, here")
  .option("--members <count>", "keep only so many members, the best; left out: all", parseNumber)
  .option("--json", "print one JSON object")
  .action(async (modelPath, { format, out, members, json }) => {
    const model = loadModel(modelPath);
    const plan = foldPlan(planModel(model, bestMembers(model, members ?? model.members.length)));
    const { ending, files } = FORMATS[format];
    const main = userPath(out ?? `model${ending}`);
    const name = basename(main, extname(main));
    const written = (await files(plan, name)).map(({ name, content }) => {
      const path = join(dirname(main), name);
      writeFileAtomically(path, content);
      return path;
    });
    const { folded } = plan;
    if (json) return say(JSON.stringify({ files: written, members: plan.members.length, folded }));
    say(
      `Folded away, with the same answers: ${plural(folded.neurons, "neuron")}, ${
        plural(folded.weights, "weight")
      }, ${plural(folded.inputs, "input")}`,
    );
    for (const path of written) say(`Written: ${path}`);
  });

await runProgram(program);
