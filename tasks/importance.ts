/** `deno task importance`: measures which columns a saved ensemble needs. */
import { type Dataset, type Importance, importance, type Model } from "../mod.ts";
import { drawDataset, type KnownColumns } from "../lib/data/formats/mod.ts";
import { readRunTest, type RunConfig } from "../lib/experiments/mod.ts";
import {
  byImportance,
  importanceReport,
  importanceSentences,
  importanceTable,
} from "../lib/experiments/results/mod.ts";
import { selectRows } from "../lib/data/table/mod.ts";
import { datasetColumns, requireRepeats } from "../lib/model/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { escaped, printableList, quotedPath, requireInteger } from "../lib/messages.ts";
import { randomStream, shuffle } from "../lib/random.ts";
import { renderReport, tableText } from "../lib/reports/mod.ts";
import { giveUp, runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";
import { fileToWrite } from "./terminal/file_to_write.ts";
import { Option } from "./terminal/commander.ts";
import { isTrainingFile, loadModel, runConfigOf } from "./terminal/model_argument.ts";
import { parseNumber } from "./terminal/parse.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { tableInput } from "./terminal/table_input.ts";

/** Columns that fit on a screen. */
const SHOWN = 20;

/** The width of a terminal, and of the longest bar, in characters. */
const [WIDTH, LONGEST_BAR] = [80, 12];

/** Milliseconds between two lines of progress, and before the first. */
const PATIENCE = 2000;

const program = taskProgram(
  "importance",
  "Tells which columns a saved ensemble needs.",
  "runs/first/model.safetensors",
  "runs/first/model.safetensors more.csv --out page.html",
)
  .argument("<MODEL>", "a run's folder, or its model.safetensors")
  .argument(
    "[FILE]",
    "a table with the model's columns and known targets, best of rows that the model was not trained on; left out: the test rows of the model's run",
  )
  .addOption(
    new Option("--missing-target <rule>", "rows of FILE without a target are refused or left out")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .option("--weights <column>", "of FILE: the column with the weights of rows")
  .option("--repeats <count>", "permutations of each column, 2 to 1000", parseNumber, 10)
  .option("--rows <count>", "at most so many rows, drawn at random", parseNumber, 5000)
  .option("--seed <seed>", "of the permutations, and of the rows", parseNumber, 1)
  .option("--all", "show all columns, not the most important 20")
  .option("--out <file>", "write a page with a figure there, as HTML")
  .option("--json", "print one JSON object")
  .action(async (modelPath, file, options) => {
    const { repeats, seed, out } = options;
    if (file === undefined && options.weights !== undefined) {
      throw new TypeError(
        "Cannot weigh rows with --weights: found no FILE; the test rows of the model's run have " +
          "the weights that it was trained with",
      );
    }
    requireInteger("tell importance", options.rows, "rows", 1);
    requireRepeats(repeats);
    const report = out === undefined ? undefined : fileToWrite(out);
    if (report === undefined) giveUp("write");
    const model = loadModel(modelPath);
    const config = runConfigOf(modelPath);
    const drawn = (rows: number) => someRows(rows, options.rows, seed);
    const { dataset, rows } = file === undefined
      ? someOf(await testRows(model, config, modelPath), options.rows, drawn)
      : await read(file);
    if (dataset.rows < rows) {
      tell(`${dataset.rows} of ${rows} rows, drawn at random (--rows ${rows} takes all)`);
    }
    let told = performance.now();
    const found = importance(model, dataset, {
      repeats,
      seed,
      onColumn(column, columns) {
        if (performance.now() - told < PATIENCE) return;
        told = performance.now();
        tell(`column ${column + 1} of ${columns} …`);
      },
    });
    if (report !== undefined) {
      const title = `Importance of the columns for ${model.target}`;
      writeFileAtomically(report, await renderReport(importanceReport(found, title)));
    }
    if (options.json) say(JSON.stringify({ ...found, columns: byImportance(found), report }));
    else {
      show(found, options.all === true);
      if (report !== undefined) say(`Report: ${report}`);
    }

    async function read(file: string): Promise<{ dataset: Dataset; rows: number }> {
      const path = await tableInput(file);
      const reading = readingDisplay();
      const columns: KnownColumns = {
        ...datasetColumns(model),
        missingTarget: options.missingTarget,
        weights: options.weights,
        onProgress: (progress) => reading(file, progress),
      };
      const found = await drawDataset(path, columns, options.rows, drawn);
      const { dataset, rows, ignoredColumns, remarks } = found;
      for (const remark of remarks) tell(remark);
      if (ignoredColumns.length > 0) tell(`Ignored columns: ${printableList(ignoredColumns)}`);
      if (typeof path === "string" && config !== null && isTrainingFile(path, config)) {
        tell(
          "The model was trained on rows of this table, and may know them by heart: without FILE, " +
            "the test rows of its run are taken",
        );
      }
      return { dataset, rows };
    }
  });

/** The rows that the model's run was tested on. */
async function testRows(
  model: Model,
  config: RunConfig | null,
  modelPath: string,
): Promise<Dataset> {
  const need = "need FILE: a table with the model's columns and known targets";
  if (config === null) {
    throw new TypeError(
      `Cannot tell importance: found no config.json of a run beside ${
        quotedPath(modelPath)
      }, ${need}`,
    );
  }
  const test = await readRunTest(config, datasetColumns(model));
  if (test !== null) return test;
  throw new TypeError(
    `Cannot tell importance: found no test rows in the run of ${quotedPath(modelPath)}, ${need}`,
  );
}

/** Draws rows of a table, if it has more than requested. */
function someOf(whole: Dataset, most: number, drawn: (rows: number) => Int32Array) {
  const { rows } = whole;
  return { rows, dataset: rows <= most ? whole : selectRows(whole, drawn(rows)) };
}

/** Draws row numbers at random. They are in ascending order. */
function someRows(rows: number, most: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, randomStream(seed, "rows of importance"));
  return order.slice(0, most).sort();
}

function show(found: Importance, all: boolean): void {
  const { columns, rows } = importanceTable(found, all ? Infinity : SHOWN);
  // Names in it come from files.
  const written = rows.map((cells) => cells.map((cell) => escaped(`${cell}`)));
  const [, rule] = tableText({ columns, rows: written }).split("\n");
  const room = Math.max(0, Math.min(LONGEST_BAR, WIDTH - rule.length - 2));
  const longest = found.columns.reduce((most, { loss }) => Math.max(most, loss), -Infinity);
  const bars = byImportance(found).map(({ loss }) =>
    longest > 0 ? "█".repeat(Math.max(0, Math.round(room * loss / longest))) : ""
  );
  say(tableText({
    columns: [...columns, ""],
    rows: written.map((cells, r) => [...cells, bars[r]]),
  }));
  const left = found.columns.length - rows.length;
  if (left > 0) say(`${left} more columns lose less (--all shows them)\n`);
  say(importanceSentences(found));
}

await runProgram(program);
