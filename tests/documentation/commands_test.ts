/**
 * The commands of README.md, docs/ and results/README.md, typed in a copy of the project whose folder
 * has a reader's tables and runs. Each runs to its end, but for those that {@linkcode HELD} names.
 */
import assert from "node:assert/strict";
import { newFolder, writeFile } from "../files.ts";
import { ROOT, runTask, taskCommand, taskProcess } from "../tasks/run_task.ts";
import { tinySettings } from "../tasks/tiny_run.ts";
import { codeBlocks, PAGES, readPage } from "./markdown.ts";

/** A command that a test cannot let run to its end as it stands. */
type Held =
  /** It is stopped as soon as it says this: its options were understood. */
  | { readonly why: string; readonly begins: RegExp }
  /** It lacks something here, such as a permission. It says so, once its options were understood. */
  | { readonly why: string; readonly lacks: RegExp; readonly without?: string }
  /** It ends sooner with more options. */
  | { readonly why: string; readonly shorter: string[] }
  /** It is not run. */
  | { readonly why: string; readonly never: true };

const NO_DATA = {
  why: "needs a data set of the paper",
  lacks:
    /there is no file "[^"]*\/no-data\/|Cannot read "[^"]*\/no-data\/[^"]*": found no such file/,
};
const NO_FILE = { why: "needs a data set of the paper", lacks: /data\/[^"]*": found no such file/ };
const NO_SLURM = { why: "needs Slurm", lacks: /found no "squeue", need Slurm/ };
const NO_COMPILER = { why: "needs a C compiler", lacks: /found no C compiler \((gcc, )?clang/ };
const NO_JUPYTER = { why: "needs Jupyter", lacks: /found no "jupyter", need Jupyter/ };
const NETWORK = {
  why: "needs the network",
  without: "--allow-net",
  lacks: /^Cannot run the task: permission is missing: Requires net access/m,
};
const BENCH = { why: "measures for minutes", begins: /^Kernels: /m };
const TRAINS = { why: "trains for a minute", begins: /^epoch \d+\/\d+/m };
const TESTS = { why: "would run this test", never: true } as const;

/** The commands that are not run to their end, by their first words. The longest that fits counts. */
const HELD: Readonly<Record<string, Held>> = {
  "measure-distillation": NO_DATA,
  "train": TRAINS,
  "--allow-all tasks/train.ts": TRAINS,
  "train dataset:": NO_FILE,
  "train --resume runs/first": { why: "it has ended", lacks: /it is finished, and its model is/ },
  "train --join runs/team": {
    why: "waits for its master",
    begins: /waiting for a master: |^Working in /m,
  },
  "train table.csv --target species --method set --workers 2 --worker-folder runs/team": {
    why: "waits for its workers",
    begins: /^Workers join with: deno task train --join /m,
  },
  "sweep results/workers/study.json": { why: "takes minutes", shorter: ["--list"] },
  "sweep results/importance_pruning/study.json": { why: "takes minutes", shorter: ["--list"] },
  "results runs/importance_pruning": {
    why: "needs the runs",
    lacks: /Cannot read "[^"]*runs\/importance_pruning"/,
  },
  "--allow-all results/streams/measure.ts": { why: "takes minutes", never: true },
  "--allow-all results/streams/answers.ts": { why: "takes minutes", never: true },
  "results runs/workers": { why: "needs the runs", lacks: /Cannot read "[^"]*runs\/workers"/ },
  "--allow-read --allow-write --allow-ffi=.cache/native --allow-sys=loadavg results/workers/speed.ts":
    {
      why: "takes a minute",
      never: true,
    },
  "--allow-read --allow-write --allow-ffi=.cache/native results/workers/costs.ts": {
    why: "takes a minute",
    never: true,
  },
  "play": { why: "serves until it is stopped", begins: /^Playground: http:/m },
  "data fetch": NETWORK,
  "sweep study.json --executor slurm": NO_SLURM,
  "sweep results/growth/study.json": { why: "takes a minute", shorter: ["--list"] },
  "sweep results/methods/study.json": { why: "takes hours", shorter: ["--list"] },
  "sweep results/methods/references.json": { why: "takes minutes", shorter: ["--list"] },
  "sweep results/methods/paper/study.json": { why: "takes an hour", shorter: ["--list"] },
  "results runs/methods": { why: "needs the runs", lacks: /Cannot read "[^"]*runs\/methods"/ },
  "results runs/methods-paper": {
    why: "needs the runs",
    lacks: /Cannot read "[^"]*runs\/methods-paper"/,
  },
  "compare table.csv": {
    why: "trains for a minute",
    begins: /^table, seed 1: Sparsemble, modern …/m,
  },
  "compare --from-records --out runs/compared": {
    why: "the command before it was stopped",
    lacks: /found no scores in it/,
  },
  "compare --from-records runs/one": {
    why: "needs two comparisons",
    lacks: /Cannot report "[^"]*runs\/one": found no scores in it/,
  },
  "compare --from-records runs/both": {
    why: "needs a comparison",
    lacks: /Cannot report "[^"]*runs\/both": found no scores in it/,
  },
  "compare dataset:": NO_FILE,
  "reproduce": NO_DATA,
  "reproduce table4": { why: "measures for minutes", begins: /^RD-TSE, 1000 × 1000 …/m },
  "reproduce million --dataset wide": {
    why: "takes an hour",
    begins: /^\d+ runs: 0 finished before/m,
  },
  "native": NO_COMPILER,
  "bench": BENCH,
  "bench-exports": { why: "needs a compiler and an emulator", begins: /^builtin:segment: /m },
  "notebooks": NO_JUPYTER,
  "soak --only tables": { why: "takes minutes", shorter: ["--tables", "5", "--gigabytes", "0"] },
  "soak --only changes": { why: "takes minutes", shorter: ["--changes", "20"] },
  "soak --only files,tables": {
    why: "takes minutes",
    shorter: ["--mutations", "5", "--tables", "5", "--gigabytes", "0"],
  },
  "test": TESTS,
  "ok": TESTS,
  "check": TESTS,
  "coverage": TESTS,
};

