/**
 * The record of speeds and sizes of all formats, as a table of a page.
 *
 * @module
 */
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";

/** The forms of a model and of a forest, and which of the record's files each reads. */
const FORMS: Readonly<Record<string, string>> = {
  "the library, native kernels": "the model file",
  "the library, WebAssembly kernels": "the model file",
  "ES module, Deno": "the ES module",
  "ES module, Node": "the ES module",
  "ONNX, gather": "ONNX, gather",
  "ONNX, dense": "ONNX, dense",
  "C, float32": "C, float32",
  "random forest, scikit-learn": "random forest, scikit-learn",
  "random forest, C by m2cgen": "random forest, C by m2cgen",
};

/** The record of the speeds and sizes of all formats. */
export interface SpeedsRecord {
  readonly members: number;
  readonly rounds: number;
  readonly trees: number;
  readonly accuracy: { readonly model: number; readonly forest: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly microseconds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly gzipped: number }>>;
}

/** Speeds and sizes of all formats, beside those of random forests. */
export function speedsRecord(): SpeedsRecord {
  return readJsonFile(`${ROOT}results/exports/speeds.json`);
}

/** The record of speeds and sizes as a table of texts. */
export function speedsTable(): Table {
  const { microseconds, files } = speedsRecord();
  const kilobytes = (bytes: number) => Math.round(bytes / 1000).toLocaleString("en-US");
  const time = (value: number) =>
    value < 100 ? `${value}` : Math.round(value).toLocaleString("en-US");
  const rows = Object.entries(FORMS).map(([form, file]) => {
    const { bytes, gzipped } = files[file];
    const times = Object.values(microseconds[form]).map(time);
    return [form, ...times, kilobytes(bytes), kilobytes(gzipped)];
  });
  const head = ["form", "one row, µs", "of 1,000 rows each, µs", "file, kB", "compressed, kB"];
  return [head, ...rows];
}
