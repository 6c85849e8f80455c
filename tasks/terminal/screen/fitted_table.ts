import { stripVTControlCharacters } from "node:util";
import CliTable from "../cli_table.ts";

/** A row of cells, as text. */
type Cells = readonly string[];

/**
 * A table with plain borders that fits into a width. A wider table is divided into several parts below each
 * other, each with the first columns.
 *
 * @param width The columns of the terminal, or `Infinity`.
 * @param keys The number of columns that every part has.
 */
export function fittedTable(
  head: Cells,
  rows: readonly Cells[],
  width: number,
  keys: number,
): string {
  const widths = head.map((_, c) =>
    Math.max(...[[...head], ...rows].map((row) => widthIn(row, c)))
  );
  const parts = partsOf(widths, width, keys);
  return parts.map((columns) => {
    const pick = (row: Cells) => columns.map((column) => row[column] ?? "");
    return bordered(pick(head), rows.map(pick));
  }).join("\n");
}

function widthIn(row: Cells, column: number): number {
  return stripVTControlCharacters(row[column] ?? "").length;
}

/** The columns of every part. All parts have the key columns, unless these take more than half the room. */
function partsOf(widths: readonly number[], width: number, keys: number): number[][] {
  // A border, a blank on either side of a cell, and a border at the end.
  const own = (column: number) => widths[column] + 3;
  const all = Array.from({ length: keys }, (_, column) => column);
  const wide = all.reduce((sum, column) => sum + own(column), 0) > width / 2;
  const first = wide ? all.slice(0, 1) : all;
  const parts: number[][] = [];
  let room = 0;
  for (let column = first.length; column < widths.length; column++) {
    if (parts.length === 0 || own(column) > room) {
      parts.push([...first]);
      room = width - 1 - first.reduce((sum, column) => sum + own(column), 0);
    }
    parts[parts.length - 1].push(column);
    room -= own(column);
  }
  return parts.length === 0 ? [first] : parts;
}

/** A table with a line only below its head. */
function bordered(head: Cells, rows: readonly Cells[]): string {
  const table = new CliTable({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split("\n");
  return lines.filter((line, l) => l <= 2 || !line.startsWith("├")).join("\n");
}
