import { printable, requireInteger } from "../../messages.ts";
import { node } from "../../node.ts";
import { type Report, withoutEmptyColumns } from "../../reports/mod.ts";
import { readResults, resultIn } from "./results.ts";
import { reportOfResults } from "./results_report.ts";
import { reportOfRun } from "./run_report.ts";

/** The options of a report. */
export interface ReportOptions {
  /** Its title, only for a folder of runs. Left out: "Runs in FOLDER". */
  readonly title?: string | undefined;
  /** The number of runs of a folder that are shown epoch by epoch. Left out: 8. */
  readonly curves?: number | undefined;
}

/**
 * Makes the report of a run's folder, or of a folder that contains folders of finished runs. It has results
 * with intervals, members, accuracy over the epochs, operations, time and settings. `renderReport` turns it
 * into a file. Damaged runs in a folder of runs are named and left out.
 *
 * @throws {RangeError} If there is no finished run, or `curves` is not an integer from 0.
 * @throws {Error} If a file cannot be read.
 * @throws {SyntaxError} If a file cannot be parsed.
 *
 * @example Usage
 * ```ts
 * import { renderReport } from "@sparsemble/sparsemble/reports";
 * import { reportOfFolder } from "@sparsemble/sparsemble/experiments";
 *
 * async function reportAsHtml(folder: string): Promise<string> {
 *   return await renderReport(reportOfFolder(folder, { curves: 4 }));
 * }
 * ```
 */
export function reportOfFolder(folder: string, options: ReportOptions = {}): Report {
  const { title = `Runs in ${node.path.basename(node.path.resolve(folder))}`, curves = 8 } =
    options;
  requireInteger("report", curves, "curves", 0);
  const run = resultIn(folder);
  if (run !== null) return whatSaysSomething(reportOfRun(run));
  const damaged: string[] = [];
  const results = readResults(
    folder,
    (name, { message }) => damaged.push(`${printable(name)} (${message})`),
  );
  if (results.length === 0) {
    const others = damaged.length === 0 ? "" : `; damaged: ${damaged.slice(0, 3).join("; ")}`;
    throw new RangeError(
      `Cannot report on "${folder}": found no finished run, need a folder with a record.json, or ` +
        `one with such folders in it${others}`,
    );
  }
  const report = whatSaysSomething(reportOfResults(results, title, curves));
  if (damaged.length === 0) return report;
  const left = `Left out, because damaged: ${damaged.join("; ")}.`;
  return { ...report, lead: `${report.lead} ${left}` };
}

/** Removes empty columns from a report's tables, such as accuracies for numbers and errors for classes. */
function whatSaysSomething(report: Report): Report {
  const sections = report.sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) =>
      block.kind === "table" ? { ...block, table: withoutEmptyColumns(block.table) } : block
    ),
  }));
  return { ...report, sections };
}
