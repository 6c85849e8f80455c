import { headerOnly, type RowsHandler, type TableRows, tableRows } from "./table_rows.ts";
import {
  datasetPasses,
  type ReadDatasetOptions,
  type ReadDatasetResult,
  requireReading,
} from "./table_passes.ts";
import { IGNORED } from "./column_plan.ts";
import { storeValues } from "./column_values.ts";
import { quoted, shown } from "../../messages.ts";

/** The part of an Apache Arrow table that is needed. */
export interface ArrowTable {
  /** Its columns' names and types. */
  readonly schema: {
    readonly fields: readonly { readonly name: string; readonly type: unknown }[];
  };
  /** A column's values. A missing value is `null`. */
  getChild(name: string): Iterable<unknown> | null;
}

/** The part of a Polars frame (`nodejs-polars`) that is needed. */
export interface PolarsFrame {
  /** Its columns' names. */
  readonly columns: readonly string[];
  /** A column. */
  getColumn(name: string): { toArray(): ArrayLike<unknown> };
}

/** The part of an Arquero table that is needed. */
export interface ArqueroTable {
  /** Its columns' names. */
  columnNames(): readonly string[];
  /** A column's values, in the order of the rows. */
  array(name: string): ArrayLike<unknown>;
}

/**
 * A table in memory: an array with one object per row; an object of columns; or a table of Arrow, Polars or
 * Arquero.
 */
export type Table =
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, ArrayLike<unknown>>>
  | ArrowTable
  | PolarsFrame
  | ArqueroTable;

/** A table's columns by name. */
interface Columns {
  readonly names: readonly string[];
  /** `true`: every column holds values of one type, so a text is never a number. */
  readonly isTyped: boolean;
  values(name: string): ArrayLike<unknown>;
}

/** The parts of a table in memory that are wanted. */
export interface DatasetFromTableOptions extends Omit<ReadDatasetOptions, "onProgress"> {
  /** The rows' origin, for messages. Default: `"table"`. */
  readonly source?: string | undefined;
}

/**
 * Makes a data set from a table in memory, as `readDataset` does from a file. Texts become dates, amounts
 * or numbers if the whole column can be read so, and otherwise categories. `null`, `undefined` and NaN are
 * missing values.
 *
 * Columns may hold numbers, bigints, booleans, texts and `Date`s. In an array of objects a row may lack a
 * key; its value is then missing. No library is imported: a table is recognised by its properties.
 *
 * @throws {TypeError} If the value is not a table, or a wanted column is missing.
 * @throws {SyntaxError} If a value cannot be used in its column.
 * @throws {RangeError} If there are no rows, or one class only, or a number is not finite as a 32-bit float.
 *
 * @example Rows as objects
 * ```ts
 * import { datasetFromTable } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const rows = [
 *   { height: 12, kind: "oak", planted: new Date("2020-01-01"), healthy: "yes" },
 *   { height: null, kind: "elm", planted: new Date("2021-06-30"), healthy: "no" },
 * ];
 * const { dataset } = datasetFromTable(rows, { target: "healthy" });
 * assert.deepEqual(dataset.featureNames, ["height", "kind", "planted"]);
 * assert.deepEqual(dataset.categories, [null, ["elm", "oak"], null]);
 * assert.deepEqual(dataset.classes, ["no", "yes"]);
 * ```
 */
export function datasetFromTable(
  table: Table,
  given: DatasetFromTableOptions,
): ReadDatasetResult {
  requireReading(given, "dataset", ["source"]);
  const { source = "table", ...options } = given;
  const columns = columnsOf(table);
  const passes = datasetPasses(source, options);
  let step = passes.next();
  while (!step.done) step = passes.next(rowsOf(columns, source, step.value));
  return step.value;
}

