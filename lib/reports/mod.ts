/**
 * Documents made of text, tables and figures: HTML for people, Markdown for repositories, displays for notebooks.
 *
 * @module
 */
export {
  deviationOrNull,
  meanOrNull,
  meanText,
  multiple,
  NOT_RUN,
  pText,
  publishedText,
  signed,
} from "./cell_text.ts";
export { display, type Displayable, displayTable, JUPYTER_DISPLAY } from "./display.ts";
export { renderReport, type Report, type ReportBlock, type ReportSection } from "./html_report.ts";
export {
  type Finding,
  findingLine,
  type MarkdownReport,
  type ReportFigure,
  type ReportFindings,
  reportMarkdown,
  type ReportPart,
  type ReportTable,
  type ReportText,
  tableCsv,
  type Value,
} from "./markdown.ts";
export { type Table, tableHtml, tableMarkdown, tableText } from "./table.ts";