/** Commands that fit a line of {@linkcode HELD} and run to their end all the same. */
const WHOLE = [
  "train table.csv --target species --out runs/first",
  "train --teacher runs/first --hidden 32,32 --epsilon 4 --block-size 8 --embedding none --scaling standard --out runs/small",
  "train table.csv --target species --method dist --lambda 2",
  "train table.csv --target species --method static --learning-rate 0.1",
  "train table.csv --target species --method set --strategy mine.ts",
  "reproduce table1 --from-records",
  "reproduce million --quick",
  "play --out site",
];

/** A line of a shell block: a task with its words, or a program with the flags of `deno run`. */
interface Line {
  readonly page: string;
  /** The words after `deno task`, or those after `deno run`. */
  readonly words: readonly string[];
  readonly isTask: boolean;
}

function linesOf(page: string): Line[] {
  const blocks = codeBlocks(readPage(page)).filter(({ language }) => language === "sh");
  return blocks.flatMap(({ code }) => code.trim().split("\n")).map((line) => {
    const found = /^(?:npx --yes deno@[\d.]+|deno) (task|run) (.*?)(?: +#.*)?$/.exec(line);
    assert.ok(found !== null, `${page}: ${line}`);
    const words = Array.from(
      found[2].matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
      (m) => m[1] ?? m[2] ?? m[3],
    );
    return { page, words, isTask: found[1] === "task" };
  });
}

const LINES = PAGES.flatMap(linesOf);

/** The line of the table that holds a command, or `undefined` if it runs to its end. */
function heldBy(words: readonly string[]): string | undefined {
  const text = words.join(" ");
  if (WHOLE.includes(text)) return undefined;
  const fits = (start: string) =>
    text === start || text.startsWith(start.endsWith(":") ? start : `${start} `);
  return Object.keys(HELD).filter(fits).sort((a, b) => b.length - a.length)[0];
}

/** The reader's tables, as the pages speak of them: one with all targets, one of numbers. */
function readersTable(rows: number): { table: string; numbers: string } {
  let [table, numbers] = ["length,width,species,price\n", "length,width,class\n"];
  for (let row = 0; row < rows; row++) {
    const [length, width] = [row % 8, Math.floor(row / 8) % 8];
    const species = length + width < 7 ? "setosa" : "virginica";
    table += `${length},${width},${species},${3 * length + width}\n`;
    numbers += `${length},${width},${species}\n`;
  }
  return { table, numbers };
}

/** A copy of the project with the reader's files. Its code is the project's own, by links. */
function copyWithReadersFiles(): string {
  const folder = `${newFolder()}/`;
  for (const path of ["lib", "tasks", "tests", "mod.ts"]) {
    Deno.symlinkSync(`${ROOT}${path}`, `${folder}${path}`);
  }
  const copy = (path: string): void => {
    if (!Deno.statSync(`${ROOT}${path}`).isDirectory) {
      return Deno.copyFileSync(`${ROOT}${path}`, `${folder}${path}`);
    }
    Deno.mkdirSync(`${folder}${path}`);
    for (const { name } of Deno.readDirSync(`${ROOT}${path}`)) copy(`${path}/${name}`);
  };
  for (const path of ["deno.json", "deno.lock", "LICENSE", "README.md", "results", "notebooks"]) {
    copy(path);
  }
  // Nothing is found in it but Deno: no compiler, no Slurm, no Python.
  Deno.mkdirSync(`${folder}bin`);
  Deno.symlinkSync(Deno.execPath(), `${folder}bin/deno`);
  for (const [name, rows] of [["table", 64], ["more", 32], ["new", 8], ["readings", 64]] as const) {
    const { table, numbers } = readersTable(rows);
    writeFile(`${folder}${name}.csv`, name === "readings" ? numbers : table);
  }
  const strategy = codeBlocks(readPage("docs/strategies.md"))
    .find(({ code }) => code.includes("export const mine"))!;
  writeFile(`${folder}mine.ts`, strategy.code);
  const base = { ...tinySettings(), target: "species", file: "table.csv" };
  const grid = { method: ["fd", "set"], epsilon: [2, 20] };
  const study = (name: string, seed: number[]) =>
    writeFile(`${folder}${name}`, JSON.stringify({ name: "study", base, grid: { ...grid, seed } }));
  study("study.json", [1, 2]);
  study("begun.json", [1]);
  return folder;
}

/** Makes the runs that pages speak of: one of the table, and half of the study. */
async function makeRuns(folder: string): Promise<void> {
  const given = ["--out", "first", "--epochs", "2", "--members", "2", "--trials", "1"];
  for (
    const [task, ...args] of [
      ["train", "table.csv", "--target", "species", ...given, "--hidden", "24,24"],
      ["sweep", "begun.json", "--out", "study", "--workers", "1"],
    ]
  ) {
    const { code, stderr } = await runTask(task, args, { from: folder });
    assert.equal(code, 0, stderr);
  }
}

/** The runs that a page speaks of, unless it makes them itself. */
function layOutRuns(folder: string, lines: readonly Line[]): void {
  if (Deno.readDirSync(folder).some(({ name }) => name === "runs")) {
    Deno.removeSync(`${folder}runs`, { recursive: true });
  }
  Deno.mkdirSync(`${folder}runs`);
  const makes = lines.some(({ words }) => words.join(" ").endsWith("--out runs/first"));
  for (const name of makes ? ["study"] : ["first", "study"]) {
    Deno.mkdirSync(`${folder}runs/${name}`);
    copyFolder(`${folder}${name}`, `${folder}runs/${name}`);
  }
}

function copyFolder(from: string, to: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (!isDirectory) Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
    else {
      Deno.mkdirSync(`${to}/${name}`);
      copyFolder(`${from}/${name}`, `${to}/${name}`);
    }
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Types a command in a folder, with further words at its end. */
async function type(folder: string, { words }: Line, more: readonly string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", ...words, ...more],
    cwd: folder,
    env: environment(folder),
    stdin: "null",
  }).output();
  return { code, said: text(stdout) + text(stderr) };
}

