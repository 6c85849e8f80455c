/** `deno task bench`: measures the library on this machine. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBackEnds } from "../lib/benchmarks/back_ends.ts";
import { growthFigure } from "../lib/benchmarks/growth_figure.ts";
import { describeMachine, machineLine, peakMemory } from "../lib/benchmarks/machine.ts";
import { parseSections, runSection, SECTIONS } from "../lib/benchmarks/sections.ts";
import { renderSvg } from "../lib/plots/render.ts";
import { BUILTIN_DATASETS, builtinDatasetPath, openHardwareFlops, readDataset } from "../mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./command_line.ts";
import { plainTable } from "./result_table.ts";

const program = taskProgram("bench", "Measures the library on this machine.")
  .option("--quick", "smaller sizes and fewer rounds: about a minute")
  .option("--only <sections>", `some of ${SECTIONS.join(",")}`, SECTIONS.join(","))
  .option("--peers", "also measure other libraries, where they are installed")
  .option("--out <folder>", "where the figure and the numbers go", "runs/bench")
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
    const line = options.json ? tell : say;
    line(machineLine(machine));
    for (const { kernels } of backEnds.present) line(`Kernels: ${kernels.description}`);
    for (const { name, reason } of backEnds.missing) line(`Left out: ${name} (${reason})`);

    const counter = openHardwareFlops();
    line(
      "unavailable" in counter
        ? `No hardware counts: ${counter.unavailable}`
        : `Hardware counts: ${counter.event}`,
    );

    const results: Record<string, unknown> = {};
    const scratchFile = join(folder, "scratch.safetensors");
    for (const name of options.peers ? [...chosen, "peers" as const] : chosen) {
      const onProgress = (what: string) => tell(`${name}: ${what} …`);
      const bench = {
        backEnds,
        machine,
        dataset,
        quick,
        counter,
        scratchFile,
        onProgress,
      };
      const { data, tables, growth } = await runSection(name, bench);
      results[name] = data;
      for (const { title, head, rows, notes } of options.json ? [] : tables) {
        say(`\n${title}`);
        say(plainTable([...head], rows.map((row) => [...row])));
        notes.forEach(say);
      }
      if (growth !== undefined) {
        const figure = growthFigure(growth, machine.caches);
        writeFileSync(join(folder, "growth.vl.json"), JSON.stringify(figure));
        writeFileSync(join(folder, "growth.svg"), await renderSvg(figure));
      }
    }
    rmSync(scratchFile, { force: true });
    const all = { machine, quick, results, peakMemoryBytes: peakMemory() };
    writeFileSync(join(folder, "bench.json"), JSON.stringify(all));
    if (options.json) say(JSON.stringify(all));
    else say(`\nThe numbers and the figure are in ${folder}`);
  });

await runProgram(program);
