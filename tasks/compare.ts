/** `deno task compare`: the library's recipes beside scikit-learn's tree ensembles. */
import { dirname, resolve } from "node:path";
import process from "node:process";
import { completeSettings } from "../mod.ts";
import { readHeader } from "../lib/data/formats/mod.ts";
import { quoted, quotedList, quotedPath, shown } from "../lib/messages.ts";
import {
  comparedTable,
  comparisonReportPath,
  type Contender,
  runComparison,
  type StoredComparison,
  summarizeComparison,
  writeComparisonReport,
} from "../lib/experiments/comparison/mod.ts";
import { dataPath, namesData, readJson, strategyFile } from "../lib/experiments/run/mod.ts";
import {
  runProgram,
  sameCommand,
  say,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import { columnNames, takeColumns } from "./terminal/column_names.ts";
import { parseNumber, parseNumbers } from "./terminal/parse.ts";
import { Option } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { showComparison } from "./terminal/screen/comparison_display.ts";
import { overallTable, perDatasetTable } from "./terminal/comparison_table.ts";

/** The recipes that take part. */
const RECIPES: readonly Contender[] = [
  { name: "Sparsemble, modern", settings: { recipe: "modern" } },
  { name: "Sparsemble, paper (FD-TSE)", settings: { method: "fd" } },
];

const program = taskProgram(
  "compare",
  "Compares recipes with scikit-learn's tree ensembles.",
  "table.csv --target species",
  "dataset:pol --seeds 1 --out runs/compared",
)
  .argument("[FILES...]", "tables, or data sets of the catalogue as dataset:NAME")
  .option("--target <column>", "the column to predict, where a file is no catalogue data set")
  .addOption(
    new Option("--task <kind>", "whether the targets are classes or numbers")
      .choices(["classification", "regression"] as const).default("classification" as const),
  )
  .option(
    "--categorical <columns>",
    "columns of categories (default: those with text)",
    takeColumns,
  )
  .option("--ignore <columns>", "columns that are not used; may be given again", takeColumns)
  .addOption(
    new Option("--missing-target <rule>", "rows without a target are refused or left out")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .option("--seeds <numbers>", "one split and run for each", parseNumbers, [1, 2, 3])
  .option("--test-fraction <share>", "the share of rows held out", parseNumber, 0.2)
  .option("--threads <count>", "threads of this library's methods", parseNumber, 1)
  .option(
    "--contenders <file>",
    "a JSON file: an object of names and settings, a path as strategy among them, in place of the recipes",
  )
  .option("--no-trees", "leave scikit-learn out")
  .option("--out <folder>", "where scores and report go; what is there already is not run again")
  .option("--title <text>", "the report's title")
  .option("--from-records", "run nothing: write the report of the scores in the --out folder anew")
  .option("--json", "print one JSON object")
  .action(async (files, options) => {
    const { title, target, missingTarget } = options;
    const folder = options.out === undefined ? null : userPath(options.out);
    if (options.fromRecords) {
      if (folder === null) {
        throw new TypeError(
          "Cannot report a comparison: found no --out, need the folder with scores",
        );
      }
      print(await writeComparisonReport(folder, title), options.json);
      return tell(`Report: ${comparisonReportPath(folder)}`);
    }
    if (files.length === 0) {
      throw new TypeError("Cannot compare: found no FILES, need a table or dataset:NAME");
    }
    const tables = [];
    for (const name of files) {
      const file = namesData(name) ? name : userPath(name);
      const columns = async (texts: readonly string[] | undefined) =>
        texts && await columnNames(texts, dataPath(file));
      if (target === undefined && !namesData(name)) {
        throw new TypeError(
          `Cannot compare on ${quotedPath(file)}: need --target COLUMN, one of ` +
            quotedList(await readHeader(file)),
        );
      }
      const categorical = await columns(options.categorical);
      const ignore = await columns(options.ignore);
      tables.push(comparedTable(file, { target, categorical, ignore, missingTarget }));
    }
    const display = showComparison();
    using interrupt = onInterrupt("Stopping", display.stop);
    const { signal } = interrupt;
    let compared: StoredComparison;
    try {
      compared = await runComparison({
        tables,
        task: options.task,
        folder,
        title,
        testFraction: options.testFraction,
        seeds: options.seeds,
        contenders: options.contenders === undefined ? RECIPES : readContenders(options.contenders),
        trees: options.trees,
        threads: options.threads,
        onProgress: display.onProgress,
        onRemark: (dataset, remark) => display.say(`${dataset}: ${remark}`),
        onMissing: (reason) => display.say(`scikit-learn is left out: ${reason}`),
        signal,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      warn(folder === null ? "Stopped" : `Stopped. Go on with: ${sameCommand("compare")}`);
      process.exitCode = 130;
      return;
    } finally {
      display.stop();
    }
    print(compared, options.json);
    if (folder === null) return;
    await writeComparisonReport(folder);
    tell(`Report: ${comparisonReportPath(folder)}`);
  });

/** More contenders than anyone compares. */
const MOST_CONTENDERS = 1000;

/** Paths of strategies begin in the folder of the file. */
function readContenders(path: string): Contender[] {
  const file = userPath(path);
  const contenders = Object.entries(readJson(file));
  if (contenders.length > MOST_CONTENDERS) {
    const found = `found ${contenders.length} contenders, need at most ${MOST_CONTENDERS}`;
    throw new RangeError(`Cannot read ${quotedPath(file)}: ${found}`);
  }
  return contenders.map(([name, given]) => {
    if (!isPlainObject(given)) {
      const found = `found ${shown(given)} as the settings of ${quoted(name)}`;
      throw new TypeError(`Cannot read ${quotedPath(file)}: ${found}, need an object`);
    }
    const { strategy, onDatasets, ...settings } = given;
    const contender = {
      name,
      settings: completeSettings(settings),
      onDatasets: settingsOnDatasets(name, settings, onDatasets),
    };
    if (strategy === undefined) return contender;
    if (typeof strategy !== "string") {
      throw new TypeError(
        `Cannot use the contender ${quoted(name)}: found ${
          shown(strategy)
        } as strategy, need a path`,
      );
    }
    return { ...contender, strategy: strategyFile(resolve(dirname(file), strategy)) };
  });
}

/** Settings of a contender on single data sets. Together with the others they are complete and possible. */
function settingsOnDatasets(
  name: string,
  settings: Record<string, unknown>,
  given: unknown,
): Contender["onDatasets"] {
  if (given === undefined) return undefined;
  const own = isPlainObject(given) ? Object.entries(given) : [["", given] as const];
  if (!own.every(([, value]) => isPlainObject(value))) {
    throw new TypeError(
      `Cannot use the contender ${quoted(name)}: found ${shown(given)} as onDatasets, ` +
        "need an object of data sets, each with an object of settings",
    );
  }
  for (const [, value] of own) completeSettings({ ...settings, ...value as object });
  return Object.fromEntries(own) as Contender["onDatasets"];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function print({ scores }: StoredComparison, json: boolean | undefined): void {
  const summary = summarizeComparison(scores);
  if (json) return say(JSON.stringify({ scores, ...summary }));
  say(perDatasetTable(summary));
  if (summary.datasets.length > 1) say(overallTable(summary));
}

await runProgram(program);
