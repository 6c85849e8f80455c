/** Stores columns of JavaScript values, from Parquet files and from tables in memory. */
import { finiteFloat } from "./cell_number.ts";
import { type ColumnPlan, NUMBER_TARGET } from "./column_plan.ts";
import { CATEGORIES, NUMBERS } from "./feature_cells.ts";
import type { RowsHandler } from "./table_rows.ts";
import { quoted } from "../../messages.ts";

/** The rows that receive the values. */
export interface ValueRows {
  readonly plan: ColumnPlan;
  readonly handler: RowsHandler;
  /** The beginning of every message. */
  readonly where: string;
  /** Length rows × features. */
  readonly features: Float32Array;
  /** Length rows. */
  readonly targets: Float64Array;
  /** `true`: every column holds values of one type. `false`: a text may stand for a number, as in CSV. */
  readonly isTyped: boolean;
  /** For every row, the number of kept rows before it. Left out: all rows are kept. */
  readonly keptBefore?: Int32Array | undefined;
  /** The number of earlier rows, for messages. Left out: 0. */
  readonly before?: number | undefined;
}

/**
 * Stores values of a column, from a row on.
 *
 * @param place The column of the table.
 */
export function storeValues(
  values: ArrayLike<unknown>,
  first: number,
  place: number,
  { plan, handler, where, features, targets, isTyped, keptBefore, before = 0 }: ValueRows,
): void {
  const role = plan.roles[place];
  const width = plan.featureNames.length;
  const { kinds } = handler.cells;
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (role >= 0 && typeof value === "number" && Number.isFinite(Math.fround(value))) {
      if (kinds[role] === NUMBERS || (isTyped && kinds[role] !== CATEGORIES)) {
        features[(first + k) * width + role] = value;
        continue;
      }
    }
    const row = first + k;
    const at = () => `${where}, row ${before + row} (from 0), column ${quoted(plan.names[place])}`;
    if (role >= 0) {
      const kept = keptBefore?.[row] ?? before + row;
      features[row * width + role] = featureValue(value, role, kept, handler, isTyped, at);
    } else if (value === null || value === undefined || Number.isNaN(value)) {
      targets[row] = handler.missingTarget(shownValue(value), at);
    } else if (role === NUMBER_TARGET) {
      targets[row] = typeof value === "string"
        ? handler.number(value, at)
        : finiteFloat(number(value, at), at);
    } else targets[row] = handler.label(labelText(value, at), at);
  }
}

function featureValue(
  value: unknown,
  role: number,
  row: number,
  { cells }: RowsHandler,
  isTyped: boolean,
  at: () => string,
): number {
  if (value === null || value === undefined || Number.isNaN(value)) {
    if (cells.keepsMissing) return NaN;
    const need = cells.kinds[role] === CATEGORIES ? "a category" : "a number";
    throw new SyntaxError(`${at()}: found ${shownValue(value)}, need ${need}`);
  }
  const text = value instanceof Date ? isoText(value, at) : value;
  if (typeof text === "string") {
    if (isTyped && !cells.declareText(role)) throw noNumber(value, at);
    return cells.value(role, text, row, at);
  }
  const kind = cells.kinds[role];
  if (kind !== NUMBERS && typeof text === "boolean") {
    return cells.value(role, kind === CATEGORIES ? labelText(text, at) : `${text}`, row, at);
  }
  if (kind === CATEGORIES || (kind !== NUMBERS && !isTyped)) {
    return cells.value(role, labelText(text, at), row, at);
  }
  return finiteFloat(number(text, at), at);
}

/** Formats a date in ISO 8601. */
function isoText(date: Date, at: () => string): string {
  if (Number.isNaN(date.getTime())) throw new SyntaxError(`${at()}: found no valid date, need one`);
  return date.toISOString().replace("T00:00:00.000Z", "");
}

function number(value: unknown, at: () => string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  throw noNumber(value, at);
}

function noNumber(value: unknown, at: () => string): SyntaxError {
  return new SyntaxError(`${at()}: found ${shownValue(value)}, need a number`);
}

/**
 * Converts a value to the text of a class or a category.
 *
 * @throws {SyntaxError} If the value is missing or of another type.
 */
export function labelText(value: unknown, at: () => string): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "number" && !Number.isNaN(value)) return `${value}`;
  // NumPy and pandas write booleans so.
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Date) return isoText(value, at);
  throw new SyntaxError(`${at()}: found ${shownValue(value)}, need a class label`);
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "null, a missing value";
  if (typeof value === "string") return quoted(value);
  if (value instanceof Date) return "a date";
  return Number.isNaN(value) ? "NaN, a missing value" : "bytes or a record";
}
