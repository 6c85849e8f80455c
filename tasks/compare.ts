/** `deno task compare`: the library's recipes beside the methods of other libraries. */
import { dirname, resolve } from "node:path";
import process from "node:process";
import project from "../deno.json" with { type: "json" };
import { completeSettings } from "../mod.ts";
import { readHeader } from "../lib/data/formats/mod.ts";
import { quoted, quotedList, quotedPath, shown } from "../lib/messages.ts";
import {
  comparedTable,
  compareInProcesses,
  comparisonReportPath,
  type Contender,
  PEERS,
  runComparison,
  type StoredComparison,
  writeComparisonReport,
} from "../lib/experiments/comparison/mod.ts";
import { dataPath, namesData, readJson, strategyFile } from "../lib/experiments/run/mod.ts";
import {
  runProgram,
  sameCommand,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import {
  CATEGORICAL,
  categoricalColumns,
  columnNames,
  takeColumns,
} from "./terminal/column_names.ts";
import { parseNames, parseNumber, parseNumbers } from "./terminal/parse.ts";
import { Option } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { showComparison } from "./terminal/screen/comparison_display.ts";
import { jobsOf, linesOnce } from "./compare/jobs.ts";
import { printComparison } from "./compare/print.ts";
import { reportRecords } from "./compare/records.ts";

/** The recipes that take part. */
const RECIPES: readonly Contender[] = [
  { name: "Sparsemble, modern", settings: { recipe: "modern" } },
  { name: "Sparsemble, paper (FD-TSE)", settings: { method: "fd" } },
];

const program = taskProgram(
  "compare",
  "Compares recipes with boosted trees, forests and networks of other libraries.",
  "table.csv --target species",
  "dataset:pol --seeds 1 --out runs/compared",
  "--from-records runs/compared --without pol",
)
  .argument(
    "[FILES...]",
    "tables, or data sets of the catalogue as dataset:NAME; with --from-records, folders",
  )
  .option("--target <column>", "the column to predict, where a file is no catalogue data set")
  .option("--test <file>", "separate test rows of the same columns, the same for every seed")
  .addOption(
    new Option("--task <kind>", "whether the targets are classes or numbers")
      .choices(["classification", "regression"] as const).default("classification" as const),
  )
  .option("--categorical <columns>", CATEGORICAL, takeColumns)
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
  .option(
    "--peers <names>",
    `some of ${
      PEERS.map(({ key }) => key).join(",")
    } (default: those that are installed, but for ` +
      `${PEERS.filter(({ slow }) => slow).map(({ key }) => key).join(" and ")})`,
    parseNames,
  )
  .option("--no-peers", "leave other libraries out")
  .addOption(new Option("--no-trees", "an older name of --no-peers").hideHelp())
  .option(
    "--equal-budget [method]",
    "tune LightGBM for as many processor seconds as this method takes (default: the first contender)",
  )
  .option("--workers <count>", "processes at once, each for one seed of one table", parseNumber, 1)
  .option("--out <folder>", "where scores and report go; what is there already is not run again")
  .option("--title <text>", "the report's title")
  .option(
    "--from-records",
    "run nothing: write the report of the scores in the --out folder, and in the folders that are named",
  )
  .option("--without <names>", "with --from-records: data sets to leave out", parseNames)
  .option("--json", "print one JSON object")
  .action(async (files, options) => {
    const { title, target, missingTarget } = options;
    const folder = options.out === undefined ? null : userPath(options.out);
    if (options.fromRecords) {
      const folders = files.map((path) => userPath(path));
      return await reportRecords(folders, folder, options.without ?? [], title, options.json);
    }
    if (options.without !== undefined) {
      throw new TypeError("Cannot use --without here: need --from-records");
    }
    if (files.length === 0) {
      throw new TypeError("Cannot compare: found no FILES, need a table or dataset:NAME");
    }
    if (options.test !== undefined && (files.length > 1 || namesData(files[0]))) {
      throw new TypeError("Cannot use --test here: need one file, whose test rows these are");
    }
    const tables = [];
    for (const name of files) {
      const file = namesData(name) ? name : userPath(name);
      if (target === undefined && !namesData(name)) {
        throw new TypeError(
          `Cannot compare on ${quotedPath(file)}: need --target COLUMN, one of ` +
            quotedList(await readHeader(file)),
        );
      }
      const categorical = await categoricalColumns(options.categorical, dataPath(file));
      const ignore = options.ignore && await columnNames(options.ignore, dataPath(file));
      const test = options.test === undefined ? null : userPath(options.test);
      tables.push(comparedTable(file, { target, test, categorical, ignore, missingTarget }));
    }
    const contenders = options.contenders === undefined
      ? RECIPES
      : readContenders(options.contenders, options.task);
    const peers = options.trees === false || options.peers === false
      ? []
      : Array.isArray(options.peers)
      ? options.peers
      : "installed";
    const { workers } = options;
    if (workers !== 1 && folder === null) {
      throw new TypeError("Cannot use --workers without --out, need a folder for the scores");
    }
    const display = showComparison();
    using interrupt = onInterrupt("Stopping", display.stop);
    const { signal } = interrupt;
    let compared: StoredComparison;
    try {
      compared = workers !== 1
        ? await compareInProcesses(jobsOf(files, tables, options), {
          folder: folder!,
          command: project.tasks.compare.command.split(" "),
          workers,
          signal,
          onLine: linesOnce(display.say),
        })
        : await runComparison({
          tables,
          task: options.task,
          folder,
          title,
          testFraction: options.testFraction,
          seeds: options.seeds,
          contenders,
          peers,
          equalBudget: options.equalBudget === true
            ? contenders[0]?.name
            : options.equalBudget || undefined,
          threads: options.threads,
          onProgress: display.onProgress,
          onRemark: (dataset, remark) => display.say(`${dataset}: ${remark}`),
          onMissing: display.say,
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
    printComparison(compared, options.json);
    if (folder === null) return;
    await writeComparisonReport(folder);
    tell(`Report: ${comparisonReportPath(folder)}`);
  });

/** The largest number of contenders, far more than anyone compares. */
const MOST_CONTENDERS = 1000;

/**
 * Reads contenders from a file. Paths of strategies are relative to the file's folder. Missing settings are
 * the defaults for the task.
 */
function readContenders(path: string, task: "classification" | "regression"): Contender[] {
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
    const { strategy, onDatasets, ...own } = given;
    const settings = { task, ...own };
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

/** Reads a contender's settings on single data sets. Checks them together with its other settings. */
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

await runProgram(program);
