/** `deno task predict`: predicts the classes, or the numbers, of a table's rows. */
import { type Model, openPredictor, type Predictor } from "../mod.ts";
import { passFeatures } from "../lib/data/formats/mod.ts";
import { mostProbable } from "../lib/prediction/mod.ts";
import { predictionIntervals, predictionSets } from "../lib/model/mod.ts";
import { notationText } from "../lib/data/table/mod.ts";
import { rawColumns, unusualCounts } from "../lib/data/preprocessing/mod.ts";
import { unusualLines } from "./terminal/column_lines.ts";
import { endProcess, giveUp, runProgram, taskProgram, tell } from "./terminal/command_line.ts";
import { csvToWrite, fileToWrite } from "./terminal/file_to_write.ts";
import { columnNames, takeColumns } from "./terminal/column_names.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { tableInput } from "./terminal/table_input.ts";
import { loadModel } from "./terminal/model_argument.ts";
import { type Predictions, predictionsOutput } from "./terminal/predictions_output.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { plural, printableList, quoted } from "../lib/messages.ts";

const program = taskProgram(
  "predict",
  "Predicts the class, or the number, of every row of a table.",
  "runs/first/model.safetensors new.csv",
  "runs/first/model.safetensors new.csv --out out.csv",
)
  .argument("<MODEL>", "a run's folder, or its model.safetensors")
  .argument(
    "<FILE>",
    "a table with the model's columns, in any order: .csv, .csv.gz, .arff, .npy, .npz, .idx, .mat, .parquet; -: CSV from standard input",
  )
  .option("--probabilities", "add a column with the probability of every class")
  .option("--keep <column>", "put this column of the table first; may be given again", takeColumns)
  .option("--out <file>", "write there, in place of standard output, which is -")
  .option("--json", "write one JSON object in place of CSV")
  .action(async (modelPath, file, options) => {
    const out = options.out === undefined || options.out === "-"
      ? undefined
      : options.json
      ? fileToWrite(options.out)
      : csvToWrite(options.out, "--json");
    if (out === undefined) giveUp("write");
    const model = loadModel(modelPath);
    const reading = readingDisplay();
    const input = await tableInput(file);
    const kept = await columnNames(options.keep ?? [], input);
    using interrupt = out === undefined ? undefined : onInterrupt();
    using written = predictionsOutput(model, kept, out, options.json === true);
    using predictor = openPredictor(model);
    const withShares = options.probabilities === true;
    const unusual = unusualCounts(model.preprocessing);
    const table = await passFeatures(
      input,
      {
        ...rawColumns(model.preprocessing),
        onProgress(progress) {
          if (interrupt?.signal.aborted) {
            written[Symbol.dispose]();
            endProcess(130);
          }
          reading(file, progress);
        },
      },
      {
        begin() {},
        take({ features, texts, first }) {
          unusual.add(features);
          written.take(texts, predictions(model, predictor, features, first, withShares));
        },
      },
      kept,
    );
    for (const remark of table.remarks) tell(remark);
    if (model.targetNotation !== undefined) {
      tell(
        `Predictions are plain numbers; the model learned ${quoted(model.target)} from ${
          notationText(model.targetNotation)
        }`,
      );
    }
    const ignored = table.ignoredColumns.filter((name) => !kept.includes(name));
    if (ignored.length > 0) tell(`Ignored columns: ${printableList(ignored)}`);
    for (const line of unusualLines(unusual.counts())) tell(line);
    written.finish();
    if (out !== undefined) tell(`Predictions of ${plural(table.rows, "row")}: ${out}`);
  });

/** The predictions of neighbouring rows. */
function predictions(
  model: Model,
  predictor: Predictor,
  features: Float32Array,
  before: number,
  withShares: boolean,
): Predictions {
  if (model.targetScaling !== undefined) {
    if (withShares) throw new TypeError("Cannot tell probabilities: the model predicts numbers");
    // A 32-bit float holds about seven digits.
    const rounded = (numbers: ArrayLike<number>) =>
      Array.from(numbers, (value) => Number(value.toPrecision(7)));
    const exact = predictor.predictValues(features, before);
    const intervals = model.conformal && predictionIntervals(model, exact);
    const more = Object.entries(intervals ?? {}).map(([name, ends]) =>
      [name, rounded(ends)] as const
    );
    return { values: rounded(exact), probabilities: null, more: new Map(more) };
  }
  const probabilities = predictor.predictProba(features, before);
  const labels = mostProbable(probabilities, model.classes.length);
  const values = Array.from(labels, (label) => model.classes[label]);
  const sets = model.conformal && predictionSets(model, probabilities);
  const more = new Map(sets === undefined ? [] : [["set", sets]]);
  return { values, probabilities: withShares ? probabilities : null, more };
}

await runProgram(program);
