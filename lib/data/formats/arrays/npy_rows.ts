import {
  CATEGORIES,
  type ColumnPlan,
  finiteFloat,
  headerOnly,
  IGNORED,
  NUMBER_TARGET,
  type RowsHandler,
  type TableRows,
  tableRows,
  TARGET,
} from "../../table/mod.ts";
import { MAX_COLUMNS } from "../csv_row.ts";
import { type NpySource, readNpyHeader, readNpyNumbers, readNpyTexts } from "./npy.ts";
import type { NpyHeader } from "./npy_header.ts";
import { MISSING_NUMBER, streamNpyRows } from "./npy_stream.ts";
import { quoted } from "../../../messages.ts";

/** The arrays of a table. */
export interface NpyArrays {
  /** The features: rows × columns. */
  readonly features: NpySource;
  /** The columns' names. `null`: the names are `x0`, `x1` and so on. */
  readonly names: readonly string[] | null;
  /** The labels and the name of their column, or `null` if there are no labels. */
  readonly labels: { readonly source: NpySource; readonly name: string } | null;
}

/**
 * Makes rows of an array of features and an array of labels.
 *
 * @throws {TypeError} If the arrays do not fit together, or the labels are wanted as a feature.
 */
export async function readNpyRows(
  { features, names, labels }: NpyArrays,
  handler: RowsHandler,
): Promise<TableRows> {
  const header = await readNpyHeader(features);
  const [rows, columns] = matrixShape(header, features.where);
  if (names !== null && names.length !== columns) {
    throw new TypeError(
      `${features.where}: found ${names.length} feature names, need one for each of ${columns} columns`,
    );
  }
  const own = names ?? Array.from({ length: columns }, (_, column) => `x${column}`);
  // If the target is a column of the matrix, the array of labels is not a column of the table.
  const isInMatrix = handler.target !== null && own.includes(handler.target);
  const all = labels === null || isInMatrix ? own : [...own, labels.name];
  const plan = handler.plan(all, features.where);
  if (plan === null) return headerOnly(all);
  if (plan.roles[columns] >= 0) {
    throw new TypeError(
      `${features.where}: found ${quoted(all[columns])} wanted as a feature, need it as the target`,
    );
  }
  const isPassing = handler.openBlocks !== undefined &&
    (!handler.mayBeWhole || await areRowByRow(header, labels, plan));
  if (isPassing) {
    return await streamNpyRows(features, header, labels, plan, handler);
  }
  const targets = new Float64Array(rows);
  const numbers = await readMatrix(features, header, plan, handler, targets);
  if (labels !== null && plan.roles[columns] === TARGET) {
    await readNpyLabels(labels.source, rows, (text, row, where) => {
      targets[row] = handler.label(text, where);
    });
  }
  if (labels !== null && plan.roles[columns] === NUMBER_TARGET) {
    await readNpyTargets(labels.source, targets, handler);
  }
  return tableRows(plan, numbers, targets);
}

/** Returns `true` if the numbers of a row are stored side by side, and each row has one label. */
async function areRowByRow(
  { shape: [rows, columns], fortranOrder }: NpyHeader,
  labels: NpyArrays["labels"],
  { roles }: ColumnPlan,
): Promise<boolean> {
  if (fortranOrder && rows > 1 && columns > 1) return false;
  if (labels === null || roles[columns] === IGNORED) return true;
  const { size, shape } = await readNpyHeader(labels.source);
  return size === rows && shape[0] === rows;
}

function matrixShape({ shape, kind }: NpyHeader, where: string): readonly number[] {
  if (kind === "U" || kind === "S") {
    throw new TypeError(`${where}: found text, need numbers in the features`);
  }
  if (shape.length !== 2) {
    const found = shape.length === 0
      ? "a single number"
      : `${shape.length} ${shape.length === 1 ? "axis" : "axes"} (${shape.join(" × ")})`;
    throw new TypeError(`${where}: found ${found}, need two: rows × columns`);
  }
  if (shape[1] > MAX_COLUMNS) {
    throw new RangeError(`${where}: found ${shape[1]} columns, need at most ${MAX_COLUMNS}`);
  }
  return shape;
}

