import { writeFileAtomically } from "../../files/mod.ts";
import { node } from "../../node.ts";
import { renderSvg } from "../../plots/mod.ts";
import { csvTable, reportMarkdown } from "../../reports/mod.ts";
import { methodReport, type MethodReportOptions } from "./method_report.ts";
import { distinctRuns, readMethodRuns } from "./method_runs.ts";

/**
 * Writes the report of a folder's runs into it: `report.md`, its figures, and `methods.csv` with one row
 * per method and density. The same runs give the same bytes.
 *
 * @returns The number of runs, without repetitions on other machines.
 * @throws {RangeError} If the folder has no runs. The other errors are those of {@linkcode methodReport}.
 */
export async function writeMethodReport(
  folder: string,
  options: MethodReportOptions = {},
): Promise<number> {
  const runs = readMethodRuns(folder);
  if (runs.length === 0) {
    throw new RangeError(
      `Cannot report on "${folder}": found no runs in it, need runs.jsonl, or a folder of finished runs ` +
        "to add",
    );
  }
  const report = methodReport(runs, options);
  const path = (name: string) => node.path.join(folder, name);
  for (const part of report.parts) {
    if (part.kind !== "figure") continue;
    writeFileAtomically(path(`${part.name}.svg`), await renderSvg(part.spec));
  }
  const columns = [...new Set(report.rows.flatMap(Object.keys))];
  writeFileAtomically(path("methods.csv"), csvTable(columns, report.rows));
  writeFileAtomically(methodReportPath(folder), reportMarkdown(report));
  return distinctRuns(runs).length;
}

/** The path of the report in a folder. */
export function methodReportPath(folder: string): string {
  return node.path.join(folder, "report.md");
}
