/**
 * The report of an experiment as data: text, tables and figures in order. It is written as Markdown, as
 * CSV, and as lines on a terminal.
 */
import { csvLine } from "../csv_line.ts";
import { escaped } from "../messages.ts";
import type { FigureSpec } from "../plots/mod.ts";

/** A value in the data of a table. */
export type Value = string | number | null;

/** A table for people, and its data for programs. */
export interface ReportTable {
  /** Marks the part as a table. */
  readonly kind: "table";
  /** Its file name, without the ending. */
  readonly name: string;
  /** The heading above it. */
  readonly title: string;
  /** Column heads. */
  readonly columns: readonly string[];
  /** Printed cells. */
  readonly rows: readonly (readonly string[])[];
  /** The rows of the CSV file, in full precision. They may have more columns than the printed table. */
  readonly data: readonly Readonly<Record<string, Value>>[];
}

/** A figure. */
export interface ReportFigure {
  /** Marks the part as a figure. */
  readonly kind: "figure";
  /** Its file name, without the ending. */
  readonly name: string;
  /** The text under it. */
  readonly caption: string;
  /** A Vega-Lite specification. */
  readonly spec: FigureSpec;
}

/** A paragraph. */
export interface ReportText {
  /** Marks the part as a paragraph. */
  readonly kind: "text";
  /** Its text, in Markdown. */
  readonly text: string;
}

/** A tested statement of the paper. */
export interface Finding {
  /** The statement. */
  readonly claim: string;
  /**
   * An interval or test decides `holds` or `contradicted`. `open` is undecided; `untested` lacks runs.
   */
  readonly verdict: "holds" | "contradicted" | "open" | "untested";
  /** The numbers behind the verdict, as text. */
  readonly evidence: string;
  /** The same numbers, not rounded, by name. Left out: there was no test. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** A list of findings. */
export interface ReportFindings {
  /** Marks the part as findings. */
  readonly kind: "findings";
  /** The findings, one per statement. */
  readonly findings: readonly Finding[];
}

/** A part of a report. */
export type ReportPart = ReportText | ReportTable | ReportFigure | ReportFindings;

/** The report of an experiment. */
export interface MarkdownReport {
  /** The heading. */
  readonly title: string;
  /** Its parts, in order. */
  readonly parts: readonly ReportPart[];
}

/** The verdicts as a report prints them. */
const VERDICTS: Readonly<Record<Finding["verdict"], string>> = {
  holds: "holds",
  contradicted: "does not hold: the opposite is seen",
  open: "not shown",
  untested: "not tested",
};

/** A report as Markdown. Figures are linked as SVG files beside it. */
export function reportMarkdown({ title, parts }: MarkdownReport): string {
  return `${[`# ${inert(title)}`, ...parts.map(partMarkdown)].join("\n\n")}\n`;
}

function partMarkdown(part: ReportPart): string {
  switch (part.kind) {
    case "text":
      return part.text.split("\n").map(inert).join("\n");
    case "table":
      return `## ${inert(part.title)}\n\n${markdownTable(part.columns, part.rows)}`;
    case "figure":
      return `![${inert(part.caption)}](${part.name}.svg)\n\n${inert(part.caption)}`;
    case "findings":
      return part.findings.map((finding) => inert(findingLine(finding))).join("\n");
  }
}

/**
 * One line of Markdown without links, images and tags. Only names of data sets, columns and methods could
 * have them. Such names may come from another person's file.
 */
function inert(text: string): string {
  const code = (mark: string) => `&#${mark.charCodeAt(0)};`;
  return escaped(text)
    .replaceAll(/(?<=\])[[(]|(?<=^ {0,3})\[(?=.*\]:)|<(?=[a-z/!?])/gi, code)
    // GitHub turns bare addresses into links.
    .replaceAll(/(?<=https?|ftp):(?=\/\/)|(?<=www)\./gi, code);
}

/** A finding as a line of a list. */
export function findingLine({ claim, verdict, evidence }: Finding): string {
  return `- ${claim}: **${VERDICTS[verdict]}**. ${evidence}.`;
}

/** A table in Markdown whose cells may hold Markdown too. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => inert(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A table's data as CSV. */
export function tableCsv({ data }: ReportTable): string {
  const columns = [...new Set(data.flatMap(Object.keys))];
  return csvTable(columns, data);
}

/** Rows as CSV under a line of column names; an empty cell stands for no value. */
export function csvTable(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((cells) => `${csvLine(cells)}\n`).join("");
}
