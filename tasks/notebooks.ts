/** `deno task notebooks`: executes the notebooks and keeps what they show. */
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { executeNotebook, readNotebook } from "../lib/notebooks/mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./terminal/command_line.ts";

const program = taskProgram(
  "notebooks",
  "Executes notebooks and keeps what they show.",
  "notebooks/1_a_first_ensemble.ipynb",
)
  .argument("[FILES...]", "notebooks; left out: all in notebooks/")
  .action(async (files) => {
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
        copyFileSync(await executeNotebook(path, Deno.execPath(), scratch), path);
        say(path);
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

await runProgram(program);
