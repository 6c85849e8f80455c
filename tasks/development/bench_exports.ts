/** `deno task bench-exports`: measures exported programs on an emulated Cortex-M4, beside peers'. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ExportMeasurement,
  exportsTable,
  keepIn,
  keepNothing,
  measureExports,
  withDensePeers,
  withEqual,
  withForest,
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
  "Measures exported programs on an emulated Cortex-M4, beside emlearn's and m2cgen's.",
  "--quick",
)
  .option("--data <names>", "data sets, with commas between them", TABLES)
  .option("--quick", "tiny networks and few rows, to see that all works")
  .option("--out <folder>", "where c.json and c.md go", "runs/exports")
  .action(async ({ data, quick = false, out }) => {
    const folder = userPath(out);
    const { kernels, reason } = chooseKernels("auto");
    tell(`Kernels: ${kernels.description} (${reason})`);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "c.json");
    const found: ExportMeasurement[] = existsSync(path) && !quick ? readJson(path) : [];
    const keep = quick ? keepNothing : keepIn(join(folder, "steps.json"));
    const measured: ExportMeasurement[] = [];
    for (const file of parseNames(data)) {
      const before = found.find((one) => one.file === file);
      if (before !== undefined) tell(`${file}: measured before`);
      let own = before ?? await measureExports(file, quick, tell, keep);
      write(own);
      if (own.emlearn === undefined) write(own = await withDensePeers(own, quick, tell));
      if (own.equal === undefined) write(own = await withEqual(own, quick, tell, keep));
      if (own.forest === undefined) write(own = await withForest(own, quick, tell));
      measured.push(own);
    }
    say(tableText(exportsTable(measured)));

    /** Writes after every program, so that a killed study loses at most one. */
    function write(own: ExportMeasurement): void {
      const files = [...measured, own].map((one) => one.file);
      const later = found.filter((one) => !files.includes(one.file));
      const all = [...measured, own, ...later];
      writeFileAtomically(path, `${JSON.stringify(all, null, 1)}\n`);
      writeFileAtomically(join(folder, "c.md"), `${tableMarkdown(exportsTable(all))}\n`);
    }
  });

function readJson(path: string): ExportMeasurement[] {
  return JSON.parse(readFileSync(path, "utf8"));
}

await runProgram(program);