/** Runs a task without one of its permissions. */
async function typeWithout(folder: string, { words: [task, ...args] }: Line, permission: string) {
  const without = taskCommand(task).flags.find((flag) => flag.startsWith(permission));
  const options = { root: folder, from: folder, env: environment(folder), without };
  const { code, stdout, stderr } = await runTask(task, args, options);
  return { code, said: stdout + stderr };
}

function environment(folder: string): Record<string, string> {
  // A task that runs these tests has set the folder of its own caller.
  const paths = { INIT_CWD: folder, PATH: `${folder}bin`, SPARSEMBLE_DATA: `${folder}no-data` };
  return { NO_COLOR: "1", ...paths };
}

/** Begins a command and stops it once it says what is awaited. Returns what it said if it never does. */
async function beginAndStop(folder: string, { words, isTask }: Line, awaited: RegExp) {
  const at = words.findIndex((word) => word.startsWith("tasks/"));
  // The task's own process, so that the signal reaches it.
  const process = isTask
    ? taskProcess(words[0], words.slice(1), {
      root: folder,
      from: folder,
      env: environment(folder),
    })
    : new Deno.Command(Deno.execPath(), {
      args: ["run", ...words.slice(0, at), taskCommand("train").program, ...words.slice(at + 1)],
      cwd: folder,
      env: environment(folder),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  await using child = process.spawn();
  let said = "";
  let stopped = false;
  const listen = async (stream: ReadableStream<Uint8Array>) => {
    for await (const piece of stream) {
      said += text(piece);
      if (stopped || !awaited.test(said)) continue;
      stopped = true;
      child.kill("SIGKILL");
    }
  };
  await Promise.all([listen(child.stdout), listen(child.stderr)]);
  return stopped ? null : said;
}

Deno.test("the commands that are not run to their end stand on a page", () => {
  const used = LINES.map(({ words }) => heldBy(words));
  for (const start of Object.keys(HELD)) assert.ok(used.includes(start), start);
  const typed = LINES.map(({ words }) => words.join(" "));
  for (const whole of WHOLE) assert.ok(typed.includes(whole), whole);
  const whole = used.filter((start) => start === undefined);
  assert.ok(whole.length > 25, `${whole.length} commands run to their end`);
});

Deno.test({
  name: "every command of a page does what the page says",
  ignore: Deno.build.os === "windows",
  fn: async (t) => {
    const folder = copyWithReadersFiles();
    await makeRuns(folder);
    for (const page of PAGES) {
      const lines = linesOf(page);
      layOutRuns(folder, lines);
      for (const line of lines) {
        const start = heldBy(line.words);
        const held = start === undefined ? undefined : HELD[start];
        const how = held === undefined ? "" : ` (${held.why})`;
        if (held !== undefined && "never" in held) continue;
        await t.step(`${page}: ${line.words.join(" ")}${how}`, async () => {
          if (held !== undefined && "begins" in held) {
            assert.equal(await beginAndStop(folder, line, held.begins), null);
            return;
          }
          const more = held !== undefined && "shorter" in held ? held.shorter : [];
          const { code, said } = held !== undefined && "without" in held
            ? await typeWithout(folder, line, held.without)
            : await type(folder, line, more);
          if (held === undefined || "shorter" in held) return assert.equal(code, 0, said);
          assert.match(said, held.lacks);
          assert.ok(code === 1 || code === 2, `status ${code}`);
          assert.doesNotMatch(said, /^ +at /m);
        });
      }
    }
    await Deno.remove(folder, { recursive: true });
  },
});
