import assert from "node:assert/strict";
import { completeConfig } from "../../../lib/experiments/run/mod.ts";
import { sweepTasks } from "../../../lib/experiments/sweep/mod.ts";
import { runNamer } from "../../../tasks/sweep/display.ts";
import { isThere, namesIn, readBytes, readJsonFile, readText, writeFile } from "../../files.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { denoTasks, ROOT, runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinySettings } from "../tiny_run.ts";

/** A folder with a table and a study of it. */
function folderWithStudy(epochs = 8, seeds = [1, 2, 3]): string {
  const from = folderWithTable();
  const base = { ...tinySettings(epochs), file: "table.csv" };
  const study = { name: "tiny", base, grid: { method: ["fd", "edst"], seed: seeds } };
  writeFile(`${from}/study.json`, JSON.stringify(study));
  return from;
}

/** Waits for something that a process does: for far longer than it takes on a loaded machine. */
async function until(what: string, happens: () => boolean): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!happens()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The runs of a folder that have a checkpoint. */
function withCheckpoint(folder: string): string[] {
  if (!isThere(folder)) return [];
  return namesIn(folder).filter((name) =>
    // A sweep that begins tries for a moment whether it can write.
    !name.startsWith(".") && isThere(`${folder}/${name}/checkpoint.safetensors`)
  );
}

