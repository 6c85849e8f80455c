import { stripVTControlCharacters } from "node:util";
import CliTable from "../cli_table.ts";

/** A row of cells, as text. */
type Cells = readonly string[];

/**
 * A table with plain borders that fits into a width. Where it is wider, its columns stand in several
 * parts below each other, each with the first column.
 *
 * @param width The columns of the terminal, or `Infinity`.
 */
export function fittedTable(head: Cells, rows: readonly Cells[], width: number): string {
  const widths = head.map((_, c) =>
    Math.max(...[[...head], ...rows].map((row) => widthIn(row, c)))
  );
  const parts = partsOf(widths, width);
  return parts.map((columns) => {
    const pick = (row: Cells) => columns.map((column) => row[column] ?? "");
    return bordered(pick(head), rows.map(pick));
  }).join("\n");
}

function widthIn(row: Cells, column: number): number {
  return stripVTControlCharacters(row[column] ?? "").length;
}

/** The columns of every part. The first column stands in all of them. */
function partsOf(widths: readonly number[], width: number): number[][] {
  // A border, a blank on either side of a cell, and a border at the end.
  const own = (column: number) => widths[column] + 3;
  const parts: number[][] = [];
  let room = 0;
  for (let column = 1; column < widths.length; column++) {
    if (parts.length === 0 || own(column) > room) {
      parts.push([0]);
      room = width - 1 - own(0);
    }
    parts[parts.length - 1].push(column);
    room -= own(column);
  }
  return parts.length === 0 ? [[0]] : parts;
}

/** A table of which only the head is separated from what follows. */
function bordered(head: Cells, rows: readonly Cells[]): string {
  const table = new CliTable({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split("\n");
  return lines.filter((line, l) => l <= 2 || !line.startsWith("├")).join("\n");
}
