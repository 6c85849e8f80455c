/** `deno task train`: trains an ensemble on a table. */
import { Option } from "./terminal/commander.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { resumeRun, type RunConfig, type RunResult, startRun, StrategyError } from "../mod.ts";
import { readHeader } from "../lib/data/formats/mod.ts";
import {
  builtinData,
  catalogueData,
  completeConfig,
  dataPath,
  hasFolds,
  isMade,
  madeData,
  namesData,
  readConfig,
  readJson,
  runFiles,
  type RunOptions,
  type StrategyFile,
  strategyFile,
  targetTask,
} from "../lib/experiments/run/mod.ts";
import { quotedList, quotedPath, shellWord } from "../lib/messages.ts";
import { memoryBytes } from "../lib/streams/mod.ts";
import {
  asTyped,
  runProgram,
  say,
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
import { configFile, runFolder } from "./terminal/model_argument.ts";
import { parseNumber } from "./terminal/parse.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import {
  idleOptions,
  settingOptions,
  settingsGiven,
  withOptions,
} from "./terminal/setting_options.ts";
import { standardInput, tableInput } from "./terminal/table_input.ts";
import { showProgress } from "./terminal/progress_display.ts";
import { trainFolds } from "./terminal/screen/train_folds.ts";
import { resultTable } from "./terminal/result_table.ts";
import { joinRun } from "./train/join_run.ts";
import { freshFolder, keepInput, withoutInput } from "./train/run_folder.ts";
import {
  keepTeacher,
  refuseBesideTeacher,
  removeTeacher,
  teachersConfig,
} from "./train/taught_run.ts";

/** The options that make sense only with the user's own table. */
const TABLE = "Your table:";

const program = taskProgram(
  "train",
  "Trains a sparse ensemble on a table and saves it.",
  "table.csv --target species",
  "table.csv --target price --task regression",
  "--resume runs/first",
)
  .argument(
    "[FILE]",
    "a table (.csv, .csv.gz, .arff, .npy, .npz, .idx, .mat, .parquet), dataset:NAME, or - (CSV from standard input); left out: the built-in Image Segmentation data",
  )
  .optionsGroup(TABLE)
  .option("--target <column>", "the column with the classes, or the numbers (--task regression)")
  .option("--test <file>", "a table of test rows; -: CSV from standard input")
  .option("--missing <rule>", "missing values: median, or error (default: median)")
  .option("--missing-target <rule>", "rows without a target: skip, or error (default: error)")
  .option("--categorical <columns>", CATEGORICAL, takeColumns)
  .option("--ignore <columns>", "columns to leave out; may be given again", takeColumns)
  .option("--folds <count>", "score on so many folds, then train on all rows", parseNumber)
  .option("--group <column>", "the groups of rows, which no two of the --folds share")
  .option("--time <column>", "the times of rows: --folds are tested on later rows")
  .option("--weights <column>", "the column with the weights of rows, in training and in scores")
  .option("--memory <size>", "stream the rows from the disk, with 2GB, say, for them in memory")
  .optionsGroup("Files and reports:")
  .option("--test-fraction <share>", "the share of rows held out for the test", parseNumber)
  .option("--out <folder>", "where to put the run")
  .option("--json", "print one JSON object; progress goes to standard error")
  .option("--config <file>", "take these settings from a JSON file, such as a run's config.json")
  .option("--resume <run>", "go on with the run in this folder")
  .option("--teacher <run>", "--distil from the ensemble of this finished run, at any size")
  .option(
    "--strategy <module>",
    "a topology strategy of your own in place of the method's; FILE#NAME names its export",
  )
  .option("--checkpoint-every <seconds>", "training time between checkpoints", parseNumber, 30)
  .addOption(
    new Option("--flops <count>", "whose count of operations to report beside the exact one")
      .choices(["counted", "hardware", "both"] as const),
  )
  .option(
    "--threads <count>",
    "independent members at a time, or threads of one network; changes no result, unless --exchange is asynchronous",
    parseNumber,
    1,
  )
  .option("--worker-folder <folder>", "share the work of --workers with processes, in a folder")
  .option("--join <folder>", "be a worker of the run with this --worker-folder; needs --worker")
  .option("--worker <number>", "the number of the worker that joins, from 0", parseNumber);

