/** `deno task soak`: interruptions, damaged files and random cases, for as many hours as wanted. */
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { checkSizes, parseParts, PARTS, soakPart } from "../../tests/soak/soak.ts";
import { runProgram, say, taskProgram, tell, warn } from "../terminal/command_line.ts";
import { parseNumber } from "../terminal/parse.ts";

const program = taskProgram(
  "soak",
  "Kills, damages and checks at random, and says what it found.",
  "--only files,tables",
)
  .option("--only <parts>", `some of ${PARTS.join(",")}`, PARTS.join(","))
  .option("--kills <count>", "training processes to kill", parseNumber, 100)
  .option("--mutations <count>", "damaged model files and checkpoints", parseNumber, 10_000)
  .option("--tables <count>", "malformed tables", parseNumber, 10_000)
  .option("--changes <count>", "files changed on purpose, with valid digests", parseNumber, 20_000)
  .option("--gigabytes <size>", "of a table that is streamed; 0 for none", parseNumber, 1)
  .option("--cases <count>", "random topology changes", parseNumber, 1_000_000)
  .option("--minutes <count>", "begin nothing new after so long", parseNumber, Infinity)
  .option("--seed <number>", "names everything that is drawn", parseNumber, 1)
  .option("--json", "print one JSON object")
  .action(async ({ only, json, minutes, seed, ...all }) => {
    const parts = parseParts(only);
    const { kills, mutations, tables, changes, gigabytes, cases } = all;
    const sizes = { kills, mutations, tables, changes, gigabytes, cases };
    checkSizes({ ...sizes, minutes });
    const folder = fileURLToPath(new URL(`../../.cache/soak/${process.pid}`, import.meta.url));
    const deadline = performance.now() + 60_000 * minutes;
    const results: Record<string, unknown> = {};
    let failed = 0;
    for (const part of parts) {
      mkdirSync(folder, { recursive: true });
      const onProgress = (text: string) => tell(`${part}: ${text}`);
      const began = performance.now();
      const report = await soakPart(part, sizes, {
        seed,
        folder,
        // The task's permission allows Deno under this name.
        deno: "deno",
        deadline,
        onProgress,
      }).finally(() => rmSync(folder, { recursive: true, force: true }));
      const seconds = (performance.now() - began) / 1000;
      results[part] = { ...report, seconds };
      const { counts, failures } = report;
      failed += failures.length;
      const numbers = Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ");
      if (!json) say(`${part}: ${numbers}; ${failures.length} failures, ${seconds.toFixed(0)} s`);
      for (const failure of failures) warn(`${part}: ${failure}`);
      if (failures.length === 0) continue;
      tell(`Repeat with: deno task soak --only ${part} --seed ${seed} ${sizesOf(sizes)}`);
    }
    if (json) say(JSON.stringify({ seed, ...sizes, results }));
    if (failed > 0) process.exitCode = 1;
  });

function sizesOf(sizes: Readonly<Record<string, number>>): string {
  return Object.entries(sizes).map(([name, size]) => `--${name} ${size}`).join(" ");
}

await runProgram(program);
