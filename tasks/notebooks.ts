/** `deno task notebooks`: executes the notebooks, and compares or stores their output. */
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { differencesInKind, executeNotebook, readNotebook } from "../lib/notebooks/mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./terminal/command_line.ts";

const program = taskProgram(
  "notebooks",
  "Executes copies of notebooks, and compares what they show with what is kept.",
  "notebooks/1_a_table_of_your_own.ipynb",
)
  .argument("[FILES...]", "notebooks; left out: all in notebooks/")
  .option("--write", "keep what they show, in the notebooks")
  .action(async (files, options) => {
    const folder = join(import.meta.dirname!, "..", "notebooks");
    const paths = files.length > 0
      ? files.map(userPath)
      : readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort().map((name) =>
        join(folder, name)
      );
    paths.forEach(readNotebook);
    const scratch = await Deno.makeTempDir({ prefix: "notebooks-" });
    try {
      for (const path of paths) {
        tell(`${basename(path)} …`);
        const executed = await executeNotebook(path, Deno.execPath(), scratch);
        if (options.write) {
          copyFileSync(executed, path);
          say(`${path}: written`);
          continue;
        }
        const differences = differencesInKind(readNotebook(path), readNotebook(executed));
        say(`${path}: ${differences.length === 0 ? "shows what is kept" : differences.join("; ")}`);
        if (differences.length > 0) process.exitCode = 1;
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

await runProgram(program);
