/** `deno task bench`: measures the library on this machine. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  describeMachine,
  machineLine,
  openBackEnds,
  peakMemory,
} from "../lib/benchmarks/measuring/mod.ts";
import { growthFigure, parseSections, runSection, SECTIONS } from "../lib/benchmarks/mod.ts";
import { renderSvg } from "../lib/plots/mod.ts";
import { builtinDatasetPath, readDataset } from "../mod.ts";
import { BUILTIN_DATASETS } from "../lib/data/builtin/mod.ts";
import { openHardwareFlops } from "../lib/counters/mod.ts";
import { tableMarkdown } from "../lib/reports/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./terminal/command_line.ts";
import { plainTable } from "./terminal/result_table.ts";

const program = taskProgram("bench", "Measures the library on this machine.", "--quick")
  .option("--quick", "smaller sizes and fewer rounds: about a minute")
  .option(
    "--only <sections>",
    `some of ${
      SECTIONS.join(",")
    }, or readers: reading tables of growing size (NumPy and PyArrow write them)`,
    SECTIONS.join(","),
  )
  .option("--peers", "also measure other libraries, where they are installed")
  .option("--out <folder>", "where the report, the figure and the numbers go", "runs/bench")
  .option("--json", "print one JSON object instead of tables")
  .action(async (options) => {
    const chosen = parseSections(options.only);
    const { quick = false } = options;
    const folder = userPath(options.out);
    mkdirSync(folder, { recursive: true });
    const { target } = BUILTIN_DATASETS.segment;
    const { dataset } = await readDataset(builtinDatasetPath("segment"), { target });
    const machine = describeMachine();
    const backEnds = openBackEnds();
    const counter = openHardwareFlops();
    const conditions = [
      machineLine(machine),
      ...backEnds.present.map(({ kernels }) => `Kernels: ${kernels.description}`),
      ...backEnds.missing.map(({ name, reason }) => `Left out: ${name} (${reason})`),
      "unavailable" in counter
        ? `No hardware counts: ${counter.unavailable}`
        : `Hardware counts: ${counter.event}`,
    ];
    conditions.forEach(options.json ? tell : say);

    const report = ["# Benchmarks", conditions.map((line) => `- ${line}`).join("\n")];
    const results: Record<string, unknown> = {};
    const all = () => ({ machine, quick, results, peakMemoryBytes: peakMemory() });
    const scratchFile = join(folder, "scratch.safetensors");
    const tablesFolder = join(folder, "tables");
    mkdirSync(tablesFolder, { recursive: true });
    for (const name of options.peers ? [...chosen, "peers" as const] : chosen) {
      const onProgress = (what: string) => tell(`${name}: ${what} …`);
      const bench = {
        backEnds,
        machine,
        dataset,
        quick,
        counter,
        scratchFile,
        tablesFolder,
        onProgress,
      };
      const { data, tables, growth } = await runSection(name, bench);
      results[name] = data;
      for (const { title, head, rows, notes } of tables) {
        report.push(`## ${title}`, tableMarkdown({ columns: head, rows }).trimEnd(), ...notes);
        if (options.json) continue;
        say(`\n${title}`);
        say(plainTable(head, rows));
        notes.forEach(say);
      }
      if (growth !== undefined) {
        const figure = growthFigure(growth, machine.caches);
        writeFileAtomically(join(folder, "growth.vl.json"), JSON.stringify(figure));
        writeFileAtomically(join(folder, "growth.svg"), await renderSvg(figure));
        report.push("![Speed of the kernels against the stored weights](growth.svg)");
      }
      // The report is written after every section, so that finished sections survive an interruption.
      writeFileAtomically(join(folder, "bench.md"), `${report.join("\n\n")}\n`);
      writeFileAtomically(join(folder, "bench.json"), JSON.stringify(all()));
    }
    rmSync(scratchFile, { force: true });
    rmSync(tablesFolder, { recursive: true, force: true });
    if (options.json) say(JSON.stringify(all()));
    else say(`\nThe report, the numbers and the figure are in ${folder}`);
  });

await runProgram(program);
