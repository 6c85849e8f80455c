/**
 * Least permission: every task runs with exactly the flags that deno.json gives it, and none of them
 * is there for nothing: without it, the task fails and says which permission is missing, or does
 * without and says so.
 */
import assert from "node:assert/strict";
import { newFolder, writeFile } from "../../files.ts";
import {
  denoTasks,
  ROOT,
  runTask,
  type TaskCommand,
  taskCommands,
  type TaskOptions,
  type TaskOutput,
} from "../run_task.ts";
import { tinyOptions, tinySettings, tinyTable } from "../tiny_run.ts";

/** How a task is called here. A new task needs an entry. */
interface Call {
  readonly args: readonly string[];
  /** It writes into the repository, and so gets a copy of it. */
  readonly inCopy?: true;
  /** A program without which the task has nothing to do. */
  readonly needs?: readonly string[];
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kinds of permission that the task can do without, and what it says or does then. */
  readonly optional?: Readonly<Record<string, RegExp | "the same">>;
}

const COMPILERS = ["gcc", "clang", "cc"];

const model = "run/model.safetensors";
const tiny = tinyOptions().map((word) => word === "wasm" ? "auto" : word);
let runs = 0;

const CALLS: Readonly<Record<string, () => Call>> = {
  train: () => ({
    args: ["table.csv", "--target", "class", "--out", `run-${runs++}`, ...tiny],
    optional: { ffi: /Kernels: WebAssembly .*permission to load them is missing/ },
  }),
  evaluate: () => ({ args: [model, "table.csv"], optional: { ffi: "the same" } }),
  predict: () => ({
    args: [model, "table.csv", "--out", "labels.csv"],
    optional: { ffi: "the same" },
  }),
  data: () => ({
    args: ["balance", "table.csv", "--target", "class", "--out", "balanced.csv"],
    // For fetching only: data_test.ts does, from a publisher on this machine.
    optional: { net: "the same" },
  }),
  inspect: () => ({ args: [model] }),
  importance: () => ({
    args: [model, "table.csv", "--repeats", "2", "--out", "importance.html"],
    optional: { ffi: "the same" },
  }),
  export: () => ({
    args: [model, "--format", "c", "--weights", "int8", "--out", "exported.c"],
    optional: { ffi: "the same" },
  }),
  "select-features": () => ({
    args: ["table.csv", "-k", "2", "--ignore", "class", "--epochs", "2", "--out", "chosen.txt"],
    optional: { ffi: "the same" },
  }),
  report: () => ({ args: ["run", "--out", "report.html"] }),
  // For serving only: tests/playground does.
  play: () => ({ args: ["--out", "site"], optional: { net: "the same" } }),
  sweep: () => ({ args: ["study.json", "--out", `sweep-${runs++}`, "--workers", "1"] }),
  "bench-exports": () => ({
    args: ["--quick", "--data", "builtin:segment", "--out", `exports-${runs++}`],
    needs: ["arm-none-eabi-gcc"],
    optional: { ffi: /Kernels: WebAssembly .*permission to load them is missing/ },
  }),
  "measure-distillation": () => ({
    args: ["--data", "builtin:segment", "--rows", "60", "--out", `distilled-${runs++}`],
    optional: { ffi: "the same" },
  }),
  "sweep-run": () => ({
    args: [`sweep-${runs++}`, JSON.stringify({ ...tinySettings(), file: `${from}/table.csv` })],
    // Without the system's answer the record does not name the processor.
    optional: { ffi: "the same", sys: "the same" },
  }),
  compare: () => ({
    args: ["table.csv", "--target", "class", "--contenders", "contenders.json", "--seeds", "1"]
      .concat("--out", `comparison-${runs++}`),
    optional: { ffi: /ours/, run: /scikit-learn is left out: Requires run access/ },
  }),
  notebooks: () => ({ args: ["one.ipynb", "--write"], needs: ["jupyter"] }),
  flops: () => ({ args: [] }),
  results: () => ({ args: [".", "--format", "csv", "--out", "results.csv"] }),
  reproduce: () => ({
    args: [
      ...["table1", "--quick", "--methods", "fd", "--epsilon", "20", "--seeds", "1"],
      ...["--runs", `reproduce-${runs++}`, "--out", "results"],
    ],
    optional: { ffi: "the same" },
  }),
  methods: () => ({ args: ["srigl"] }),
  completions: () => ({ args: ["bash"] }),
  papi: () => ({
    args: [],
    optional: { ffi: /--allow-ffi/, env: /PAPI/ },
  }),
  bench: () => ({
    args: ["--quick", "--only", "memory", "--out", "bench"],
    optional: {
      ffi: /Left out: native .*permission to load them is missing/,
      run: /caches unknown/,
      sys: /processor unknown .*memory unknown/,
    },
  }),
  "build-npm": () => ({ args: ["--out", "package"] }),
  "build-kernels": () => ({ args: [], inCopy: true, needs: ["clang-19"] }),
  soak: () => ({ args: "--only tables --tables 1 --gigabytes 0.0001".split(" ") }),
  native: () => ({
    ...{ args: [], inCopy: true, needs: COMPILERS },
    env: { PATH: `${hastyCompiler()}:${Deno.env.get("PATH")}` },
  }),
};

