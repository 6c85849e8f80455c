import { node } from "../../node.ts";
import { renderSvg } from "../../plots/mod.ts";
import { type MarkdownReport, renderReport, reportMarkdown } from "../../reports/mod.ts";
import { csvText } from "../results/mod.ts";
import {
  readComparison,
  type StoredComparison,
  writeDescription,
  writeReportFiles,
} from "./comparison_folder.ts";
import { htmlReportOf } from "./comparison_html.ts";
import { comparisonReport, comparisonScoreRows } from "./comparison_report.ts";

/** The figures that a report may have. */
const FIGURES = ["critical-difference", "score-seconds"];

/**
 * Writes the report of a folder's scores into it: `report.md`, `report.html`, `accuracy.csv`, and the figures
 * of those reports as SVG. The same scores give the same bytes.
 *
 * @param title Replaces the title in the folder.
 * @returns The scores of the folder with their description.
 * @throws {RangeError} If the folder has no scores.
 */
export async function writeComparisonReport(
  folder: string,
  title?: string,
): Promise<StoredComparison> {
  const { scores, description: stored } = readComparison(folder);
  if (scores.length === 0) {
    throw new RangeError(`Cannot report "${folder}": found no scores in it, need comparison.jsonl`);
  }
  const description = title === undefined ? stored : { ...stored, title };
  const report = comparisonReport(scores, description);
  const svgs = await figuresOf(report);
  const html = await renderReport(htmlReportOf(report));
  if (title !== undefined) writeDescription(folder, description);
  writeReportFiles(folder, {
    "report.md": reportMarkdown(report),
    "report.html": html,
    "accuracy.csv": csvText(comparisonScoreRows(scores)),
    ...svgs,
  });
  return { scores, description };
}

/** The figures by their files; `null` for a figure that this report does not have. */
async function figuresOf({ parts }: MarkdownReport): Promise<Record<string, string | null>> {
  const svgs: Record<string, string | null> = {};
  for (const name of FIGURES) {
    const figure = parts.find((part) => part.kind === "figure" && part.name === name);
    svgs[`${name}.svg`] = figure?.kind === "figure" ? await renderSvg(figure.spec) : null;
  }
  return svgs;
}

/** The path of the report in a folder. */
export function comparisonReportPath(folder: string): string {
  return node.path.join(folder, "report.md");
}
