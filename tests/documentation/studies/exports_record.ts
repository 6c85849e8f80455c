/**
 * The record of the study of exports, as a table of a page.
 *
 * @module
 */
import { type ExportMeasurement, exportsTable } from "../../../lib/benchmarks/exports/mod.ts";
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";

/** The tables of the study. */
export function exportsRecord(): ExportMeasurement[] {
  return readJsonFile(`${ROOT}results/exports/c.json`);
}

/** The study as a table of texts. */
export function exportsRecordTable(): Table {
  const { columns, rows } = exportsTable(exportsRecord());
  return [[...columns], ...rows.map((row) => row.map(String))];
}
