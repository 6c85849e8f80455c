import type { MarkdownReport, Report, ReportBlock, ReportSection } from "../../reports/mod.ts";

/** Marks the best value in a table. Markdown uses bold letters instead. */
const BEST = "★";

/**
 * A report of a comparison, for `renderReport`. Every table begins a section, with the parts that follow
 * it.
 */
export function htmlReportOf({ title, parts }: MarkdownReport): Report {
  const lead: string[] = [];
  const sections: { title: string; blocks: ReportBlock[] }[] = [];
  for (const part of parts) {
    if (part.kind === "table") {
      const rows = part.rows.map((cells) => cells.map(marked));
      const blocks: ReportBlock[] = [{ kind: "table", table: { columns: part.columns, rows } }];
      sections.push({ title: part.title, blocks });
      if (rows.flat().some((cell) => cell.includes(BEST))) {
        blocks.push({ kind: "text", text: `${BEST} marks the best.` });
      }
      continue;
    }
    const blocks = sections.at(-1)?.blocks;
    if (part.kind === "figure") {
      blocks?.push({ kind: "figure", spec: part.spec, caption: part.caption });
    } else if (part.kind === "text") {
      const text = part.text.replaceAll("**", "");
      if (blocks === undefined) lead.push(text);
      else blocks.push({ kind: "text", text });
    }
  }
  return { title, lead: lead.join(" "), sections: sections satisfies ReportSection[] };
}

function marked(cell: string): string {
  return cell.replaceAll(/\*\*([^*]+)\*\*/g, `$1 ${BEST}`);
}
