import type { ColumnSummary, UnusualValues } from "../../lib/data/preprocessing/mod.ts";
import { plural, printable, quoted } from "../../lib/messages.ts";
import { wrapped } from "./help.ts";
import { plainTable } from "./result_table.ts";

/** The largest number of columns that are named one by one. */
const MOST_NAMED = 20;

/** At least this many similar neighbouring columns become one row of a table. */
const FEWEST_ALIKE = 4;

/** The largest number of letters of a column's name in a table. */
const MOST_LETTERS = 30;

/** The number of letters of a name that stay if the table would be wider than a screen. */
const FEWEST_LETTERS = 12;

/** The number of letters of a line. */
const SCREEN = 80;

/**
 * The understanding of a table's columns, in short: one line per kind with its columns, and sentences on
 * columns that contribute nothing or may not be meant as features.
 */
export function columnLines(columns: readonly ColumnSummary[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const { column, kind, inputs, missing } of columns) {
    const [count] = /^\d+(?= categor)/.exec(kind) ?? [];
    const name = inputs === 0 ? "left out" : count === undefined ? kind : "categories";
    const notes = [
      ...count === undefined || inputs === 0 ? [] : [count],
      ...missing === 0 ? [] : [`${missing} missing`],
    ];
    const named = printable(column) + (notes.length === 0 ? "" : ` (${notes.join(", ")})`);
    kinds.set(name, [...kinds.get(name) ?? [], named]);
  }
  const inputs = columns.reduce((sum, column) => sum + column.inputs, 0);
  const lines = Array.from(kinds, ([kind, names]) => {
    const more = names.length > MOST_NAMED ? `, … (${names.length} in all)` : "";
    const [first, ...rest] = wrapped(
      `${kind}: ${names.slice(0, MOST_NAMED).join(", ")}${more}`,
      76,
    );
    return [`  ${first}`, ...rest.map((line) => `    ${line}`)].join("\n");
  });
  const isFilled = columns.some(({ kind, missing, inputs }) =>
    missing > 0 && inputs > 0 && !/categor/.test(kind)
  );
  return [
    `Columns: ${columns.length}, as ${plural(inputs, "input")}`,
    ...lines,
    ...isFilled
      ? ["  missing numbers become the median of the training rows; an input tells where"]
      : [],
    ...oddLines(columns),
  ];
}

/** Sentences on columns that contribute nothing or may not be meant as features. */
export function oddLines(columns: readonly ColumnSummary[]): string[] {
  const odd = columns.filter(({ remark }) => remark !== "");
  const lines = odd.slice(0, MOST_NAMED).map(({ column, inputs, remark }) =>
    `Column ${quoted(column)}${inputs === 0 ? " is left out" : ""}: ${remark}`
  );
  const more = odd.length - lines.length;
  if (more > 0) lines.push(`${more} more columns of such kinds: deno task inspect lists them`);
  return lines;
}

/** Remarks on a table, without those on the reading of a column, which its summary contains. */
export function otherRemarks(
  remarks: readonly string[],
  columns: readonly ColumnSummary[],
): string[] {
  const told = new Set(
    columns.map(({ column, kind }) => `Column ${quoted(column)} is read as ${kind}`),
  );
  return remarks.filter((remark) => !told.has(remark));
}

/** The understanding of a table's columns: one row per column, or per group of similar columns. */
export function columnTable(columns: readonly ColumnSummary[]): string {
  const key = ({ kind, inputs, missing }: ColumnSummary) => `${kind} ${inputs} ${missing}`;
  const runs: ColumnSummary[][] = [];
  for (const column of columns) {
    const last = runs.at(-1);
    if (last !== undefined && key(last[0]) === key(column)) last.push(column);
    else runs.push([column]);
  }
  const table = (shorten: boolean, most: number): string => {
    const shown = ({ column }: ColumnSummary, share = 1) => {
      const letters = [...printable(column)];
      const room = Math.floor(share * most);
      return letters.length > room ? `${letters.slice(0, room - 1).join("")}…` : letters.join("");
    };
    const row = ({ kind, inputs, missing }: ColumnSummary, name: string) => {
      const read = shorten ? kind.split(", ")[0] : kind;
      return [name, inputs === 0 ? `left out (${read})` : read, inputs, missing];
    };
    const rows = runs.flatMap((run) =>
      run.length < FEWEST_ALIKE
        ? run.map((column) => row(column, shown(column)))
        : [row(run[0], `${shown(run[0], 1 / 3)} … ${shown(run.at(-1)!, 1 / 3)} (${run.length})`)]
    );
    return plainTable(["column", "read as", "inputs", "missing"], rows);
  };
  const excess = (text: string) => [...text.split("\n")[0]].length - SCREEN;
  const whole = table(false, MOST_LETTERS);
  if (excess(whole) <= 0) return whole;
  // Remarks and errors contain the rest of a long kind.
  const short = table(true, MOST_LETTERS);
  return table(true, Math.max(FEWEST_LETTERS, MOST_LETTERS - Math.max(0, excess(short))));
}

/** Lines about missing values and unknown categories in rows to predict. */
export function unusualLines(unusual: readonly UnusualValues[]): string[] {
  const missing = countsOf(unusual, "missing");
  const unseen = countsOf(unusual, "unseen");
  return [
    ...missing === null ? [] : [`Missing values: ${missing}`],
    ...unseen === null ? [] : [`Categories that no training row had: ${unseen}`],
  ];
}

function countsOf(unusual: readonly UnusualValues[], kind: "missing" | "unseen"): string | null {
  const columns = unusual.filter((counts) => counts[kind] > 0);
  if (columns.length === 0) return null;
  const total = columns.reduce((sum, counts) => sum + counts[kind], 0);
  const shown = columns.slice(0, 20).map((counts) => `${printable(counts.column)} ${counts[kind]}`);
  const more = columns.length > 20 ? `, and ${columns.length - 20} more columns` : "";
  return `${total} (${shown.join(", ")}${more})`;
}
