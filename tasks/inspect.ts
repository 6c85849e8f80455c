/** `deno task inspect`: shows what is in a model file. */
import { inspectModel } from "../mod.ts";
import type { LayerInspection, Spread } from "../lib/model/mod.ts";
import { printable, quoted, quotedPath } from "../lib/messages.ts";
import { tableOf } from "../lib/reports/mod.ts";
import { runProgram, say, taskProgram } from "./terminal/command_line.ts";
import { loadModel } from "./terminal/model_argument.ts";
import { percent, plainTable } from "./terminal/result_table.ts";

const program = taskProgram(
  "inspect",
  "Shows the layers, members and overlaps of a saved ensemble.",
)
  .argument("<MODEL>", "a model.safetensors file")
  .option("--json", "print one JSON object")
  .action((modelPath, options) => {
    const model = loadModel(modelPath);
    const inspection = inspectModel(model);
    if (options.json) {
      const { members: _, preprocessing: { featureNames }, ...described } = model;
      say(JSON.stringify({ ...described, featureNames, ...inspection }));
      return;
    }
    if (model.strategy !== undefined) {
      const { name = "", path, sha256 } = model.strategy;
      const file = path === undefined ? "" : `, from ${quotedPath(path)} with SHA-256 ${sha256}`;
      say(`Strategy ${quoted(name)}${file}`);
    }
    say(
      `Method ${model.settings.method}, seed ${model.settings.seed}, target ${
        quoted(model.target)
      }`,
    );
    const { targetScaling, temperature } = model;
    say(
      targetScaling === undefined
        ? `Classes: ${model.classes.map(printable).join(", ")}`
        : `Predicts numbers: mean ${targetScaling.mean}, deviation ${targetScaling.deviation}`,
    );
    if (temperature !== undefined) {
      say(`Probabilities are calibrated: temperature ${temperature.toPrecision(3)}`);
    }
    say(`Columns: ${model.preprocessing.featureNames.map(printable).join(", ")}`);
    const spread = ({ least, median, most }: Spread) => `${least} – ${median} – ${most}`;
    inspection.members.forEach(({ epoch, validationAccuracy, layers }, m) => {
      const valid = validationAccuracy === null
        ? ""
        : `, validation ${percent(validationAccuracy)}`;
      say(`\nMember ${m + 1}: epoch ${epoch}${valid}`);
      const { columns, rows } = tableOf<LayerInspection, string | number>(layers, [
        ["layer", (layer) => `${layers.indexOf(layer) + 1} (${layer.kind})`],
        ["inputs → outputs", ({ shape }) => `${shape[1]} → ${shape[0]}`],
        ["weights", ({ nnz }) => nnz],
        ["density", ({ density }) => percent(density)],
        ["inputs per neuron", ({ incoming }) => spread(incoming)],
        ["outputs per neuron", ({ outgoing }) => spread(outgoing)],
      ]);
      say(plainTable(columns, rows));
    });
    say("(degrees: least – median – most)");
    if (inspection.overlaps.length === 0) say("The members' layers differ in size: no overlaps");
    inspection.overlaps.forEach((table, l) => {
      if (inspection.members.length < 2) return;
      say(`\nLayer ${l + 1}: share of a member's connections (row) that another has too (column)`);
      say(plainTable(
        ["", ...table.map((_, m) => `member ${m + 1}`)],
        table.map((row, m) => [`member ${m + 1}`, ...row.map(percent)]),
      ));
    });
  });

await runProgram(program);
