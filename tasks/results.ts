/** `deno task results`: tabulates, exports and compares the runs of a sweep. */
import {
  compareResults,
  comparisonRows,
  csvText,
  distinctResults,
  filterResults,
  parquetBytes,
  type PlainRows,
  readResults,
  resultColumns,
  runRows,
  tableRows,
  tabulateResults,
  varyingKeys,
} from "../lib/experiments/results/mod.ts";
import {
  addMethodRuns,
  methodReportPath,
  writeMethodReport,
} from "../lib/experiments/side_by_side/mod.ts";
import { plural, printable } from "../lib/messages.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { markdownTable } from "../lib/reports/mod.ts";
import {
  giveUp,
  runProgram,
  say,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import { fileToWrite } from "./terminal/file_to_write.ts";
import { parseNames } from "./terminal/parse.ts";
import { Option } from "./terminal/commander.ts";
import { comparisonCells, runCells, type ShownTable, tableCells } from "./terminal/result_cells.ts";
import { plainTable } from "./terminal/result_table.ts";

const more = (text: string, before: string[]): string[] => [...before, text];

const program = taskProgram(
  "results",
  "Tabulates the finished runs in a folder.",
  "runs/study",
  "runs/study --group-by method --format csv --out results.csv",
)
  .argument("[FOLDER]", "a folder with run folders, such as a sweep's")
  .option(
    "--where <condition>",
    "KEY=VALUE, KEY=ONE,OTHER or KEY!=VALUE; may be repeated",
    more,
    [],
  )
  .option(
    "--group-by <keys>",
    "what a row's runs agree in (default: what they differ in)",
    parseNames,
  )
  .option(
    "--columns <names>",
    "what to show (default: accuracy,memberAccuracy,density,seconds.train; rmse,r2 for numbers)",
    parseNames,
  )
  .option("--each", "one row for every run")
  .option(
    "--compare <values>",
    "two values, ONE,OTHER: differences of runs that are alike otherwise",
    parseNames,
  )
  .option("--by <key>", "the setting that --compare is about", "method")
  .addOption(
    new Option("--format <format>", "how to write it")
      .choices(["table", "csv", "markdown", "json", "parquet"] as const).default("table" as const),
  )
  .option("--out <file>", "write to this file")
  .option(
    "--side-by-side <folder>",
    "add the runs to the benchmark of methods in this folder, and write its report; no FOLDER adds none",
  )
  .option(
    "--reference <name>",
    "the method, as the report names it, that others are tested against (default: SET-MLP)",
  )
  .addHelpText(
    "after",
    `
Keys are settings (method, epsilon, seed, …) and dataset; columns are also
entries of a run's record (accuracy, weights, flops.counted, seconds.total,
peakMemoryBytes, …), memberAccuracy, rmse and r2.`,
  )
  .action(async (path, options) => {
    if (options.out === undefined && options.sideBySide === undefined) giveUp("write");
    const out = options.out === undefined ? undefined : fileToWrite(options.out);
    if (options.sideBySide === undefined) {
      if (options.reference !== undefined) {
        throw new TypeError("Cannot use --reference: found no --side-by-side, need both");
      }
      if (path === undefined) {
        throw new TypeError(
          "Cannot tabulate runs: missing required argument 'FOLDER', need one with run folders",
        );
      }
    }
    if (path === undefined) return await reportSideBySide(options);
    const folder = userPath(path);
    const onDamaged = (name: string, { message }: Error) =>
      warn(`Left out, because damaged: ${printable(name)} (${message})`);
    const found = distinctResults(readResults(folder, onDamaged));
    const results = filterResults(found, options.where);
    if (results.length === 0) {
      throw new RangeError(
        `Cannot tabulate "${folder}": found no finished run` +
          (options.where.length === 0 ? "" : ` with ${options.where.join(" and ")}`),
      );
    }
    if (options.sideBySide !== undefined) {
      const added = addMethodRuns(userPath(options.sideBySide), results);
      tell(`Added ${plural(added, "run")} of ${results.length}`);
      return await reportSideBySide(options);
    }
    const { groupBy, columns } = options;
    let [shown, rows]: [ShownTable, PlainRows] = [{ head: [], cells: [], notes: [] }, []];
    if (options.compare !== undefined) {
      const [first, second, ...others] = options.compare;
      if (first === undefined || second === undefined || others.length > 0) {
        throw new TypeError(
          `Cannot compare runs: found ${
            plural(options.compare.length, "value")
          }, need two: ONE,OTHER`,
        );
      }
      const [column] = columns ?? [];
      const comparison = compareResults(results, { by: options.by, first, second, column });
      [shown, rows] = [comparisonCells(comparison), comparisonRows(comparison)];
    } else if (options.each) {
      rows = runRows(results, groupBy ?? varyingKeys(results), columns ?? resultColumns(results));
      shown = runCells(rows);
    } else {
      const table = tabulateResults(results, { groupBy, columns });
      [shown, rows] = [tableCells(table), tableRows(table)];
    }
    const content = options.format === "parquet"
      ? await parquetBytes(rows)
      : textOf(shown, rows, options.format);
    if (out !== undefined) {
      writeFileAtomically(out, content);
      tell(`Wrote ${rows.length} rows to ${out}`);
    } else if (typeof content === "string") {
      say(content.trimEnd());
    } else {
      throw new TypeError("Cannot print a Parquet file: need --out FILE");
    }
  });

async function reportSideBySide(
  { sideBySide, reference }: {
    readonly sideBySide?: string | undefined;
    readonly reference?: string | undefined;
  },
): Promise<void> {
  const folder = userPath(sideBySide!);
  const runs = await writeMethodReport(folder, { reference });
  tell(`Report on ${plural(runs, "run")}: ${methodReportPath(folder)}`);
}

function textOf(
  shown: ShownTable,
  rows: PlainRows,
  format: "table" | "csv" | "markdown" | "json",
): string {
  if (format === "csv") return csvText(rows);
  if (format === "json") return `${JSON.stringify(rows, null, 2)}\n`;
  const table = (format === "markdown" ? markdownTable : plainTable)(shown.head, shown.cells);
  return `${[table, ...shown.notes].join(format === "markdown" ? "\n\n" : "\n")}\n`;
}

await runProgram(program);
