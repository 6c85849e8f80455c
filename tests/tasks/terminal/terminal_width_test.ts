/** Tasks at a real terminal of 80 columns, which util-linux' `script` makes. */
import assert from "node:assert/strict";
import { METHODS } from "../../../lib/methods/mod.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { completeRecord } from "../../experiments/results/complete_record.ts";
import { newFolder, writeFile } from "../../files.ts";
import { ROOT, taskCommand } from "../run_task.ts";
import { tinyOptions, tinyTable } from "../tiny_run.ts";

/** The lines that a task writes on the terminal. */
async function linesOf(name: string, args: readonly string[], from: string): Promise<string[]> {
  const { flags, program } = taskCommand(name);
  const words = [Deno.execPath(), "run", ...flags, program, ...args];
  const command = words.map((word) => `'${word}'`).join(" ");
  writeFile(`${from}/type.sh`, `stty cols 80 rows 24\ncd '${ROOT}'\n${command}\n`);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `script -qec "sh '${from}/type.sh'" /dev/null`],
    env: { INIT_CWD: from, NO_COLOR: "1", TERM: "xterm" },
    stdin: "null",
  }).output();
  // deno-lint-ignore no-control-regex
  return new TextDecoder().decode(stdout).replaceAll(/\x1b\[[0-9;?]*[a-zA-Z]/g, "").split(/\r*\n/);
}

const { success: hasScript } = await new Deno.Command("sh", {
  args: ["-c", "script -qec true /dev/null"],
  stdin: "null",
  stdout: "null",
  stderr: "null",
}).output();

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `${name} (needs util-linux' script)`, ignore: !hasScript, fn });
}

function assertNarrow(lines: readonly string[]): void {
  assert.ok(lines.length > 5, lines.join("\n"));
  for (const line of lines) assert.ok([...line].length <= 80, line);
}

test("results has a table where it fits the terminal, and one in parts elsewhere", async () => {
  const from = newFolder();
  for (
    const [name, files] of [["short", ["a"]], ["long", ["a-table-with-a-long-name", "b"]]] as const
  ) {
    await Deno.mkdir(`${from}/${name}`);
    for (const [f, file] of files.entries()) {
      for (const seed of [1, 2, 3]) {
        const folder = `${from}/${name}/${f}-${seed}`;
        await Deno.mkdir(folder);
        const config = completeConfig({ file: `/data/${file}.csv`, target: "y", seed });
        const record = completeRecord({ accuracy: 0.7 + seed / 100, density: 0.125 });
        writeFile(`${folder}/config.json`, JSON.stringify(config));
        writeFile(`${folder}/record.json`, JSON.stringify(record));
      }
    }
  }
  const narrow = ["--columns", "accuracy"];
  const table = await linesOf("results", ["short", ...narrow], from);
  assertNarrow(table);
  assert.match(table.join("\n"), /^│ all +│ 3 +│ 72\.00 ± 1\.00/m);
  const rows = await linesOf("results", ["long"], from);
  assertNarrow(rows);
  // Every part of the table begins with the same column.
  const text = rows.join("\n");
  assert.match(text, /^│ dataset +│ runs │ accuracy \(%\) +│$/m);
  assert.equal(
    text.match(/^│ a-table-with-a-long-name\.csv +│/gm)!.length,
    text.match(/^┌/gm)!.length,
  );
  assert.ok(text.match(/^┌/gm)!.length > 1);
});

test("help, inspect and a report of the paper fit the terminal", async () => {
  const from = newFolder();
  writeFile(`${from}/t.csv`, tinyTable());
  assertNarrow(await linesOf("train", ["--help"], from));
  assertNarrow(await linesOf("inspect", ["t.csv", "--target", "class"], from));
  const reproduce = ["table1", "--quick", "--only-finished", "--out", "out", "--runs", "runs"];
  const lines = await linesOf("reproduce", reproduce, from);
  assertNarrow(lines.map((line) => line.replace(/\S*\/out\/\S*/, "FOLDER")));
});

test("methods has tables where they fit the terminal, and lists elsewhere", async () => {
  const from = newFolder();
  const all = await linesOf("methods", [], from);
  assertNarrow(all);
  for (const name of METHODS) assert.ok(all.some((line) => line.includes(name)), name);
  assert.match(all.join("\n"), /^ {2}srigl +as RigL, but/m);
  assert.match(all.join("\n"), /^│ static +│ never +│ nothing +│$/m);
  const one = await linesOf("methods", ["boosting"], from);
  assertNarrow(one);
  assert.match(one.join("\n"), /^ {2}--growth +The places .*(\n +.*)*\(default:\s+random\)$/m);
});

test("train tells of the columns within the terminal", async () => {
  const from = newFolder();
  const names = Array.from({ length: 24 }, (_, i) => `measurement ${i}`);
  const rows = Array.from(
    { length: 60 },
    (_, i) => [...names.map((_, c) => (i * (c + 1)) % 13), i % 2 ? "u" : "v"],
  );
  writeFile(`${from}/t.csv`, [[...names, "y"], ...rows].map((row) => row.join()).join("\n"));
  const lines = await linesOf(
    "train",
    ["t.csv", "--target", "y", ...tinyOptions(), "--out", "run"],
    from,
  );
  const at = lines.findIndex((line) => line.startsWith("Columns: 24"));
  const about = lines.slice(at, lines.findIndex((line, k) => k > at && !/^( |Columns)/.test(line)));
  assert.ok(about.length > 4, lines.join("\n"));
  for (const line of about) assert.ok([...line].length <= 80, line);
});