for (const option of settingOptions()) program.addOption(option);

program.addHelpText(
  "after",
  "\nWithout --method the modern recipe trains, which is made for accuracy on tables.\n" +
    "A method that is named brings the paper's recipe; --recipe modern has it trained\n" +
    "with the modern one. Numbers (--task regression) have some other defaults.",
);

program.action((file, options) =>
  namingOptions(async () => {
    const { folds, group, time, json = false } = options;
    if (options.join !== undefined || options.worker !== undefined) {
      return await joinRun(file, options as Record<string, unknown>);
    }
    if (options.teacher !== undefined) {
      refuseBesideTeacher(file, options as Record<string, unknown>);
    }
    const names = file ?? options.config;
    // If the table is missing, the message about the table comes first.
    if (folds === undefined && (group ?? time) !== undefined && names !== undefined) {
      throw new TypeError("Cannot group or order rows: need --folds COUNT with --group or --time");
    }
    let folder = options.resume === undefined ? undefined : runFolder(options.resume);
    if (folds !== undefined || folder !== undefined && hasFolds(folder)) {
      if (options.workerFolder !== undefined) {
        throw new TypeError(
          "Cannot combine --folds with --worker-folder: need a run without folds",
        );
      }
      return await runFolds(file, options as Record<string, unknown>, folds, json);
    }
    const display = showProgress(options.json === true);
    const { checkpointEvery, threads, flops } = options;
    const { onEvent } = display;
    using interrupt = onInterrupt("Stopping after this batch", display.stop);
    const { signal } = interrupt;
    const strategy = options.strategy === undefined
      ? undefined
      : strategyFile(userPath(options.strategy));
    const workerFolder = options.workerFolder === undefined
      ? undefined
      : userPath(options.workerFolder);
    if (workerFolder !== undefined) {
      const words = `--join ${shellWord(workerFolder)} --worker NUMBER`;
      tell(`Workers join with: deno task train ${words}`);
    }
    const runOptions = { onEvent, signal, checkpointEvery, threads, flops, strategy, workerFolder };
    let result: RunResult;
    let kept: string | undefined;
    let taught: string | undefined;
    try {
      if (folder !== undefined) {
        refuseWithResume(file, options as Record<string, unknown>);
        result = await resumeRun(named(folder), runOptions);
      } else {
        let config = await configFrom(file, options as Record<string, unknown>, strategy);
        folder = named(options.out === undefined ? freshFolder(config) : userPath(options.out));
        const piped = (["file", "test"] as const).find((key) => config[key] === "-");
        if (piped !== undefined) {
          kept = await keepInput(folder, piped === "file" ? "table.csv" : "test.csv");
          config = { ...config, [piped]: kept };
        }
        if (options.teacher !== undefined) taught = keepTeacher(runFolder(options.teacher), folder);
        result = await startRun(config, folder, runOptions);
      }
    } catch (error) {
      if (kept !== undefined && !existsSync(runFiles(folder!).config)) {
        throw withoutInput(error, kept);
      }
      if (taught !== undefined && !existsSync(runFiles(folder!).config)) removeTeacher(taught);
      throw error instanceof StrategyError ? withCommand(error, folder) : error;
    } finally {
      display.stop();
    }
    report(result, options.json === true);
  })
);

/** Errors name settings. If the option is spelled differently, it is added after the setting's name. */
async function namingOptions(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Error) error.message = withOptions(error.message, ["testFraction"]);
    throw error;
  }
}

