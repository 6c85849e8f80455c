/** `deno task bench-exports`: measures exported programs on an emulated Cortex-M4, beside emlearn's. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type ExportMeasurement,
  exportsTable,
  measureExports,
} from "../../lib/benchmarks/exports/mod.ts";
import { chooseKernels } from "../../mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { tableMarkdown, tableText } from "../../lib/reports/mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "../terminal/command_line.ts";
import { parseNames } from "../terminal/parse.ts";

/** The tables of the study, named before anything was measured. */
const TABLES = "builtin:segment,dataset:pol,dataset:magic-telescope,dataset:california";

const program = taskProgram(
  "bench-exports",
  "Measures exported programs on an emulated Cortex-M4, beside emlearn's.",
  "--quick",
)
  .option("--data <names>", "data sets, with commas between them", TABLES)
  .option("--quick", "tiny networks and few rows, to see that all works")
  .option("--out <folder>", "where exports.json and exports.md go", "runs/exports")
  .action(async ({ data, quick = false, out }) => {
    const folder = userPath(out);
    const { kernels, reason } = chooseKernels("auto");
    tell(`Kernels: ${kernels.description} (${reason})`);
    mkdirSync(folder, { recursive: true });
    const measured: ExportMeasurement[] = [];
    for (const file of parseNames(data)) {
      measured.push(await measureExports(file, quick, tell));
      writeFileAtomically(join(folder, "exports.json"), `${JSON.stringify(measured, null, 1)}\n`);
      writeFileAtomically(join(folder, "exports.md"), `${tableMarkdown(exportsTable(measured))}\n`);
    }
    say(tableText(exportsTable(measured)));
  });

await runProgram(program);
