/** `deno task report`: writes the results of a run, or of a folder of runs, as one HTML file. */
import { join } from "node:path";
import { renderReport } from "../lib/reports/mod.ts";
import { reportOfFolder } from "../lib/experiments/results/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { runProgram, say, taskProgram } from "./terminal/command_line.ts";
import { fileToWrite } from "./terminal/file_to_write.ts";
import { runFolder } from "./terminal/model_argument.ts";
import { parseNumber } from "./terminal/parse.ts";

const program = taskProgram(
  "report",
  "Writes a report on finished runs, as one HTML file.",
  "runs/first",
)
  .argument("<FOLDER>", "a run's folder, or a folder of runs' folders")
  .option("--out <file>", "where the report goes (default: report.html in the folder)")
  .option("--title <text>", "its title, for a folder of runs")
  .option("--curves <count>", "how many runs are shown epoch by epoch", parseNumber, 8)
  .option("--json", "print one JSON object: the report before it was drawn, and its path")
  .action(async (argument, { out, title, curves, json }) => {
    const folder = runFolder(argument);
    const path = out === undefined ? join(folder, "report.html") : fileToWrite(out);
    const report = reportOfFolder(folder, { curves, title });
    writeFileAtomically(path, await renderReport(report));
    if (json) say(JSON.stringify({ path, ...report }));
    else say(`${report.title}\n${report.lead}\nReport: ${path}`);
  });

await runProgram(program);