const from = newFolder();
writeFile(`${from}/table.csv`, tinyTable());
const { target: _, ...ours } = tinySettings();
writeFile(`${from}/contenders.json`, JSON.stringify({ ours }));
writeFile(
  `${from}/one.ipynb`,
  JSON.stringify({
    cells: [{
      cell_type: "code",
      id: "one",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: "1 + 1",
    }],
    metadata: { kernelspec: { display_name: "Deno", language: "typescript", name: "deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  }),
);
writeFile(
  `${from}/study.json`,
  JSON.stringify({ base: { ...tinySettings(), file: "table.csv" } }),
);
const { code, stderr } = await runTask(
  "train",
  ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()],
  { from },
);
if (code !== 0) throw new Error(stderr);

Deno.test("every task has its arguments in this test, and none has all permissions", () => {
  const names = taskCommands().map(({ name }) => name);
  assert.deepEqual(Object.keys(CALLS).sort(), names.toSorted());
  for (const [name, { command }] of Object.entries(denoTasks())) {
    assert.doesNotMatch(command, /(^| )(-A|--allow-all)( |$)/, name);
    // Deno would ask the person, such as whether to follow a redirect to some other host.
    if (command.startsWith("deno run ")) assert.match(command, / --no-prompt /, name);
  }
});

for (const task of taskCommands()) {
  const call = CALLS[task.name];
  if (call === undefined) continue;
  const { needs } = call();
  const ignore = needs !== undefined && !needs.some(isInstalled);
  Deno.test({
    name: `${task.name} runs with the permissions of deno.json`,
    ignore,
    fn: async () => {
      const { code, stderr } = await withAll(task.name);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /permission/);
    },
  });
  for (const flag of task.flags.filter((flag) => flag.startsWith("--allow-"))) {
    Deno.test({
      name: `${task.name} without ${flag} says that it is missing`,
      ignore,
      fn: () => withoutFlag(task, call(), flag),
    });
  }
}

/** Calls that need less than their task has, and what they have given up when they end. */
const LESS: [task: string, args: string[], gives: string][] = [
  ["predict", [model, "table.csv"], "write"],
  ["predict", [model, "table.csv", "--out", "less.csv"], ""],
  ["importance", [model, "--repeats", "2"], "write"],
  ["select-features", ["table.csv", "-k", "1", "--epochs", "2", "--hidden", "9"], "write"],
  ["results", ["."], "write"],
  ["play", ["--out", "site"], "net"],
  ["results", [".", "--out", "less.txt"], ""],
  ["sweep", ["study.json", "--list"], "run,write"],
  ["data", ["list"], "net,write"],
  ["data", ["show", "pol"], "net,write"],
  ["data", ["verify"], "net,write"],
  ["data", ["balance", "table.csv", "--target", "class", "--out", "less.csv"], "net"],
];

for (const [task, args, gives] of LESS) {
  Deno.test(`${task} ${args.join(" ")} gives up ${gives || "nothing"}`, async () => {
    const { flags, program } = taskCommands().find(({ name }) => name === task)!;
    const granted = (["net", "run", "write"] as const)
      .filter((name) => flags.some((flag) => flag.startsWith(`--allow-${name}`)));
    // Deno has a word of its own for what was granted in part.
    writeFile(
      `${from}/watch.ts`,
      `addEventListener("unload", () => {
        const asked = { net: { host: "127.0.0.1" }, run: { command: "deno" }, write: {} };
        const lost = ${JSON.stringify(granted)}.filter((name) =>
          Deno.permissions.querySync({ name, ...asked[name] }).state !== "granted"
        );
        console.error(\`lost: \${lost}\`);
      });`,
    );
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--preload", `${from}/watch.ts`, ...flags, program, ...args],
      cwd: ROOT,
      env: { INIT_CWD: from, NO_COLOR: "" },
      stdin: "null",
    }).output();
    const last = new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1);
    assert.equal(last, `lost: ${gives}`.trimEnd());
  });
}

