/**
 * Documents of text, tables and figures: HTML pages, Markdown files, and displays in notebooks.
 *
 * @module
 */
export * from "./cell_text.ts";
export { display, type Displayable, displayTable, JUPYTER_DISPLAY } from "./display.ts";
export * from "./html_report.ts";
export {
  csvTable,
  type Finding,
  findingLine,
  type MarkdownReport,
  markdownTable,
  type ReportFigure,
  type ReportFindings,
  reportMarkdown,
  type ReportPart,
  type ReportTable,
  type ReportText,
  tableCsv,
  type Value,
} from "./markdown.ts";
export {
  type Column,
  type Table,
  tableHtml,
  tableMarkdown,
  tableOf,
  tableText,
  withoutEmptyColumns,
} from "./table.ts";