/** Scores a table on folds and trains on all rows, or continues with that. */
async function runFolds(
  file: string | undefined,
  options: Record<string, unknown>,
  folds: number | undefined,
  json: boolean,
): Promise<void> {
  const { checkpointEvery, threads, flops } = options as Pick<
    RunOptions,
    "checkpointEvery" | "threads" | "flops"
  >;
  const runOptions = { checkpointEvery, threads, flops };
  if (options.resume !== undefined) {
    refuseWithResume(file, options);
    return await trainFolds(null, named(runFolder(`${options.resume}`)), runOptions, json);
  }
  const clash = ["test", "testFraction"].find((name) => options[name] !== undefined);
  if (clash !== undefined) {
    throw new TypeError(
      `Cannot combine --folds with --${clash === "test" ? clash : "test-fraction"}: every row is ` +
        "tested once, in its fold",
    );
  }
  const [group, time] = [options.group, options.time] as (string | undefined)[];
  if (group !== undefined && time !== undefined) {
    throw new TypeError("Cannot combine --group with --time: folds share no group, or follow time");
  }
  const strategy = options.strategy === undefined
    ? undefined
    : strategyFile(userPath(`${options.strategy}`));
  let config = await configFrom(file, options, strategy);
  const folder = named(
    options.out === undefined ? freshFolder(config) : userPath(`${options.out}`),
  );
  const kept = config.file === "-" ? await keepInput(folder, "table.csv") : undefined;
  if (kept !== undefined) config = { ...config, file: kept };
  try {
    await trainFolds({ config, folds: { folds: folds!, group, time } }, folder, runOptions, json);
  } catch (error) {
    throw kept === undefined || hasFolds(folder) ? error : withoutInput(error, kept);
  }
}

/** The folder, if the commands that are printed after the work can name it. */
function named(folder: string): string {
  shellWord(folder);
  return folder;
}

/** An error of a strategy, with the command that goes on with what was trained before it. */
function withCommand(error: StrategyError, folder: string | undefined): StrategyError {
  const stored = folder === undefined ? null : runFiles(folder).config;
  if (stored === null || !existsSync(stored)) return error;
  const { path, export: name } = readConfig(stored).strategy ?? {};
  const isThere = path !== undefined && existsSync(path);
  const file = isThere ? shellWord(path + (name === undefined ? "" : `#${name}`)) : "FILE";
  return new StrategyError(
    `${error.message}; what was trained is kept, go on with a sound strategy: ` +
      `deno task train --resume ${shellWord(folder!)} --strategy ${file}`,
    { cause: error },
  );
}

async function configFrom(
  file: string | undefined,
  options: Record<string, unknown>,
  strategy: StrategyFile | undefined,
): Promise<RunConfig> {
  const stored = options.teacher !== undefined
    ? teachersConfig(runFolder(`${options.teacher}`))
    : options.config === undefined
    ? {}
    : readJson(configFile(`${options.config}`));
  const given: Record<string, unknown> = { ...stored, ...settingsGiven(options) };
  refuseBesideBudget(options);
  // A number of members given here means the ensemble's members, whatever was stored.
  if (options.members !== undefined && Number(given.trials) > 0) given.keepTrials ??= false;
  if (options.test !== undefined && options.testFraction !== undefined) {
    throw new TypeError(
      "Cannot combine --test with --test-fraction: test rows come from a file or are held out",
    );
  }
  if (file?.startsWith("dataset:")) Object.assign(given, catalogueData(file.slice(8)));
  else if (file !== undefined && isMade(file)) Object.assign(given, madeData(file.slice(5)));
  else if (file !== undefined) given.file = file;
  if (options.testFraction !== undefined) {
    given.testFraction = options.testFraction;
    given.test = null;
  }
  for (const key of ["target", "test", "missing", "missingTarget", "weights"]) {
    if (options[key] !== undefined) given[key] = options[key];
  }
  if (strategy !== undefined) given.strategy = strategy;
  if (typeof given.strategy === "string") given.strategy = strategyFile(userPath(given.strategy));
  for (const key of ["file", "test"]) {
    const path = given[key];
    if (typeof path !== "string" || namesData(path)) continue;
    given[key] = path === "-" ? path : await tableInput(path);
  }
  if (given.file === "-" && given.test === "-") {
    throw new TypeError(
      "Cannot train on two tables from standard input: need a file for one of them",
    );
  }
  if (given.file === undefined) {
    refuseWithoutTable({ ...given, ...options });
    Object.assign(given, builtinData("segment"));
  }
  if (options.memory !== undefined) given.memory = memoryBytes(`${options.memory}`);
  const source = () => given.file === "-" ? standardInput() : dataPath(`${given.file}`);
  targetTask(given.task as RunConfig["task"]);
  if (given.target === undefined) {
    throw new TypeError(
      `Cannot train on ${quotedPath(`${given.file}`)}: need --target COLUMN, ` +
        `one of ${quotedList(await readHeader(await source()))}`,
    );
  }
  const { categorical, ignore } = options as Readonly<Record<string, string[] | undefined>>;
  if (ignore !== undefined) given.ignore = await columnNames(ignore, await source());
  if (categorical !== undefined) {
    given.categorical = await categoricalColumns(categorical, await source());
  }
  const config = completeConfig(given);
  for (const sentence of idleOptions(options, config, config.strategy !== null)) warn(sentence);
  return config;
}