async function withoutFlag({ name }: TaskCommand, call: Call, flag: string): Promise<void> {
  const kind = /^--allow-(\w+)/.exec(flag)?.[1];
  assert.ok(kind !== undefined, `"${flag}" is no permission`);
  const { code, stdout, stderr } = await runTask(name, call.args, {
    ...options(call),
    without: flag,
  });
  assert.doesNotMatch(stderr, /^ +at /m);
  const expected = call.optional?.[kind];
  if (expected === undefined) {
    assert.notEqual(code, 0, "the permission is not needed");
    const last = stderr.trimEnd().split("\n").at(-1)!;
    assert.match(last, /^Cannot .*permission/);
    assert.match(last, new RegExp(`${kind} access|--allow-${kind}`));
    return;
  }
  assert.equal(code, 0, stderr);
  if (expected !== "the same") return assert.match(stdout + stderr, expected);
  assert.equal(withoutTimes(stdout), withoutTimes((await withAll(name)).stdout));
}

/** What is printed, without the minutes of Table 1: two runs do not take the same time. */
function withoutTimes(text: string): string {
  return text.replace(/\b\d+\.\d\d( +│ [^│]*│)$/gm, "time$1")
    .replace(/took \d+\.\d minutes/g, "took some minutes");
}

const outputs = new Map<string, Promise<TaskOutput>>();

/** How a task ends with all of its permissions. It runs once. */
function withAll(name: string): Promise<TaskOutput> {
  const call = CALLS[name]();
  const output = outputs.get(name) ?? runTask(name, call.args, options(call));
  outputs.set(name, output);
  return output;
}

function options(call: Call): TaskOptions {
  return { from, root: call.inCopy ? copyOfRepository() : ROOT, env: call.env };
}

/** A folder with the machine's compiler under its own name, which does not optimise: the code is not used. */
function hastyCompiler(): string {
  const folder = newFolder();
  const name = COMPILERS.find(isInstalled);
  if (name === undefined) return folder;
  writeFile(`${folder}/${name}`, `#!/bin/sh\nexec '${pathOf(name)}' "$@" -O0\n`);
  Deno.chmodSync(`${folder}/${name}`, 0o755);
  return folder;
}

/** What a task needs of the repository, in a folder of its own. */
function copyOfRepository(): string {
  const folder = `${newFolder()}/`;
  const copy = (path: string): void => {
    if (!Deno.statSync(`${ROOT}${path}`).isDirectory) {
      return Deno.copyFileSync(`${ROOT}${path}`, `${folder}${path}`);
    }
    Deno.mkdirSync(`${folder}${path}`);
    for (const { name } of Deno.readDirSync(`${ROOT}${path}`)) copy(`${path}/${name}`);
  };
  for (const path of ["deno.json", "deno.lock", "mod.ts", "lib", "tasks"]) copy(path);
  return folder;
}

function isInstalled(program: string): boolean {
  return pathOf(program) !== undefined;
}

function pathOf(program: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => `${folder}/${program}`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
