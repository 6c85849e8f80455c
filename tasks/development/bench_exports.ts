/** `deno task bench-exports`: measures exported programs and peers' on emulated boards and on this machine. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  avrTable,
  type ExportMeasurement,
  exportsTable,
  type ExportStudy,
  keepIn,
  keepNothing,
  measureExports,
  openTable,
  versionsOf,
  withDensePeers,
  withEqual,
  withForest,
  withHostSpeeds,
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
  "Measures exported programs beside emlearn's, m2cgen's and onnxruntime's.",
  "--quick",
)
  .option("--data <names>", "data sets, with commas between them", TABLES)
  .option("--quick", "tiny networks and few rows, to see that all works")
  .option("--keep <folder>", "keeps what is learned, for a run after a killed one")
  .option("--chosen <record>", "takes the sizes that an earlier c.json chose")
  .option("--out <folder>", "where c.json, c.md and avr.md go", "runs/exports")
  .action(async ({ data, quick = false, keep, chosen, out }) => {
    const folder = userPath(out);
    const { kernels, reason } = chooseKernels("auto");
    tell(`Kernels: ${kernels.description} (${reason})`);
    mkdirSync(folder, { recursive: true });
    let kept = keepNothing;
    if (keep !== undefined && !quick) {
      mkdirSync(userPath(keep), { recursive: true });
      kept = keepIn(userPath(keep));
    }
    const rounds = quick ? 1 : 3;
    const earlier: ExportStudy | undefined = chosen === undefined
      ? undefined
      : JSON.parse(readFileSync(userPath(chosen), "utf8"));
    const tables: ExportMeasurement[] = [];
    for (const file of parseNames(data)) {
      const before = earlier?.tables.find((one) => one.file === file);
      const table = await openTable(file, quick, tell, kept, before);
      let own = await measureExports(table);
      own = await withDensePeers(table, own);
      own = await withEqual(table, own);
      own = await withForest(table, own);
      tables.push(await withHostSpeeds(table, own, rounds));
    }
    // Written at once: a record of one run.
    const study: ExportStudy = { rounds, versions: versionsOf(), tables };
    const write = (name: string, text: string) =>
      writeFileAtomically(join(folder, name), `${text}\n`);
    write("c.json", JSON.stringify(study, null, 1));
    write("c.md", tableMarkdown(exportsTable(tables)));
    write("avr.md", tableMarkdown(avrTable(tables)));
    say(tableText(exportsTable(tables)));
  });

await runProgram(program);
