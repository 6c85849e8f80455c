import { escaped } from "../messages.ts";

/** A table of text and numbers. */
export interface Table {
  /** The text above the table. Left out: none. */
  readonly caption?: string;
  /** The titles of the columns. */
  readonly columns: readonly string[];
  /** The cells, one list per row and as long as `columns`. `null`: an empty cell. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A column of a table: its head, and its cell in a row. */
export type Column<Row, Cell> = readonly [head: string, cell: (row: Row) => Cell];

/**
 * Makes a table from rows, column by column.
 *
 * @example Usage
 * ```ts
 * import { tableOf } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const table = tableOf([2, 3], [["number", (n) => n], ["square", (n) => n * n]]);
 * assert.deepEqual(table, { columns: ["number", "square"], rows: [[2, 4], [3, 9]] });
 * ```
 */
export function tableOf<Row, Cell>(
  rows: readonly Row[],
  columns: readonly Column<Row, Cell>[],
): { columns: string[]; rows: Cell[][] } {
  return {
    columns: columns.map(([head]) => head),
    rows: rows.map((row) => columns.map(([, cell]) => cell(row))),
  };
}

/**
 * Removes the columns in which every cell is empty. A table without rows stays as it is.
 *
 * @example Usage
 * ```ts
 * import { withoutEmptyColumns } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const table = { columns: ["member", "accuracy", "RMSE"], rows: [[1, null, 2.5], [2, null, 2]] };
 * const { columns, rows } = withoutEmptyColumns(table);
 * assert.deepEqual(columns, ["member", "RMSE"]);
 * assert.deepEqual(rows, [[1, 2.5], [2, 2]]);
 * ```
 */
export function withoutEmptyColumns(table: Table): Table {
  const { columns, rows } = table;
  const isKept = columns.map((_, c) => rows.length === 0 || rows.some((row) => row[c] !== null));
  const kept = <Cell>(cells: readonly Cell[]) => cells.filter((_, c) => isKept[c]);
  return { ...table, columns: kept(columns), rows: rows.map(kept) };
}

/** The text of an empty cell. */
const NOTHING = "–";

/**
 * A table in plain text, its columns aligned.
 *
 * @throws {TypeError} If a row has another length than `columns`.
 *
 * @example Usage
 * ```ts
 * import { tableText } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const table = { columns: ["method", "accuracy"], rows: [["FD-TSE", 74.5], ["SET", null]] };
 * assert.equal(tableText(table), "method  accuracy\n------  --------\nFD-TSE      74.5\nSET            –\n");
 * ```
 */
export function tableText(table: Table): string {
  const cells = cellsOf(table);
  const numeric = numericColumns(table);
  const lines = [table.columns, ...cells];
  const widths = table.columns.map((_, c) => Math.max(...lines.map((line) => width(line[c]))));
  const written = (line: readonly string[]) =>
    line.map((cell, c) => {
      const space = " ".repeat(widths[c] - width(cell));
      return numeric[c] ? space + cell : cell + space;
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const body = [written(table.columns), rule, ...cells.map(written)];
  return `${table.caption === undefined ? "" : `${table.caption}\n\n`}${body.join("\n")}\n`;
}

/**
 * A table in Markdown, as GitHub reads it.
 *
 * @throws {TypeError} If a row has another length than `columns`.
 *
 * @example Usage
 * ```ts
 * import { tableMarkdown } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const markdown = tableMarkdown({ columns: ["method", "accuracy"], rows: [["FD-TSE", 74.5]] });
 * assert.equal(markdown, "| method | accuracy |\n| --- | ---: |\n| FD-TSE | 74.5 |\n");
 * ```
 */
export function tableMarkdown(table: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const plain = (text: string) =>
    escaped(text.replaceAll(/[\\|<>*_`]|(?<=\])[[(]/g, "\\$&").replaceAll(/\r?\n/g, " "));
  return (table.caption === undefined ? "" : `${plain(table.caption)}\n\n`) +
    line(table.columns.map(plain)) +
    line(numericColumns(table).map((numeric) => numeric ? "---:" : "---")) +
    cellsOf(table).map((cells) => line(cells.map(plain))).join("");
}

/**
 * A table as an HTML element. Cells of numbers have the class `number`.
 *
 * @param options With `cards`, the table has the class `cards`, and every cell its column's title as
 * `data-label`: a style sheet can show a row as a card.
 * @throws {TypeError} If a row has another length than `columns`.
 *
 * @example Usage
 * ```ts
 * import { tableHtml } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const html = tableHtml({ columns: ["a < b"], rows: [[1]] });
 * assert.match(html, /<th scope="col" class="number">a &lt; b<\/th>/);
 * ```
 */
export function tableHtml(table: Table, { cards = false }: { cards?: boolean } = {}): string {
  const numeric = numericColumns(table);
  const label = (c: number) => cards ? ` data-label="${escapeHtml(table.columns[c])}"` : "";
  const style = (c: number) => numeric[c] ? ' class="number"' : "";
  const head = table.columns.map((title, c) =>
    `<th scope="col"${style(c)}>${escapeHtml(title)}</th>`
  );
  const body = cellsOf(table).map((cells) =>
    `<tr>${
      cells.map((cell, c) => `<td${style(c)}${label(c)}>${escapeHtml(cell)}</td>`).join("")
    }</tr>`
  );
  const caption = table.caption === undefined
    ? ""
    : `<caption>${escapeHtml(table.caption)}</caption>`;
  return `<table${cards ? ' class="cards"' : ""}>${caption}<thead><tr>${
    head.join("")
  }</tr></thead><tbody>${body.join("\n")}` +
    `</tbody></table>`;
}

/**
 * Escapes text for an element or an attribute of HTML. Control characters and marks that change the
 * direction of writing are escaped as in JSON, because names come from files.
 */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[^\n\t]+/g, escaped)
    .replaceAll(/[&<>"']/g, (character) => entities[character]);
}

function cellsOf({ columns, rows }: Table): string[][] {
  return rows.map((row, r) => {
    if (row.length !== columns.length) {
      throw new TypeError(
        `Cannot write the table: row ${r} has ${row.length} cells, need ${columns.length} as there ` +
          `are columns`,
      );
    }
    return row.map((cell) => cell === null ? NOTHING : `${cell}`);
  });
}

/** For every column, `true` if every cell that is not empty begins like a number. */
function numericColumns({ columns, rows }: Table): boolean[] {
  return columns.map((_, c) => {
    const filled = rows.map((row) => row[c]).filter((cell) => cell !== null && cell !== undefined);
    return filled.length > 0 && filled.every((cell) => /^[-−+]?[\d.,]+(\D|$)/.test(`${cell}`));
  });
}

/** The number of characters, not of UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
