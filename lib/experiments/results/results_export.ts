import { csvTable } from "../../reports/mod.ts";
import type { PairedDifferences, ResultComparison } from "./results_comparison.ts";
import { type ResultValue, resultValue, settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import type { ResultSpread, ResultsTable } from "./results_table.ts";

/** Rows with the same keys in the same order. */
export type PlainRows = readonly Readonly<Record<string, ResultValue>>[];

/** A table of groups as plain rows: `accuracy`, `accuracy_sd`, `accuracy_low`, `accuracy_high`. */
export function tableRows({ columns, rows }: ResultsTable): PlainRows {
  return rows.map(({ key, runs, values }) => ({
    ...key,
    runs,
    ...Object.assign({}, ...columns.map((column) => spreadColumns(column, values[column]))),
  }));
}

/** One plain row for every run: its name, keys and values. */
export function runRows(
  results: readonly Result[],
  keys: readonly string[],
  columns: readonly string[],
): PlainRows {
  const settings = [...new Set(["hash", ...keys, "seed"])];
  return results.map((result) => ({
    ...Object.fromEntries(settings.map((name) => [name, settingValue(result, name)])),
    ...Object.fromEntries(columns.map((name) => [name, resultValue(result, name)])),
  }));
}

/** A comparison as plain rows. The row over all groups comes last and has no keys. */
export function comparisonRows({ groups, overall }: ResultComparison): PlainRows {
  const keys = Object.keys(groups[0].key);
  const all: PairedDifferences[] = overall === null ? [...groups] : [...groups, overall];
  return all.map(({ key, first, second, difference, greater, smaller, pValue }) => ({
    ...Object.fromEntries(keys.map((name) => [name, key[name] ?? null])),
    pairs: difference.count,
    first,
    second,
    ...spreadColumns("difference", difference),
    greater,
    smaller,
    pValue,
  }));
}

/** Rows as CSV, RFC 4180 with line feeds. An empty cell stands for no value. */
export function csvText(rows: PlainRows): string {
  return csvTable(Object.keys(rows[0] ?? {}), rows);
}

const PARQUET_TYPES: Readonly<Record<string, "DOUBLE" | "BOOLEAN" | "STRING">> = {
  number: "DOUBLE",
  boolean: "BOOLEAN",
  string: "STRING",
};

/** Rows as a Parquet file. Numbers are doubles. */
export async function parquetBytes(rows: PlainRows): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("./hyparquet_writer.ts");
  const columnData = Object.keys(rows[0] ?? {}).map((name) => {
    const values = rows.map((row) => row[name]);
    const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
    const mixed = kinds.size > 1;
    const data = mixed ? values.map((value) => value === null ? null : `${value}`) : values;
    const [kind = "number"] = mixed ? ["string" as const] : kinds;
    return { name, data, type: PARQUET_TYPES[kind], nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function spreadColumns(name: string, value: ResultSpread | null): Record<string, ResultValue> {
  return {
    [name]: value?.mean ?? null,
    [`${name}_sd`]: value?.sd ?? null,
    [`${name}_low`]: value?.interval?.[0] ?? null,
    [`${name}_high`]: value?.interval?.[1] ?? null,
  };
}
