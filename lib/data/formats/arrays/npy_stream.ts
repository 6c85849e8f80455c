/**
 * Streams the rows of NumPy arrays. Features and labels are read at the same time, and neither is in memory
 * as a whole.
 *
 * @module
 */
import {
  CATEGORIES,
  type ColumnPlan,
  finiteFloat,
  NUMBER_TARGET,
  type RowsHandler,
  type TableRows,
  TARGET,
} from "../../table/mod.ts";
import { npyNumbers, type NpySource, npyTexts, readNpyHeader } from "./npy.ts";
import type { NpyHeader } from "./npy_header.ts";
import { quoted } from "../../../messages.ts";

/** A missing number, for messages. */
export const MISSING_NUMBER = "NaN, a missing value";

/**
 * Passes the rows of a matrix to a handler, each with its target.
 *
 * @throws {TypeError} If the matrix is stored column after column, or the labels are one-hot. Both would
 * need the whole array in memory.
 */
export async function streamNpyRows(
  source: NpySource,
  header: NpyHeader,
  labels: { readonly source: NpySource } | null,
  plan: ColumnPlan,
  handler: RowsHandler,
): Promise<TableRows> {
  const [rows, columns] = header.shape;
  if (header.fortranOrder && rows > 1 && columns > 1) {
    throw new TypeError(
      `${source.where}: found columns one after the other (Fortran's order), need rows to stream ` +
        `them: numpy.ascontiguousarray makes them`,
    );
  }
  const { label, missingTarget, cells } = handler;
  const { kinds, keepsMissing } = cells;
  const { roles, names } = plan;
  const blocks = handler.openBlocks!(plan);
  const beside = labels !== null && roles[columns] <= TARGET && roles[columns] >= NUMBER_TARGET
    ? await besideTargets(labels.source, rows, roles[columns], handler)
    : null;
  let [row, column, target] = [0, 0, 0];
  const where = () => `${source.where}, row ${row} (from 0), column ${quoted(names[column])}`;
  for await (const { values, first } of npyNumbers(source, header)) {
    await beside?.readTo(Math.ceil((first + values.length) / columns));
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      const role = roles[column];
      if (role >= 0) {
        const isMissing = Number.isNaN(value) && keepsMissing;
        blocks.block[blocks.offset + role] = isMissing || kinds[role] === CATEGORIES
          ? cells.value(role, `${value}`, row, where)
          : finiteFloat(value, where);
      } else if (role === NUMBER_TARGET) {
        target = Number.isNaN(value)
          ? missingTarget(MISSING_NUMBER, where)
          : finiteFloat(value, where);
      } else if (role === TARGET) target = label(`${value}`, where);
      if (++column < columns) continue;
      blocks.add(beside === null ? target : beside.of(row));
      [row, column] = [row + 1, 0];
    }
  }
  return blocks.join();
}

/** Targets in an array beside the features. They are read only as far as they are needed. */
interface BesideTargets {
  /** Reads the targets of all rows before `row`. */
  readTo(row: number): Promise<void>;
  /** The target of a row. Calls must be in ascending order of rows. */
  of(row: number): number;
}

async function besideTargets(
  source: NpySource,
  rows: number,
  role: number,
  { label, missingTarget }: RowsHandler,
): Promise<BesideTargets> {
  const header = await readNpyHeader(source);
  const { shape, size, kind } = header;
  if (size !== rows || shape[0] !== rows) {
    throw new TypeError(
      `${source.where}: found an array of ${shape.join(" × ")}, need one of ${rows} elements, ` +
        `a target for every row`,
    );
  }
  const isText = kind === "U" || kind === "S";
  if (role === NUMBER_TARGET && isText) {
    throw new TypeError(`${source.where}: found text, need numbers to predict`);
  }
  const at = (row: number) => () => `${source.where}, row ${row} (from 0)`;
  const texts = role === TARGET ? npyTexts(source, header) : null;
  const numbers = role === TARGET ? null : npyNumbers(source, header);
  let targets: number[] = [];
  let first = 0;
  return {
    async readTo(row) {
      while (first + targets.length < row) {
        const rest = targets;
        if (texts !== null) {
          const { value } = await texts.next();
          const { texts: own, first } = value!;
          for (let k = 0; k < own.length; k++) rest.push(label(own[k], at(first + k)));
        } else {
          const { value } = await numbers!.next();
          const { values, first } = value!;
          for (let k = 0; k < values.length; k++) {
            rest.push(
              Number.isNaN(values[k])
                ? missingTarget(MISSING_NUMBER, at(first + k))
                : finiteFloat(values[k], at(first + k)),
            );
          }
        }
      }
    },
    of(row) {
      // Targets of earlier rows are dropped from time to time, not at every row.
      if (row - first > 2 ** 16) {
        targets = targets.slice(row - first);
        first = row;
      }
      return targets[row - first];
    },
  };
}
