/** `deno task select-features`: chooses the columns of a table that are worth keeping. */
import {
  autoencoder,
  type Dataset,
  type FeatureSelection,
  readDataset,
  selectFeatures,
  type Settings,
} from "../mod.ts";
import { csvLine } from "../lib/csv_line.ts";
import { readUnlabelled } from "../lib/data/formats/mod.ts";
import { SCALINGS } from "../lib/data/preprocessing/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { escaped, plural, printableList } from "../lib/messages.ts";
import { tableText } from "../lib/reports/mod.ts";
import { SELECTIONS } from "../lib/selection/mod.ts";
import {
  CATEGORICAL,
  categoricalColumns,
  columnNames,
  takeColumns,
} from "./terminal/column_names.ts";
import { giveUp, runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";
import { csvToWrite, fileToWrite } from "./terminal/file_to_write.ts";
import { Option } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { parseNumber, parseNumbers } from "./terminal/parse.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { tableInput } from "./terminal/table_input.ts";

/** Milliseconds between two lines of progress, and before the first. */
const PATIENCE = 2000;

/** Columns that fit on a screen. */
const SHOWN = 20;

const program = taskProgram(
  "select-features",
  "Chooses the columns of a table that are worth keeping.",
  "table.csv -k 50",
  "table.csv -k 50 --target species --scores scores.csv",
)
  .argument("<FILE>", "a table, or - (CSV from standard input)")
  .requiredOption("-k, --count <count>", "the number of columns to choose", parseNumber)
  .option("--target <column>", "choose by the importance for this column, not without a target")
  .addOption(
    new Option("--task <kind>", "of --target: what it holds")
      .choices(["classification", "regression"] as const).default("classification" as const),
  )
  .addOption(
    new Option(
      "--by <score>",
      "the score of a column; left out: strength, with --target importance",
    )
      .choices(SELECTIONS),
  )
  .option(
    "--ignore <columns>",
    "columns to leave out, such as a target; may be given again",
    takeColumns,
  )
  .option("--categorical <columns>", CATEGORICAL, takeColumns)
  .addOption(
    new Option("--missing-target <rule>", "of --target: rows without one are refused or left out")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .optionsGroup("Training:")
  .option("--epochs <count>", "epochs of each network", parseNumber)
  .option("--hidden <sizes>", "neurons per hidden layer", parseNumbers)
  .option("--members <count>", "networks whose scores are averaged", parseNumber)
  .addOption(
    new Option("--scaling <word>", "the scaling of an autoencoder's columns").choices(SCALINGS),
  )
  .option("--noise <number>", "the standard deviation of an autoencoder's noise", parseNumber)
  .option("--seed <seed>", "the seed of all random streams", parseNumber, 1)
  .option("--threads <count>", "members at a time; changes no result", parseNumber, 1)
  .optionsGroup("Files and reports:")
  .option("--out <file>", "write the names of the chosen columns there, one a line")
  .option("--scores <file>", "write the scores of all columns there, as CSV")
  .option("--save <file>", "write the autoencoder there")
  .option("--json", "print one JSON object")
  .action(async (file, options) => {
    const { count, target, epochs, hidden, members, scaling, noise, seed, threads } = options;
    const by = options.by ?? (target === undefined ? "strength" : "importance");
    refuse(by, target, options.save, noise);
    const [out, save] = [options.out, options.save]
      .map((name) => name === undefined ? undefined : fileToWrite(name));
    const scores = options.scores === undefined ? undefined : csvToWrite(options.scores);
    if ([out, scores, save].every((path) => path === undefined)) giveUp("write");
    const dataset = await read(file, options);
    const given = { epochs, hidden, members, scaling, noise, seed };
    const settings: Partial<Settings> = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    using interrupt = onInterrupt("Stopping after this batch", () => {});
    const { signal } = interrupt;
    let told = performance.now();
    const selection = await selectFeatures(dataset, {
      ...{ count, by, settings, threads, signal },
      onEvent(event) {
        if (event.type !== "epoch" || performance.now() - told < PATIENCE) return;
        told = performance.now();
        tell(`epoch ${event.epoch} of ${event.epochs} …`);
      },
    });
    const { columns, chosen, autoencoder: trained, rows } = selection;
    const write = (path: string, lines: readonly string[]) =>
      writeFileAtomically(path, lines.map((line) => `${line}\n`).join(""));
    if (out !== undefined) write(out, chosen.map(escaped));
    if (scores !== undefined) write(scores, scoreLines(selection));
    if (save !== undefined) autoencoder.saveAutoencoder(trained!, save);
    if (options.json) say(JSON.stringify({ by, rows, chosen, columns }));
    else show(selection);
  });

/** Refuses options that contradict each other. */
function refuse(
  by: FeatureSelection["by"],
  target: string | undefined,
  save: string | undefined,
  noise: number | undefined,
): void {
  if ((by === "importance") !== (target !== undefined)) {
    throw new TypeError(
      `Cannot select by ${by}: found ${target === undefined ? "no" : "a"} --target, need ` +
        (by === "importance"
          ? "--target COLUMN"
          : "none; --ignore COLUMN keeps a target out of the table"),
    );
  }
  const ofAutoencoder = save !== undefined ? "--save" : noise !== undefined ? "--noise" : null;
  if (by === "importance" && ofAutoencoder !== null) {
    throw new TypeError(`Cannot use ${ofAutoencoder}: found --target, need an autoencoder for it`);
  }
}

/** Reads the table, with its target if there is one. */
async function read(
  file: string,
  options: {
    readonly target?: string | undefined;
    readonly task: "classification" | "regression";
    readonly missingTarget: "error" | "skip";
    readonly ignore?: readonly string[] | undefined;
    readonly categorical?: readonly string[] | undefined;
  },
): Promise<Dataset> {
  const { target, task, missingTarget, ignore = [], categorical } = options;
  const table = await tableInput(file);
  const reading = readingDisplay();
  const common = {
    ignore: await columnNames(ignore, table),
    categorical: await categoricalColumns(categorical, table),
    onProgress: (progress: Parameters<typeof reading>[1]) => reading(file, progress),
  };
  const { dataset, ignoredColumns, remarks } = target === undefined
    ? await readUnlabelled(table, common)
    : await readDataset(table, { ...common, target, task, missingTarget });
  for (const remark of remarks) tell(remark);
  if (ignoredColumns.length > 0) tell(`Ignored columns: ${printableList(ignoredColumns)}`);
  return dataset;
}

/** The lines of a CSV file of all columns, the best first. */
function scoreLines({ columns }: FeatureSelection): string[] {
  const rows = columns.map(({ column, place, score, chosen }, rank) =>
    csvLine([rank + 1, column, place + 1, score, chosen])
  );
  return ["rank,column,place,score,chosen", ...rows];
}

function show({ columns, chosen, by, rows }: FeatureSelection): void {
  const best = columns.slice(0, Math.min(SHOWN, chosen.length));
  say(tableText({
    columns: ["rank", "column", "score"],
    rows: best.map(({ column, score }, k) => [k + 1, escaped(column), score.toPrecision(4)]),
  }));
  const left = chosen.length - best.length;
  if (left > 0) say(`${left} more are chosen (--out and --scores write all)`);
  say(
    `${chosen.length} of ${plural(columns.length, "column")} by ${by}, on ${plural(rows, "row")}`,
  );
}

await runProgram(program);
