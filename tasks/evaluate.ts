/** `deno task evaluate`: scores a saved ensemble on a table with classes. */
import {
  countHardware,
  load,
  NOT_ASKED,
  openHardwareFlops,
  rawColumns,
  readDataset,
  scoreMembers,
  unusualValues,
} from "../mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./command_line.ts";
import { readingDisplay } from "./progress_display.ts";
import { Option } from "./commander.ts";
import { unusualLines } from "./column_lines.ts";
import { hardwareLine, percent, plainTable } from "./result_table.ts";

const program = taskProgram("evaluate", "Scores a saved ensemble on a table with classes.")
  .argument("<MODEL>", "a model.safetensors file")
  .argument(
    "<FILE>",
    "a table with the model's columns, in any order: .csv, .csv.gz, .arff, .npy, .npz, .parquet",
  )
  .addOption(
    new Option("--flops <count>", "whose count of operations to report beside the exact one")
      .choices(["counted", "hardware", "both"] as const).default("counted" as const),
  )
  .option("--json", "print one JSON object")
  .action(async (modelPath, file, options) => {
    const model = load(userPath(modelPath));
    const reading = readingDisplay();
    const { target, classes } = model;
    const { dataset, ignoredColumns } = await readDataset(userPath(file), {
      target,
      ...rawColumns(model.preprocessing),
      classes,
      onProgress: (progress) => reading(file, progress),
    });
    if (ignoredColumns.length > 0) tell(`Ignored columns: ${ignoredColumns.join(", ")}`);
    for (const line of unusualLines(model.preprocessing, dataset.features)) tell(line);
    const counter = options.flops === "counted" ? NOT_ASKED : openHardwareFlops();
    const began = performance.now();
    const { result, count } = countHardware(counter, () => scoreMembers(model, dataset));
    const seconds = (performance.now() - began) / 1000;
    const { accuracy, members, flops: counted } = result;
    if (options.json) {
      const each = members.map((accuracy) => ({ accuracy }));
      say(JSON.stringify({
        accuracy,
        rows: dataset.rows,
        members: each,
        flops: { counted, ...count, perSecond: counted / seconds },
        ignoredColumns,
        unusualValues: unusualValues(model.preprocessing, dataset.features),
      }));
      return;
    }
    const rows = members.map((share, m) => [`member ${m + 1}`, percent(share)]);
    rows.push([`ensemble of ${members.length}`, percent(accuracy)]);
    say(plainTable([`${dataset.rows} rows`, "accuracy"], rows));
    say(`FLOPs of all members: ${counted.toExponential(3)}`);
    hardwareLine(count).forEach(say);
  });

await runProgram(program);