/** Refuses options that a budget chooses itself. */
function refuseBesideBudget(options: Record<string, unknown>): void {
  if (options.budget === undefined) return;
  const clash = ["members", "epochs", "explore", "trials", "candidates"].find((name) =>
    options[name] !== undefined
  );
  if (clash === undefined) return;
  throw new TypeError(
    `Cannot combine --budget with --${clash}: trials, members and epochs are chosen for the budget, ` +
      "need one of the two",
  );
}

/** The built-in data have a target, and all that a table's options could say of it. */
function refuseWithoutTable(options: Record<string, unknown>): void {
  const isGiven = (name: string) => (options[name] ?? null) !== null;
  const option = program.options.find((option) =>
    option.helpGroupHeading === TABLE && isGiven(option.attributeName())
  );
  const words = option !== undefined
    ? [option.long!, ...[options[option.attributeName()]].flat()]
    : options.task === "regression"
    ? ["--task", "regression", "--target", "COLUMN"]
    : undefined;
  if (words === undefined) return;
  const typed = words.map((word) => word === "COLUMN" ? word : shellWord(`${word}`)).join(" ");
  const target = words.includes("--target") ? "" : " --target COLUMN";
  throw new TypeError(
    `Cannot train with ${words[0]}${words[0] === "--task" ? " regression" : ""}: found no FILE, ` +
      `need a table, as in: deno task train FILE ${typed}${target}`,
  );
}

/** Refuses options that would change a resumed run, because a run continues as it was begun. */
function refuseWithResume(file: string | undefined, options: Record<string, unknown>): void {
  const { target, test, testFraction, missing, config, out } = options;
  const { missingTarget, categorical, ignore, weights, folds, group, time, memory } = options;
  const columns = { target, categorical, ignore, weights };
  const data = { ...columns, test, testFraction, missing, missingTarget, memory };
  const named = { ...data, folds, group, time, config, out, ...settingsGiven(options) };
  const given = Object.entries(named).find(([, value]) => value !== undefined)?.[0];
  if (file === undefined && given === undefined) return;
  throw new TypeError(
    `Cannot combine --resume with ${file === undefined ? `the option "${given}"` : `"${file}"`}: ` +
      `a run goes on with the data and settings it began with`,
  );
}

function report(result: RunResult, json: boolean): void {
  const folder = join(result.files.config, "..");
  if (result.status === "stopped") {
    const command = `deno task train --resume ${shellWord(folder)}`;
    warn(`Stopped in epoch ${result.epoch + 1}. Go on with: ${command}`);
    process.exitCode = 130;
  } else if (json) {
    say(JSON.stringify({ ...result.record, model: result.files.model, run: folder }));
  } else {
    say(resultTable(result.record, result.model));
    say(`Model:  ${result.files.model}`);
    say(asTyped(`Next:   deno task predict ${shellWord(result.files.model)} FILE`));
  }
}

await runProgram(program);
