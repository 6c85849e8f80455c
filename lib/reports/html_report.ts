import { titleOf } from "./display.ts";
import {
  type FigureSpec,
  renameInSvg,
  renderNarrowSvg,
  renderSvg,
  svgWidth,
} from "../plots/mod.ts";
import { REPORT_STYLE } from "./report_style.ts";
import { escapeHtml, type Table, tableHtml } from "./table.ts";

/** A piece of a section. */
export type ReportBlock =
  /** A paragraph of plain text. */
  | { readonly kind: "text"; readonly text: string }
  /** A table. */
  | { readonly kind: "table"; readonly table: Table }
  /** A figure as a Vega-Lite specification, and the text below it. */
  | { readonly kind: "figure"; readonly spec: FigureSpec; readonly caption?: string | undefined }
  /** Lines of code, such as a command. */
  | { readonly kind: "code"; readonly text: string };

/** A section of a report. */
export interface ReportSection {
  /** Its heading, which the table of contents repeats. */
  readonly title: string;
  /** Its pieces, in order. */
  readonly blocks: readonly ReportBlock[];
}

/** A report. */
export interface Report {
  /** Its title. */
  readonly title: string;
  /** The text between the title and the table of contents. Left out: none. */
  readonly lead?: string;
  /** Its sections. */
  readonly sections: readonly ReportSection[];
}

/**
 * A report may load nothing, so that it opens offline and tells nobody that it was opened. Its own styles
 * are allowed.
 */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The width of a figure, in pixels, on a phone of 375 pixels. */
const NARROW = 340;

/** A table with more columns becomes a list of cards on a phone if it is too wide for it. */
const MOST_COLUMNS = 3;

/** Pixels of a letter in a cell, and of the space around a cell. */
const [LETTER, SPACE] = [7.5, 16];

/**
 * Writes a report as one self-contained HTML document: figures as SVG, styles inside, no script, and no
 * request to anywhere. It has a table of contents, can be printed, and adapts to dark and narrow screens.
 *
 * @throws {TypeError} If a table's row has another length than its columns.
 * @throws {SyntaxError} If a figure cannot be drawn.
 *
 * @example Usage
 * ```ts
 * import { renderReport } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const html = await renderReport({
 *   title: "Two methods",
 *   sections: [{
 *     title: "Accuracy",
 *     blocks: [{ kind: "table", table: { columns: ["method"], rows: [["FD-TSE"], ["SET"]] } }],
 *   }],
 * });
 * assert.match(html, /^<!doctype html>/);
 * assert.match(html, /<td>FD-TSE<\/td>/);
 * ```
 */
export async function renderReport({ title, lead, sections }: Report): Promise<string> {
  const parts: string[] = [];
  let figures = 0;
  for (const [s, section] of sections.entries()) {
    const blocks: string[] = [];
    for (const block of section.blocks) {
      blocks.push(await renderBlock(block, block.kind === "figure" ? ++figures : 0));
    }
    parts.push(
      `<section id="section-${s + 1}"><h2>${escapeHtml(section.title)}</h2>\n` +
        `${blocks.join("\n")}\n</section>`,
    );
  }
  const contents = sections.map(({ title }, s) =>
    `<li><a href="#section-${s + 1}">${escapeHtml(title)}</a></li>`
  );
  const navigation = sections.length < 2
    ? ""
    : `<nav aria-label="Contents"><p>Contents</p><ol>${contents.join("")}</ol></nav>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1>
${lead === undefined ? "" : `<p>${escapeHtml(lead)}</p>`}
</header>
${navigation}
<main>
${parts.join("\n")}
</main>
</body>
</html>
`;
}

async function renderBlock(block: ReportBlock, figure: number): Promise<string> {
  switch (block.kind) {
    case "text":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "code":
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case "table":
      return `<div class="scroll">${
        tableHtml(block.table, { cards: isTooWide(block.table) })
      }</div>`;
    case "figure": {
      const svg = await figureHtml(block.spec, `figure-${figure}`);
      const label = escapeHtml(titleOf(block.spec) ?? block.caption ?? `Figure ${figure}`);
      const caption = block.caption === undefined
        ? ""
        : `<figcaption>${escapeHtml(block.caption)}</figcaption>`;
      return `<figure role="group" aria-label="${label}">${svg}${caption}</figure>`;
    }
  }
}

/** Returns `true` if a table of many columns is wider than a phone, even if titles are broken into words. */
function isTooWide({ columns, rows }: Table): boolean {
  const widths = columns.map((title, c) => {
    const texts = [...title.split(" "), ...rows.map((row) => `${row[c] ?? ""}`)];
    return SPACE + LETTER * Math.max(...texts.map(({ length }) => length));
  });
  return columns.length > MOST_COLUMNS && widths.reduce((sum, width) => sum + width, 0) > NARROW;
}

/** A figure. If it does not fit a narrow screen, a narrow version follows. */
async function figureHtml(spec: FigureSpec, id: string): Promise<string> {
  // All figures share one document, so their names get prefixes.
  const named = (svg: string, prefix: string) => renameInSvg(svg, (name) => `${prefix}-${name}`);
  const wide = await renderSvg(spec);
  if (svgWidth(wide) <= NARROW) return named(wide, id);
  const narrow = await renderNarrowSvg(spec, NARROW);
  return `<div class="wide">${named(wide, id)}</div>` +
    `<div class="narrow">${named(narrow, `${id}-narrow`)}</div>`;
}