Deno.test("sweep does a study, then nothing more, with the same bytes whatever the workers", async () => {
  const from = folderWithStudy();
  const two = await runTask("sweep", ["study.json", "--workers", "2"], { from });
  assert.equal(two.code, 0, two.stderr);
  const folder = `${from}/runs/tiny`;
  assert.equal(
    two.stdout.replace(/ --config \S+deno\.json/, ""),
    `6 of 6 runs are finished in ${folder}\nNext:   deno task results ${folder}\n`,
  );
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(two.stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  const hashes = namesIn(folder);
  assert.equal(hashes.length, 6);
  assert.deepEqual(namesIn(`${folder}/${hashes[0]}`), [
    "config.json",
    "events.jsonl",
    "model.safetensors",
    "record.json",
  ]);

  const options = ["--workers", "1", "--threads", "2", "--out", "other", "--json"];
  const one = await runTask("sweep", ["study.json", ...options], { from });
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(JSON.parse(one.stdout), {
    ...{ folder: `${from}/other`, total: 6, finished: 6, before: 0, stopped: false },
    unfinished: [],
  });
  for (const hash of hashes) assertSameRun(`${folder}/${hash}`, `${from}/other/${hash}`);

  const records = () => hashes.map((hash) => readText(`${folder}/${hash}/record.json`));
  const before = records();
  await Deno.remove(`${folder}/${hashes[0]}`, { recursive: true });
  const again = await runTask("sweep", ["study.json", "--workers", "2"], { from });
  assert.match(again.stderr, /^6 runs: 5 finished before, 1 to do\n[^\n]*finished\n$/);
  assert.deepEqual(records().slice(1), before.slice(1));
});

Deno.test("the lines of --list, run by a shell, leave the same folders", async () => {
  const from = folderWithStudy();
  const table = `${from}/it's a table.csv`;
  writeFile(table, readText(`${from}/table.csv`));
  writeFile(
    `${from}/study.json`,
    readText(`${from}/study.json`).replace("table.csv", "it's a table.csv"),
  );
  const swept = await runTask("sweep", ["study.json", "--workers", "2", "--out", "swept"], {
    from,
  });
  assert.equal(swept.code, 0, swept.stderr);
  const hashes = namesIn(`${from}/swept`);
  // One is there already, and so is not on the list.
  await Deno.mkdir(`${from}/by hand`);
  await Deno.rename(`${from}/swept/${hashes[2]}`, `${from}/by hand/${hashes[2]}`);
  const listed = await runTask("sweep", ["study.json", "--list", "--out", "by hand"], { from });
  assert.equal(listed.code, 0, listed.stderr);
  assert.equal(listed.stderr, "");
  const lines = listed.stdout.trimEnd().split("\n");
  assert.equal(lines.length, 5);
  assert.deepEqual(namesIn(`${from}/by hand`), [hashes[2]]);
  for (const line of lines) {
    const { code, stderr } = await shell(line);
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual(namesIn(`${from}/by hand`), hashes);
  await Deno.rename(`${from}/by hand/${hashes[2]}`, `${from}/swept/${hashes[2]}`);
  for (const hash of hashes.filter((_, i) => i !== 2)) {
    assertSameRun(`${from}/swept/${hash}`, `${from}/by hand/${hash}`);
  }
  const rest = await runTask("sweep", ["study.json", "--list", "--out", "swept"], { from });
  assert.equal(rest.stdout, "");
  assert.equal(rest.stderr, `No run is missing in ${from}/swept\n`);
});

Deno.test("sweep --list writes no command that is more than one line", async () => {
  const from = folderWithStudy();
  const study = readJsonFile(`${from}/study.json`);
  writeFile(`${from}/study.json`, JSON.stringify({ ...study, name: "x\ntouch pwned\n" }));
  const named = await runTask("sweep", ["study.json", "--list"], { from });
  assert.equal(named.code, 2, named.stderr);
  assert.equal(named.stdout, "");
  assert.match(named.stderr, /^Cannot use study .*, name: found "x\\ntouch pwned\\n", need a name/);
  writeFile(`${from}/study.json`, JSON.stringify(study));
  const unsafe = "x\ntouch pwned";
  for (const [args, env] of [[["--out", unsafe], {}], [[], { SPARSEMBLE_DATA: unsafe }]] as const) {
    const listed = await runTask("sweep", ["study.json", "--list", ...args], { from, env });
    assert.equal(listed.code, 2, listed.stderr);
    assert.equal(listed.stdout, "");
    assert.match(
      listed.stderr,
      /^Cannot write a command: found ".*x\\ntouch pwned", need texts of/,
    );
  }
});

/** Runs a line as it stands; the name `deno` means the one that runs this. */
async function shell(line: string): Promise<{ code: number; stderr: string }> {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    cwd: "/",
    env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("two sweeps on one folder at once share the work, and every run is done once", async () => {
  const from = folderWithStudy(60, [1, 2, 3, 4]);
  const both = await Promise.all(
    [1, 2].map(() =>
      runTask("sweep", ["study.json", "--workers", "1", "--out", "shared"], { from })
    ),
  );
  for (const { code, stderr } of both) assert.equal(code, 0, stderr);
  const alone = await runTask("sweep", ["study.json", "--out", "alone"], { from });
  assert.equal(alone.code, 0, alone.stderr);
  const hashes = namesIn(`${from}/alone`);
  assert.deepEqual(namesIn(`${from}/shared`), hashes);
  for (const hash of hashes) {
    assertSameRun(`${from}/alone/${hash}`, `${from}/shared/${hash}`);
    assert.ok(!isThere(`${from}/shared/${hash}/run.lock`));
    assert.ok(!isThere(`${from}/shared/${hash}/failure.json`));
  }
});

Deno.test("Ctrl-C stops the runs at a checkpoint with status 130, and the same command goes on", async () => {
  const from = folderWithStudy(700, [1, 2]);
  const args = ["study.json", "--workers", "2", "--checkpoint-every", "0.02", "--out", "runs"];
  const process = taskProcess("sweep", args, { from }).spawn();
  const ended = process.output();
  await until("two checkpoints", () => withCheckpoint(`${from}/runs`).length === 2);
  process.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  assert.equal(code, 130, lines.join("\n"));
  assert.equal(stdout.length, 0);
  assert.ok(lines.includes("Stopping every run at a checkpoint; Ctrl-C again stops at once"));
  assert.match(
    lines.at(-1)!,
    /^Stopped: \d of 4 runs are finished\. Go on with: deno task --config \S+ sweep study\.json/,
  );
  for (const name of namesIn(`${from}/runs`)) {
    assert.ok(!isThere(`${from}/runs/${name}/run.lock`), "a worker goes on");
    assert.ok(!isThere(`${from}/runs/${name}/failure.json`), "a stop is no failure");
  }
  const rest = await runTask("sweep", args, { from });
  assert.equal(rest.code, 0, rest.stderr);
  const straight = await runTask("sweep", ["study.json", "--out", "straight"], { from });
  assert.equal(straight.code, 0, straight.stderr);
  for (const hash of namesIn(`${from}/straight`)) {
    assertSameRun(`${from}/straight/${hash}`, `${from}/runs/${hash}`);
  }
});

Deno.test("workers of a sweep that was killed stop by themselves, with a checkpoint", async () => {
  const from = folderWithStudy(100_000, [1]);
  const args = ["study.json", "--workers", "2", "--checkpoint-every", "0.02", "--out", "runs"];
  const process = taskProcess("sweep", args, { from }).spawn();
  const ended = process.output();
  await until("two checkpoints", () => withCheckpoint(`${from}/runs`).length === 2);
  process.kill("SIGKILL");
  await ended;
  const locks = () =>
    namesIn(`${from}/runs`).filter((name) => isThere(`${from}/runs/${name}/run.lock`));
  await until("the workers to stop", () => locks().length === 0);
  assert.equal(withCheckpoint(`${from}/runs`).length, 2);
});

Deno.test("a run that fails is told of, and the sweep ends with status 1", async () => {
  const from = folderWithStudy();
  const study = readJsonFile(`${from}/study.json`);
  study.runs = [{}, { file: "missing.csv", seed: 1 }];
  study.grid = { seed: [1] };
  writeFile(`${from}/study.json`, JSON.stringify(study));
  const { code, stdout, stderr } = await runTask(
    "sweep",
    ["study.json", "--workers", "2", "--json"],
    { from },
  );
  assert.equal(code, 1);
  assert.match(stderr, /\n[0-9a-f]{16}: Cannot read ".*missing\.csv": found no such file\n/);
  assert.match(
    stderr,
    /1 of 2 runs are finished, 1 failed\. Try those again with: deno task .*sweep /,
  );
  const { finished, unfinished } = JSON.parse(stdout);
  assert.equal(finished, 1);
  assert.deepEqual(unfinished.map(({ status }: { status: string }) => status), ["failed"]);
  assert.equal(unfinished[0].config.file, `${from}/missing.csv`);
});

Deno.test("sweep-run does one run, and says of a second attempt that it is finished", async () => {
  const from = folderWithTable();
  const config = JSON.stringify({ ...tinySettings(), file: "table.csv", test: "table.csv" });
  const first = await runTask("sweep-run", ["runs", config], { from });
  assert.equal(first.code, 0, first.stderr);
  const [hash] = namesIn(`${from}/runs`);
  assert.equal(first.stderr, `${hash}: finished\n`);
  const { file, test } = readJsonFile(`${from}/runs/${hash}/config.json`);
  assert.deepEqual([file, test], [`${from}/table.csv`, `${from}/table.csv`]);
  const model = readBytes(`${from}/runs/${hash}/model.safetensors`);
  const second = await runTask("sweep-run", ["runs", config], { from });
  assert.equal(second.code, 0);
  assert.deepEqual(readBytes(`${from}/runs/${hash}/model.safetensors`), model);
});

Deno.test("sweep-run stops at a checkpoint when a scheduler asks it to", async () => {
  const from = folderWithTable();
  const config = JSON.stringify({ ...tinySettings(100_000), file: `${from}/table.csv` });
  const args = ["runs", config, "--checkpoint-every", "0.02"];
  const process = taskProcess("sweep-run", args, { from }).spawn();
  const ended = process.output();
  await until("a checkpoint", () => withCheckpoint(`${from}/runs`).length === 1);
  const second = await runTask("sweep-run", ["runs", config], { from });
  assert.equal(second.code, 75);
  assert.match(second.stderr, /^Cannot use the run folder .*: process \d+ .*has held it since/);
  process.kill("SIGTERM");
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(new TextDecoder().decode(stderr), /^[0-9a-f]{16}: stopped\n$/);
});

/** Arguments, and what must be said of them. */
const MISTAKES: [task: string, args: string[], says: RegExp][] = [
  ["sweep", [], /missing required argument 'STUDY'/],
  ["sweep", ["none.json"], /none\.json": there is no such file/],
  ["sweep", ["table.csv"], /table\.csv": /],
  ["sweep", ["unknown.json"], /study ".*unknown\.json", grid\.epsilom\[0\]: there is none of this/],
  [
    "sweep",
    ["empty.json"],
    /study ".*empty\.json", grid\.seed: found an empty list, need at least/,
  ],
  ["sweep", ["study.json", "--workers", "0"], /found 0 workers, need an integer from 1/],
  ["sweep", ["study.json", "--workers", "two"], /'two' is invalid.*number/],
  ["sweep-run", ["runs", "{"], /Cannot use the configuration: /],
  ["sweep-run", ["runs", "[]"], /Cannot use the configuration: found no JSON object/],
  ["sweep-run", ["runs", `{"file":"a.csv","target":"b","epoch":1}`], /did you mean "epochs"\?/],
];

const from = folderWithStudy();
writeFile(`${from}/unknown.json`, `{"base":{"dataset":"pol"},"grid":{"epsilom":[1]}}`);
writeFile(`${from}/empty.json`, `{"base":{"dataset":"pol"},"grid":{"seed":[]}}`);

for (const [task, args, says] of MISTAKES) {
  Deno.test(`${task} ${args.join(" ")} is told in one sentence`, async () => {
    const { code, stdout, stderr } = await runTask(task, args, { from });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^Cannot [^\n]*[^.]\n$/);
    assert.match(stderr, says);
    assert.ok(!isThere(`${from}/runs`));
  });
}

Deno.test("a worker is given what deno.json gives to sweep-run", async () => {
  const listed = await runTask("sweep", ["study.json", "--list"], { from });
  const { command } = denoTasks()["sweep-run"];
  assert.ok(listed.stdout.startsWith(`cd ${ROOT.replace(/\/$/, "")} && `));
  assert.ok(listed.stdout.includes(` ${command} --threads 1 `));
});

Deno.test("the runs of a sweep are named by what sets them apart", () => {
  const configs = [1, 8].flatMap((blockSize) =>
    [0, 0.1].map((dropout) =>
      completeConfig({ file: "a.csv", target: "class", method: "static", blockSize, dropout })
    )
  );
  const tasks = sweepTasks(configs, "runs");
  const named = runNamer(tasks);
  assert.deepEqual(tasks.map((task) => named(task).replace(task.hash, "hash")), [
    "hash (Single static sparse model, dropout 0, ε = 20, seed 1 on a)",
    "hash (Single static sparse model, dropout 0.1, ε = 20, seed 1 on a)",
    "hash (Single static sparse model, dropout 0, ε = 20, G = 8, seed 1 on a)",
    "hash (Single static sparse model, dropout 0.1, ε = 20, G = 8, seed 1 on a)",
  ]);
});