/** The columns of a table of any kind. */
function columnsOf(table: Table): Columns {
  const given = table as unknown;
  if (Array.isArray(given)) return columnsOfObjects(given);
  if (typeof given !== "object" || given === null) throw noTable(given);
  // Frames of Polars are proxies: `in` does not find their functions.
  const has = (name: string) => typeof (given as Record<string, unknown>)[name] === "function";
  if (has("getChild")) return columnsOfArrow(table as ArrowTable);
  if (has("getColumn")) {
    const frame = table as PolarsFrame;
    const values = (name: string) => frame.getColumn(name).toArray();
    return { names: frame.columns, isTyped: true, values };
  }
  if (has("columnNames") && has("array")) {
    const frame = table as ArqueroTable;
    return { names: frame.columnNames(), isTyped: false, values: (name) => frame.array(name) };
  }
  const named = table as Readonly<Record<string, ArrayLike<unknown>>>;
  const names = Object.keys(named);
  const isColumn = (values: unknown) => Array.isArray(values) || ArrayBuffer.isView(values);
  if (names.length === 0 || !names.every((name) => isColumn(named[name]))) throw noTable(given);
  return { names, isTyped: false, values: (name) => named[name] };
}

function columnsOfObjects(rows: readonly unknown[]): Columns {
  const names = new Set<string>();
  for (const row of rows) {
    const isRow = typeof row === "object" && row !== null && !Array.isArray(row);
    if (!isRow) throw noTable(row, " as a row");
    for (const name of Object.keys(row)) names.add(name);
  }
  if (names.size === 0) throw noTable(rows);
  const objects = rows as readonly Readonly<Record<string, unknown>>[];
  return {
    names: [...names],
    isTyped: false,
    values: (name) => objects.map((row) => Object.hasOwn(row, name) ? row[name] : null),
  };
}

/** The numbers of Arrow's types for days and for moments. Their values are milliseconds since 1970. */
const MOMENTS: readonly unknown[] = [8, 10];

/** The Swedish locale writes moments as in ISO 8601, except for a comma. */
const MOMENT = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "UTC",
  ...{ year: "numeric", month: "2-digit", day: "2-digit" },
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
});

function columnsOfArrow(table: ArrowTable): Columns {
  const { fields } = table.schema;
  const types = new Map(fields.map(({ name, type }) => [name, type as { typeId?: unknown }]));
  return {
    names: fields.map(({ name }) => name),
    isTyped: true,
    values(name) {
      const isMoment = MOMENTS.includes(types.get(name)?.typeId);
      return Array.from(
        table.getChild(name) ?? [],
        (value) =>
          isMoment && typeof value === "number" ? MOMENT.format(value).replace(",", ".") : value,
      );
    },
  };
}

/** The rows of a table in memory. */
function rowsOf(columns: Columns, source: string, handler: RowsHandler): TableRows {
  const where = `Cannot read ${quoted(source)}`;
  const { names, isTyped } = columns;
  const plan = handler.plan(names, where);
  if (plan === null) return headerOnly(names);
  const used = [...names.keys()].filter((place) => plan.roles[place] !== IGNORED);
  const values = new Map(used.map((place) => [place, columns.values(names[place])]));
  const rows = values.get(used[0])?.length ?? 0;
  for (const [place, { length }] of values) {
    if (length === rows) continue;
    throw new TypeError(
      `${where}: found ${length} values in column ${quoted(names[place])}, need ${rows}, as in ` +
        `column ${quoted(names[used[0]])}`,
    );
  }
  const features = new Float32Array(rows * plan.featureNames.length);
  const targets = new Float64Array(rows);
  const taken = { plan, handler, where, features, targets, isTyped };
  const isTarget = (place: number) => plan.roles[place] < 0;
  for (const [place, column] of values) if (isTarget(place)) storeValues(column, 0, place, taken);
  // Rows without a target are left out, and later rows move up.
  const keptBefore = new Int32Array(rows + 1);
  targets.forEach((target, row) => {
    keptBefore[row + 1] = keptBefore[row] + (Number.isNaN(target) ? 0 : 1);
  });
  for (const [place, column] of values) {
    if (!isTarget(place)) storeValues(column, 0, place, { ...taken, keptBefore });
  }
  return tableRows(plan, features, targets);
}

function noTable(found: unknown, as = ""): TypeError {
  return new TypeError(
    `Cannot make a data set: found ${shown(found)}${as}, need an array of objects, an object of ` +
      `columns, or a table of Arrow, Polars or Arquero`,
  );
}
