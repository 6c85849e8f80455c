/** Results as tables for people. The meaning of a number decides its format. */
import { basename, isAbsolute } from "node:path";
import type {
  PairedDifferences,
  PlainRows,
  ResultComparison,
  ResultSpread,
  ResultsTable,
} from "../../lib/experiments/results/mod.ts";

/** A table of text. */
export interface ShownTable {
  /** The columns' names. */
  readonly head: readonly string[];
  /** The rows. */
  readonly cells: readonly (readonly string[])[];
  /** The lines below it. */
  readonly notes: readonly string[];
}

/** Columns of shares, which are written in percent. */
const SHARES = /(^|\.)(accuracy|memberAccuracy|density|validationAccuracy)$/;

/** A table of groups: mean ± standard deviation [interval]. */
export function tableCells({ groupBy, columns, rows }: ResultsTable): ShownTable {
  const constant = groupBy.length === 0;
  const spreads = rows.flatMap(({ values }) => Object.values(values));
  const lacking = spreads.filter((value) => value !== null && value.interval === null);
  return {
    head: [...constant ? ["runs of"] : groupBy, "runs", ...columns.map(heading)],
    cells: withShortPaths(rows.map(({ key, runs, values }) => [
      ...constant ? ["all"] : groupBy.map((name) => `${key[name]}`),
      `${runs}`,
      ...columns.map((column) => spreadText(column, values[column])),
    ])),
    notes: [
      "mean ± standard deviation over runs [95 % interval of the mean over seeds]",
      ...lacking.some((value) => value!.count > 2)
        ? ["No interval where a row's runs differ by more than the seed"]
        : [],
      ...lacking.some((value) => value!.count === 2) ? ["No interval of two values"] : [],
    ],
  };
}

/** A table with one row per run. */
export function runCells(rows: PlainRows): ShownTable {
  const names = Object.keys(rows[0] ?? {});
  const cell = (name: string, value: PlainRows[number][string]) =>
    typeof value === "number" ? numberText(name, value) : `${value ?? "–"}`;
  return {
    head: names.map(heading),
    cells: withShortPaths(rows.map((row) => names.map((name) => cell(name, row[name])))),
    notes: [],
  };
}

/** Paired differences, group by group, and over all of them. */
export function comparisonCells(comparison: ResultComparison): ShownTable {
  const { by, first, second, column, groups, overall, unpaired } = comparison;
  const keys = Object.keys(groups[0].key);
  const cells = (row: PairedDifferences) => [
    ...keys.length === 0 ? [] : keys.map((name) => `${row.key[name] ?? "all"}`),
    `${row.difference.count}`,
    numberText(column, row.first),
    numberText(column, row.second),
    spreadText(column, row.difference, true),
    `${row.greater}/${row.difference.count - row.greater - row.smaller}/${row.smaller}`,
    row.pValue.toPrecision(3),
  ];
  const alone = Object.values(unpaired).some((count) => count > 0);
  return {
    head: [...keys, "pairs", first, second, "difference", "greater/equal/smaller", "p"],
    cells: withShortPaths([...groups, ...overall === null ? [] : [overall]].map(cells)),
    notes: [
      `${heading(column)}, ${by} ${first} less ${second}: mean ± standard deviation of the ` +
      `differences [95 % interval of their mean]; p of Wilcoxon's signed-rank test, two-tailed`,
      ...overall === null
        ? []
        : [`The last row has one pair for every ${overall.unit}: the mean of its pairs`],
      ...alone
        ? [`Without a partner: ${unpaired.first} of ${first}, ${unpaired.second} of ${second}`]
        : [],
    ],
  };
}

/** Shortens paths to their last names, in columns in which these are distinct. */
function withShortPaths(cells: readonly (readonly string[])[]): string[][] {
  const columns = cells[0]?.map((_, column) => {
    const paths = new Set(cells.map((row) => row[column]).filter((cell) => isAbsolute(cell)));
    const names = new Set([...paths].map((path) => basename(path)));
    return paths.size === names.size ? paths : new Set<string>();
  });
  return cells.map((row) =>
    row.map((cell, column) => columns![column].has(cell) ? basename(cell) : cell)
  );
}

function heading(name: string): string {
  return SHARES.test(name) ? `${name} (%)` : name;
}

function spreadText(name: string, value: ResultSpread | null, signed = false): string {
  if (value === null) return "–";
  const { mean, sd, interval } = value;
  const text = (number: number, sign = signed) =>
    `${sign && number > 0 ? "+" : ""}${numberText(name, number)}`;
  const deviation = sd === null ? "" : ` ± ${text(sd, false)}`;
  // A share is between 0 and 1, even if Student's interval of few seeds goes further.
  const possible = (end: number) =>
    SHARES.test(name) && !signed ? Math.min(1, Math.max(0, end)) : end;
  const range = interval === null
    ? ""
    : ` [${interval.map((end) => text(possible(end))).join(", ")}]`;
  return `${text(mean)}${deviation}${range}`;
}

function numberText(name: string, value: number): string {
  if (SHARES.test(name)) return (100 * value).toFixed(2);
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return `${value}`;
  return Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3 && value !== 0
    ? value.toExponential(3)
    : `${Number(value.toPrecision(4))}`;
}
