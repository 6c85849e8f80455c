/** `deno task inspect`: shows the content of a model file, or the understanding of a table. */
import { autoencoder, type Dataset, inspectModel, readDataset } from "../mod.ts";
import { readHeader } from "../lib/data/formats/mod.ts";
import { readSafetensorsHeader } from "../lib/files/mod.ts";
import { kindOf } from "../lib/model/mod.ts";
import { summarizeColumns } from "../lib/data/preprocessing/mod.ts";
import { plural, printable, quoted, quotedList, quotedPath } from "../lib/messages.ts";
import { runProgram, say, taskProgram, userPath } from "./terminal/command_line.ts";
import { statOf, TABLE_FILE, tableInput } from "./terminal/table_input.ts";
import {
  CATEGORICAL,
  categoricalColumns,
  columnNames,
  takeColumns,
} from "./terminal/column_names.ts";
import { columnTable, oddLines, otherRemarks } from "./terminal/column_lines.ts";
import { Option } from "./terminal/commander.ts";
import { loadModel } from "./terminal/model_argument.ts";
import {
  autoencoderLines,
  modelLines,
  topologyLines,
  wholeTopologyLines,
} from "./terminal/screen/model_lines.ts";

/** The options that make sense with a table only. */
const TABLE = "Of a table:";

const program = taskProgram(
  "inspect",
  "Shows the layers, members and overlaps of a saved ensemble, or how a table is understood.",
  "table.csv --target species",
  "runs/first/model.safetensors",
)
  .argument(
    "<FILE>",
    "a run's folder, its model.safetensors, an autoencoder, or a table (with --target)",
  )
  .option("--json", "print one JSON object")
  .option("--all", "of a model: every member and every pair of members")
  .optionsGroup(TABLE)
  .option("--target <column>", "the column with the classes, or the numbers")
  .addOption(
    new Option("--task <kind>", "what the target holds")
      .choices(["classification", "regression"] as const).default("classification" as const),
  )
  .option("--categorical <columns>", CATEGORICAL, takeColumns)
  .option("--ignore <columns>", "columns to leave out; may be given again", takeColumns)
  .addOption(
    new Option("--missing-target <rule>", "rows without a target")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .action(async (path, options) => {
    const { target, json, all } = options;
    const ofTable = program.options.find((option) =>
      option.helpGroupHeading === TABLE &&
      program.getOptionValueSource(option.attributeName()) === "cli"
    );
    const mayBeTable = path === "-" || TABLE_FILE.test(path);
    if (isModel(path) || (!mayBeTable && ofTable === undefined)) {
      if (ofTable === undefined) return inspectModelFile(path, json === true, all === true);
      throw new TypeError(
        `Cannot inspect ${quotedPath(path)} with ${ofTable.long}: need a table for it, as in: ` +
          `deno task inspect TABLE --target COLUMN`,
      );
    }
    const table = await tableInput(path);
    if (target === undefined) {
      throw new TypeError(
        `Cannot inspect the table ${quotedPath(path)}: need --target COLUMN, ` +
          `one of ${quotedList(await readHeader(table))}`,
      );
    }
    const { categorical, ignore = [], task, missingTarget } = options;
    const { dataset, remarks } = await readDataset(table, {
      ...{ target, task, missing: "keep", missingTarget },
      categorical: await categoricalColumns(categorical, table),
      ignore: await columnNames(ignore, table),
    });
    say(tableSummary(dataset, remarks, json === true));
  });

/** Returns `true` for the name of a model file, and for a folder, such as a run's. */
function isModel(path: string): boolean {
  if (path === "-") return false;
  return statOf(userPath(path))?.isDirectory() || path.endsWith(".safetensors");
}

/**
 * Refuses a file whose name is neither that of a model nor that of a table.
 *
 * @throws {TypeError} If it is not a model by its content.
 */
function requireModel(path: string, file: string): void {
  try {
    readSafetensorsHeader(file);
  } catch (cause) {
    // A file that cannot be opened says so itself.
    if (!(cause instanceof SyntaxError)) throw cause;
    const found = /: found (JSON|text), /.exec(cause.message)?.[1] ?? "no model";
    throw new TypeError(
      `Cannot inspect ${quotedPath(path)}: found ${found}, need a run's folder, a model or an ` +
        "autoencoder (.safetensors), or a table with --target COLUMN",
      { cause },
    );
  }
}

function inspectModelFile(path: string, json: boolean, all: boolean): void {
  const file = userPath(path);
  if (!isModel(path)) requireModel(path, file);
  if (statOf(file)?.isFile() && kindOf(readSafetensorsHeader(file)) === "autoencoder") {
    return inspectAutoencoder(file, json, all);
  }
  const model = loadModel(path);
  const inspection = inspectModel(model);
  if (json) {
    const { members: _, preprocessing: { featureNames }, ...described } = model;
    say(JSON.stringify({ ...described, featureNames, ...inspection }));
    return;
  }
  say([...modelLines(model, all), ""].join("\n"));
  say((all ? wholeTopologyLines(inspection) : topologyLines(inspection)).join("\n"));
}

function inspectAutoencoder(path: string, json: boolean, all: boolean): void {
  const trained = autoencoder.loadAutoencoder(path);
  const inspection = inspectModel(trained);
  if (json) {
    const { settings, strategy, preprocessing: { featureNames } } = trained;
    say(JSON.stringify({ kind: "autoencoder", settings, strategy, featureNames, ...inspection }));
    return;
  }
  say([...autoencoderLines(trained, all), ""].join("\n"));
  say((all ? wholeTopologyLines(inspection) : topologyLines(inspection)).join("\n"));
}

/** A number without the additional digits of a 32-bit float. */
function shortNumber(value: number): number {
  return Number(value.toPrecision(7));
}

/** The rows, the target and the columns of a table, as training would understand them. */
function tableSummary(dataset: Dataset, remarks: readonly string[], json: boolean): string {
  const { rows, target, classes, labels, targets } = dataset;
  const columns = summarizeColumns(dataset);
  const counts = new Int32Array(classes.length);
  for (const label of labels) counts[label] += classes.length > 0 ? 1 : 0;
  if (json) {
    const ofClass = Array.from(classes, (name, place) => ({ name, rows: counts[place] }));
    return JSON.stringify({ rows, target, classes: ofClass, columns, remarks });
  }
  const shown = classes.slice(0, 10).map((name, place) => `${printable(name)} ${counts[place]}`);
  const about = targets === undefined
    ? `${classes.length} classes (${shown.join(", ")}${classes.length > 10 ? ", …" : ""})`
    : `numbers from ${shortNumber(targets.reduce((a, b) => Math.min(a, b)))} to ${
      shortNumber(targets.reduce((a, b) => Math.max(a, b)))
    }`;
  return [
    `${plural(rows, "row")}, target ${quoted(target)}: ${about}`,
    columnTable(columns),
    ...otherRemarks(remarks, columns),
    ...oddLines(columns),
  ].join("\n");
}

await runProgram(program);