/** Reads the features, and the targets if a column of the matrix holds them. */
async function readMatrix(
  source: NpySource,
  header: NpyHeader,
  { roles, names, featureNames }: ColumnPlan,
  { label, missingTarget, cells }: RowsHandler,
  targets: Float64Array,
): Promise<Float32Array> {
  const [rows, columns] = header.shape;
  const width = featureNames.length;
  const numbers = new Float32Array(rows * width);
  const { kinds, keepsMissing } = cells;
  let row = 0;
  let column = 0;
  const where = () => `${source.where}, row ${row} (from 0), column ${quoted(names[column])}`;
  await readNpyNumbers(source, header, (values, first) => {
    // Elements follow each other along rows; in Fortran's order they follow each other down columns.
    row = header.fortranOrder ? first % rows : Math.floor(first / columns);
    column = header.fortranOrder ? Math.floor(first / rows) : first % columns;
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      const role = roles[column];
      if (role >= 0) {
        const isMissing = Number.isNaN(value) && keepsMissing;
        numbers[row * width + role] = isMissing || kinds[role] === CATEGORIES
          ? cells.value(role, `${value}`, row, where)
          : finiteFloat(value, where);
      } else if (role === NUMBER_TARGET) {
        targets[row] = Number.isNaN(value)
          ? missingTarget(MISSING_NUMBER, where)
          : finiteFloat(value, where);
      } else if (role === TARGET) {
        targets[row] = label(`${value}`, where);
      }
      if (header.fortranOrder) {
        if (++row === rows) [row, column] = [0, column + 1];
      } else if (++column === columns) [row, column] = [row + 1, 0];
    }
  });
  return numbers;
}

/**
 * Reads the labels of an array. There is one label per row, in a list or a column, or one-hot: each row is
 * 0 except for a 1 in the place of its class.
 *
 * @param each Receives every label and its row. `where()` begins a message about the row.
 * @throws {TypeError} If the array does not have one label per row.
 */
export async function readNpyLabels(
  source: NpySource,
  rows: number,
  each: (text: string, row: number, where: () => string) => void,
): Promise<void> {
  const header = await readNpyHeader(source);
  const { shape, kind } = header;
  const columns = shape.length === 2 ? shape[1] : 1;
  if (shape.length === 0 || shape.length > 2 || (columns > 1 && (kind === "U" || kind === "S"))) {
    throw new TypeError(
      `${source.where}: found labels of shape (${shape.join(" × ")}), need one for every row`,
    );
  }
  if (shape[0] !== rows) {
    throw new TypeError(
      `${source.where}: found ${shape[0]} labels, need one for each of ${rows} rows`,
    );
  }
  const at = (row: number) => `${source.where}, row ${row} (from 0)`;
  if (columns === 1) {
    await readNpyTexts(source, header, (text, row) => {
      each(text, row, () => at(row));
    });
    return;
  }
  const places = new Int32Array(rows).fill(-1);
  await readNpyNumbers(source, header, (values, first) => {
    for (let k = 0; k < values.length; k++) {
      if (values[k] === 0) continue;
      const place = first + k;
      const row = header.fortranOrder ? place % rows : Math.floor(place / columns);
      if (values[k] !== 1 || places[row] >= 0) {
        throw noLabel(at(row), `${columns} numbers that are not all 0 but for one 1`);
      }
      places[row] = header.fortranOrder ? Math.floor(place / rows) : place % columns;
    }
  });
  for (let row = 0; row < rows; row++) {
    if (places[row] < 0) throw noLabel(at(row), `${columns} zeros`);
    each(`${places[row]}`, row, () => at(row));
  }
}

/** Reads an array that has one number per row. */
async function readNpyTargets(
  source: NpySource,
  targets: Float64Array,
  { missingTarget }: RowsHandler,
): Promise<void> {
  const header = await readNpyHeader(source);
  const { kind, shape, size } = header;
  if (kind === "U" || kind === "S") {
    throw new TypeError(`${source.where}: found text, need numbers to predict`);
  }
  const rows = targets.length;
  if (size !== rows || shape[0] !== rows) {
    throw new TypeError(
      `${source.where}: found ${shape.join(" × ")} numbers, need one for each of ${rows} rows`,
    );
  }
  await readNpyNumbers(source, header, (values, first) => {
    for (let k = 0; k < values.length; k++) {
      const row = first + k;
      const where = () => `${source.where}, row ${row} (from 0)`;
      targets[row] = Number.isNaN(values[k])
        ? missingTarget(MISSING_NUMBER, where)
        : finiteFloat(values[k], where);
    }
  });
}

function noLabel(where: string, found: string): SyntaxError {
  return new SyntaxError(`${where}: found ${found}, need a class label`);
}
