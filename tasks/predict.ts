/** `deno task predict`: predicts the classes, or the numbers, of a table's rows. */
import { predictProba, predictValues, readFeatures } from "../mod.ts";
import { mostProbable } from "../lib/prediction/mod.ts";
import { predictionIntervals, predictionSets } from "../lib/model/mod.ts";
import { rawColumns } from "../lib/data/preprocessing/mod.ts";
import { csvLine } from "../lib/csv_line.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { unusualLines } from "./terminal/column_lines.ts";
import { giveUp, runProgram, say, taskProgram, tell, userPath } from "./terminal/command_line.ts";
import { tableInput } from "./terminal/table_input.ts";
import { loadModel } from "./terminal/model_argument.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { printableList } from "../lib/messages.ts";

const program = taskProgram(
  "predict",
  "Predicts the class, or the number, of every row of a table.",
)
  .argument("<MODEL>", "a model.safetensors file")
  .argument(
    "<FILE>",
    "a table with the model's columns, in any order: .csv, .csv.gz, .arff, .npy, .npz, .parquet; -: CSV from standard input",
  )
  .option("--probabilities", "add a column with the probability of every class")
  .option("--out <file>", "write the CSV there, in place of standard output")
  .action(async (modelPath, file, options) => {
    if (options.out === undefined) giveUp("write");
    const model = loadModel(modelPath);
    const reading = readingDisplay();
    const table = await readFeatures(await tableInput(file), {
      ...rawColumns(model.preprocessing),
      onProgress: (progress) => reading(file, progress),
    });
    for (const remark of table.remarks) tell(remark);
    if (table.ignoredColumns.length > 0) {
      tell(`Ignored columns: ${printableList(table.ignoredColumns)}`);
    }
    for (const line of unusualLines(model.preprocessing, table.features)) tell(line);
    const { classes, target } = model;
    const shown = options.probabilities === true;
    const finish = (lines: readonly string[]) => {
      if (options.out === undefined) say(lines.join("\n"));
      else {
        const path = userPath(options.out);
        writeFileAtomically(path, `${lines.join("\n")}\n`);
        tell(`Predictions of ${lines.length - 1} rows: ${path}`);
      }
    };
    if (model.targetScaling !== undefined) {
      if (shown) throw new TypeError("Cannot tell probabilities: the model predicts numbers");
      // Seven digits are about what a 32-bit float holds.
      const text = (value: number) => `${Number(value.toPrecision(7))}`;
      const values = predictValues(model, table.features);
      if (model.conformal === undefined) {
        return finish([csvLine([target]), ...Array.from(values, text)]);
      }
      const { lower, upper } = predictionIntervals(model, values);
      const lines = Array.from(
        values,
        (value, row) => csvLine([value, lower[row], upper[row]].map(text)),
      );
      return finish([csvLine([target, "lower", "upper"]), ...lines]);
    }
    const probabilities = predictProba(model, table.features);
    const sets = model.conformal && predictionSets(model, probabilities).map(csvLine);
    const head = [
      target,
      ...sets === undefined ? [] : ["set"],
      ...shown ? classes.map((name) => `probability of ${name}`) : [],
    ];
    const lines = [csvLine(head)];
    mostProbable(probabilities, classes.length).forEach((label, row) => {
      const from = row * classes.length;
      const shares = shown ? [...probabilities.subarray(from, from + classes.length)] : [];
      const set = sets === undefined ? [] : [sets[row]];
      lines.push(csvLine([classes[label], ...set, ...shares.map((p) => p.toPrecision(6))]));
    });
    finish(lines);
  });

await runProgram(program);
