/**
 * What an experiment reports: text, tables and figures in order, as data. The same report becomes
 * Markdown, CSV and lines on a terminal.
 *
 * @module
 */
import type { FigureSpec } from "../plots/mod.ts";

/** A value of a table as a program reads it. */
export type Value = string | number | null;

/** A table for people, with the same as data. */
export interface ReportTable {
  /** Tells a table from the other parts. */
  readonly kind: "table";
  /** Its file name, without the end. */
  readonly name: string;
  /** What stands above it. */
  readonly title: string;
  /** Column heads. */
  readonly columns: readonly string[];
  /** Cells as they are printed. */
  readonly rows: readonly (readonly string[])[];
  /** The same and more as data, in full precision: a record for every row of the CSV file. */
  readonly data: readonly Readonly<Record<string, Value>>[];
}

/** A figure. */
export interface ReportFigure {
  /** Tells a figure from the other parts. */
  readonly kind: "figure";
  /** Its file name, without the end. */
  readonly name: string;
  /** What stands under it. */
  readonly caption: string;
  /** A Vega-Lite specification. */
  readonly spec: FigureSpec;
}

/** A paragraph. */
export interface ReportText {
  /** Tells a paragraph from the other parts. */
  readonly kind: "text";
  /** Its text, in Markdown. */
  readonly text: string;
}

/** A statement of the paper, and what becomes of it here. */
export interface Finding {
  /** What the paper says. */
  readonly claim: string;
  /**
   * `holds` and `contradicted` where an interval or test says so, `open` where it does not decide,
   * `untested` where the runs for it are missing.
   */
  readonly verdict: "holds" | "contradicted" | "open" | "untested";
  /** The numbers behind it. */
  readonly evidence: string;
}

/** A list of findings. */
export interface ReportFindings {
  /** Tells findings from the other parts. */
  readonly kind: "findings";
  /** One statement each. */
  readonly findings: readonly Finding[];
}

/** A part of a report. */
export type ReportPart = ReportText | ReportTable | ReportFigure | ReportFindings;

/** What an experiment reports. */
export interface MarkdownReport {
  /** The heading. */
  readonly title: string;
  /** Its parts, in order. */
  readonly parts: readonly ReportPart[];
}

/** What the verdicts are called in a report. */
export const VERDICTS: Readonly<Record<Finding["verdict"], string>> = {
  holds: "holds",
  contradicted: "does not hold: the opposite is seen",
  open: "not shown",
  untested: "not tested",
};

/** A report as Markdown. Figures are linked as SVG files beside it. */
export function reportMarkdown({ title, parts }: MarkdownReport): string {
  return `${[`# ${title}`, ...parts.map(partMarkdown)].join("\n\n")}\n`;
}

function partMarkdown(part: ReportPart): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "table":
      return `## ${part.title}\n\n${markdownTable(part.columns, part.rows)}`;
    case "figure":
      return `![${part.caption}](${part.name}.svg)\n\n${part.caption}`;
    case "findings":
      return part.findings.map(findingLine).join("\n");
  }
}

/** A finding as a line of a list. */
export function findingLine({ claim, verdict, evidence }: Finding): string {
  return `- ${claim}: **${VERDICTS[verdict]}**. ${evidence}.`;
}

function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A table's data as CSV: an empty cell where there is no value. */
export function tableCsv({ data }: ReportTable): string {
  const columns = [...new Set(data.flatMap(Object.keys))];
  const cell = (value: Value | undefined) => {
    const text = value === null || value === undefined ? "" : `${value}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...data.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => `${line.map(cell).join(",")}\n`).join("");
}
