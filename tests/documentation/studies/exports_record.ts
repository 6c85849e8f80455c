/**
 * The record of the study of exports, as tables of a page.
 *
 * @module
 */
import { avrTable, exportsTable, type ExportStudy } from "../../../lib/benchmarks/exports/mod.ts";
import type { Table as ReportTable } from "../../../lib/reports/mod.ts";
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";

/** The study of exports: what one run measured. */
export function exportsRecord(): ExportStudy {
  return readJsonFile(`${ROOT}results/exports/c.json`);
}

/** Programs, forms and peers as a table of texts. */
export function exportsRecordTable(): Table {
  return textsOf(exportsTable(exportsRecord().tables));
}

/** The programs on an AVR as a table of texts. */
export function avrRecordTable(): Table {
  return textsOf(avrTable(exportsRecord().tables));
}

function textsOf({ columns, rows }: ReportTable): Table {
  return [[...columns], ...rows.map((row) => row.map(String))];
}
