/** `deno task predict`: predicts the classes, or the numbers, of a table's rows. */
import { type Model, predictProba, predictValues, readFeatures } from "../mod.ts";
import { readTexts } from "../lib/data/formats/mod.ts";
import { mostProbable } from "../lib/prediction/mod.ts";
import { predictionIntervals, predictionSets } from "../lib/model/mod.ts";
import { notationText } from "../lib/data/table/mod.ts";
import { rawColumns } from "../lib/data/preprocessing/mod.ts";
import { csvLine } from "../lib/csv_line.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { unusualLines } from "./terminal/column_lines.ts";
import { giveUp, runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";
import { fileToWrite } from "./terminal/file_to_write.ts";
import { columnNames, takeColumns } from "./terminal/column_names.ts";
import { tableInput } from "./terminal/table_input.ts";
import { loadModel } from "./terminal/model_argument.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { plural, printableList, quoted } from "../lib/messages.ts";

const program = taskProgram(
  "predict",
  "Predicts the class, or the number, of every row of a table.",
  "runs/first/model.safetensors new.csv",
  "runs/first/model.safetensors new.csv --out out.csv",
)
  .argument("<MODEL>", "a model.safetensors file")
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
      : fileToWrite(options.out);
    if (out === undefined) giveUp("write");
    const model = loadModel(modelPath);
    const reading = readingDisplay();
    const input = await tableInput(file);
    const table = await readFeatures(input, {
      ...rawColumns(model.preprocessing),
      onProgress: (progress) => reading(file, progress),
    });
    const kept = await keptColumns(options.keep ?? [], input);
    for (const remark of table.remarks) tell(remark);
    if (model.targetNotation !== undefined) {
      tell(
        `Predictions are plain numbers; the model learned ${quoted(model.target)} from ${
          notationText(model.targetNotation)
        }`,
      );
    }
    const ignored = table.ignoredColumns.filter((name) => !kept.has(name));
    if (ignored.length > 0) tell(`Ignored columns: ${printableList(ignored)}`);
    for (const line of unusualLines(model.preprocessing, table.features)) tell(line);
    const { rows } = table;
    const predicted = predictions(model, table.features, options.probabilities === true);
    const text = options.json ? jsonText(model, kept, predicted) : csvText(model, kept, predicted);
    if (out === undefined) return say(text);
    writeFileAtomically(out, `${text}\n`);
    tell(`Predictions of ${plural(rows, "row")}: ${out}`);
  });

/** The predictions of every row. */
interface Predictions {
  /** The classes' names, or the numbers. */
  readonly values: readonly (string | number)[];
  /** Length rows × classes, where they are asked for. */
  readonly probabilities: Float32Array | null;
  /** Further columns, by their names: the ends of intervals, or sets of classes. */
  readonly more: ReadonlyMap<string, readonly (number | readonly string[])[]>;
}

function predictions(model: Model, features: Float32Array, shares: boolean): Predictions {
  if (model.targetScaling !== undefined) {
    if (shares) throw new TypeError("Cannot tell probabilities: the model predicts numbers");
    // Seven digits are about what a 32-bit float holds.
    const rounded = (numbers: ArrayLike<number>) =>
      Array.from(numbers, (value) => Number(value.toPrecision(7)));
    const exact = predictValues(model, features);
    const intervals = model.conformal && predictionIntervals(model, exact);
    const more = Object.entries(intervals ?? {}).map(([name, ends]) =>
      [name, rounded(ends)] as const
    );
    return { values: rounded(exact), probabilities: null, more: new Map(more) };
  }
  const probabilities = predictProba(model, features);
  const labels = mostProbable(probabilities, model.classes.length);
  const values = Array.from(labels, (label) => model.classes[label]);
  const sets = model.conformal && predictionSets(model, probabilities);
  const more = new Map(sets === undefined ? [] : [["set", sets]]);
  return { values, probabilities: shares ? probabilities : null, more };
}

/** The columns to keep, and their texts as they are written. */
async function keptColumns(
  texts: readonly string[],
  file: string | Uint8Array,
): Promise<Map<string, readonly string[]>> {
  const kept = new Map<string, readonly string[]>();
  for (const name of await columnNames(texts, file)) kept.set(name, await readTexts(file, name));
  return kept;
}

/** The name of the column of predictions. The true target may be kept beside it. */
function predictedName({ target }: Model, kept: ReadonlyMap<string, unknown>): string {
  return kept.has(target) ? `predicted ${target}` : target;
}

function csvText(
  model: Model,
  kept: ReadonlyMap<string, readonly string[]>,
  { values, probabilities, more }: Predictions,
): string {
  const { classes } = model;
  const shares = probabilities === null ? [] : classes.map((name) => `probability of ${name}`);
  const lines = [csvLine([...kept.keys(), predictedName(model, kept), ...more.keys(), ...shares])];
  values.forEach((value, row) => {
    const from = row * classes.length;
    const own = [...probabilities?.subarray(from, from + classes.length) ?? []];
    const before = Array.from(kept.values(), (texts) => texts[row]);
    // A set is a line of CSV itself, so that any label can be in it.
    const further = Array.from(more.values(), (column) => {
      const cell = column[row];
      return typeof cell === "number" ? `${cell}` : csvLine(cell);
    });
    lines.push(csvLine([...before, `${value}`, ...further, ...own.map((p) => p.toPrecision(6))]));
  });
  return lines.join("\n");
}

function jsonText(
  model: Model,
  kept: ReadonlyMap<string, readonly string[]>,
  { values, probabilities, more }: Predictions,
): string {
  const { classes, target } = model;
  const name = predictedName(model, kept);
  const predicted = values.map((value, row) => {
    const before = Array.from(kept, ([name, texts]) => [name, texts[row]] as const);
    const further = Array.from(more, ([name, column]) => [name, column[row]] as const);
    const entries = [...before, [name, value] as const, ...further];
    const entry: Record<string, unknown> = Object.fromEntries(entries);
    if (probabilities === null) return entry;
    const shares = classes.map((name, c) =>
      [name, Number(probabilities[row * classes.length + c].toPrecision(6))] as const
    );
    return { ...entry, probabilities: Object.fromEntries(shares) };
  });
  return JSON.stringify({ target, rows: values.length, predictions: predicted });
}

await runProgram(program);
