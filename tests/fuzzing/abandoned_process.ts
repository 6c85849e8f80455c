/**
 * Makes a call that never ends, tells the number of the process that carries it out, and is then killed by
 * `fuzz_test.ts`: the folder, with a strategy and a table, is the first argument.
 */
import { startTaskProcess } from "./task_process.ts";

const [folder] = Deno.args;
const { pid, call } = startTaskProcess(folder, Deno.execPath());
await call({ task: "inspect", args: ["missing.csv"] });
const strategy = ["--strategy", "endless.mjs", "--out", "run"];
const endless = call({ task: "train", args: ["table.csv", "--target", "class", ...strategy] });
await Deno.stdout.write(new TextEncoder().encode(`${pid}\n`));
await endless;
