/**
 * A table and contenders that are compared in seconds.
 *
 * @module
 */
import { writeFile } from "../../files.ts";
import { folderWithTable, tinySettings } from "../tiny_run.ts";

export const { target: _, ...settings } = tinySettings();

export function folderWithContenders(): string {
  const from = folderWithTable();
  writeFile(
    `${from}/contenders.json`,
    JSON.stringify({ ours: settings, wider: { ...settings, hidden: [32, 32] } }),
  );
  return from;
}

export const ARGS = [
  "table.csv",
  "--target",
  "class",
  "--contenders",
  "contenders.json",
  "--no-trees",
];
export const REPORT = [
  "accuracy.csv",
  "comparison.json",
  "comparison.jsonl",
  "report.html",
  "report.md",
  "score-seconds.svg",
];
