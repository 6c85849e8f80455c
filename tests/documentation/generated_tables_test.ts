/**
 * Tables of pages that say what the code and the records say. To write them anew:
 * `deno test --allow-all tests/documentation/generated_tables_test.ts -- --write`.
 */
import assert from "node:assert/strict";
import { writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { readPage, section, tables } from "./markdown.ts";
import { distillationTable } from "./studies/distillation_scores.ts";
import { avrRecordTable, exportsRecordTable } from "./studies/exports_record.ts";
import { growthTable } from "./studies/growth_costs.ts";
import {
  DENSITIES,
  densityTable,
  frontTable,
  methodTable,
  paperTable,
  verdictTable,
} from "./methods/claims.ts";
import {
  boundsTable,
  eightNetworksTable,
  ingredientsTable,
  wholeRunsTable,
} from "./results/development_claims.ts";
import { selectionCosts, selectionTable } from "./studies/selection_records.ts";
import { importanceTable } from "./studies/importance_records.ts";
import { workersAccuracyTable, workersCostTable } from "./studies/workers_records.ts";
import { methodTables, settingTables, type Table } from "./code_tables.ts";

const PAGES: Readonly<Record<string, Record<string, Table>>> = {
  "docs/methods.md": {
    ...methodTables(),
    "What growth costs": growthTable(),
    "One member from many": distillationTable(),
  },
  "docs/tasks.md": settingTables(),
  "docs/exports.md": { Measured: exportsRecordTable(), "On an AVR": avrRecordTable() },
  "docs/workers.md": {
    "How many workers cost accuracy": workersAccuracyTable(),
    "How fast they can be": workersCostTable(),
    "Importance pruning and All-ReLU": importanceTable(),
  },
  "results/methods/README.md": {
    "What is shown": verdictTable(),
    "From 20 to 1 %": densityTable(),
    "By cost": frontTable(),
    ...Object.fromEntries(
      DENSITIES.map((density) => [`At ${100 * density} %`, methodTable(density)]),
    ),
    "With the paper's recipe": paperTable(),
  },
  "results/comparison/README.md": {
    "Whole runs": wholeRunsTable(),
    "Eight networks": eightNetworksTable(),
    "Bounds and lessons": boundsTable(),
    Ingredients: ingredientsTable(),
  },
  "docs/feature_selection.md": {
    "How they fare": selectionTable(),
    "What they cost": selectionCosts(),
  },
};

for (const [path, made] of Object.entries(PAGES)) {
  Deno.test(`${path} has the tables that the code gives`, () => {
    for (const [heading, table] of Object.entries(made)) {
      const page = readPage(path);
      const part = section(page, heading);
      if (Deno.args.includes("--write")) {
        const written = part.replace(/^\|.*\|\n\|[-: |]+\|\n(?:\|.*\|(?:\n|$))*/m, markdown(table));
        writeFile(`${ROOT}${path}`, page.replace(part, () => written));
      } else assert.deepEqual(tables(part)[0], table, heading);
    }
  });
}

/** A table as the formatter leaves it: columns as wide as their longest cell. */
function markdown(table: Table): () => string {
  const widths = table[0].map((_, c) => Math.max(3, ...table.map((row) => row[c].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, c) => cell.padEnd(widths[c])).join(" | ")} |\n`;
  const [head, ...rows] = table;
  return () => [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("");
}
