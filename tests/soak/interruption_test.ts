/** Interruptions at the worst moments: between two files, on a full disk, in a run that diverges. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { decodeSafetensors } from "../../lib/files/safetensors.ts";
import { resumeRun, type RunEvent, startRun } from "../../lib/experiments/run/run.ts";
import { completeConfig } from "../../lib/experiments/run/run_config.ts";
import { readCheckpoint, runFiles } from "../../lib/experiments/run/run_folder.ts";
import {
  isThere,
  namesIn,
  newFolder,
  readBytes,
  readJsonFile,
  readText,
  writeFile,
} from "../files.ts";
import { ROOT, runTask, taskProcess } from "../tasks/run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tasks/tiny_run.ts";
import { assertSameRun, killUnlessOver } from "./kill_and_resume.ts";
import { readingDisplay } from "../../tasks/terminal/progress_display.ts";

const TABLE = ["table.csv", "--target", "class"];

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)!;
}

Deno.test("a run killed before or after any of its renames goes on to the same bytes", async () => {
  const from = folderWithTable();
  const args = [...TABLE, ...tinyOptions(), "--out", "straight"];
  const straight = await runTask("train", args, { from });
  assert.equal(straight.code, 0, straight.stderr);
  const program = fileURLToPath(new URL("killed_at_rename.ts", import.meta.url));
  const config = `${from}/straight/config.json`;
  const start = async (kind: string, run: string, number: number, moment: string) => {
    const args = ["run", "--allow-all", program, kind, config, run, `${number}`, moment];
    return (await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output()).signal;
  };
  let windows = 0;
  for (let number = 1; number <= 10; number++) {
    const run = `${from}/run-${number}`;
    // The last round has no such rename, and ends by itself.
    if (await start("start", run, number, number % 2 === 0 ? "before" : "after") === null) break;
    windows++;
    // The first rename of a resumed run is that of its events.
    if (isThere(`${run}/config.json`) && !isThere(`${run}/record.json`)) {
      assert.equal(await start("resume", run, 1, "before"), "SIGKILL");
    }
    if (!isThere(`${run}/record.json`)) {
      const resume = isThere(`${run}/config.json`)
        ? ["--resume", run]
        : ["--config", config, "--out", run];
      const { code, stderr } = await runTask("train", resume, { from });
      assert.equal(code, 0, stderr);
    }
    assertSameRun(`${from}/straight`, run);
  }
  // Events, configuration, a member's checkpoint, model, record.
  assert.ok(windows >= 5, `${windows}`);
});

const mounted = (() => {
  if (Deno.build.os !== "linux") return null;
  const folder = newFolder();
  try {
    const args = ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder];
    return new Deno.Command("mount", { args, stderr: "null" }).outputSync().success ? folder : null;
  } catch {
    return null;
  }
})();
if (mounted !== null) {
  globalThis.addEventListener("unload", () => {
    new Deno.Command("umount", { args: [mounted], stderr: "null" }).outputSync();
  });
}

Deno.test({
  name: "a run whose disk becomes full says so and goes on later (needs a mounted tmpfs)",
  ignore: mounted === null,
  async fn() {
    const from = folderWithTable();
    const epochs = 4000;
    const options = [...TABLE, ...tinyOptions("fd", epochs)];
    const run = `${mounted}/run`;
    const process = taskProcess("train", [
      ...options,
      ...["--checkpoint-every", "0.02", "--out", run],
    ], { from }).spawn();
    const ended = process.output();
    while (!isThere(`${run}/checkpoint.safetensors`)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // Takes all the room there is.
    const filler = await Deno.open(`${mounted}/filler`, { write: true, create: true });
    try {
      for (;;) await filler.write(new Uint8Array(1024));
    } catch (error) {
      assert.match((error as Error).message, /No space/);
    } finally {
      filler.close();
    }
    const { code, stderr } = await ended;
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 1, said);
    assert.match(lastLine(said), /^Cannot write ".*\/run\/.*": the disk is full/);
    assert.doesNotMatch(said, /^ +at /m);
    // What is there is good, and nothing half written lies about.
    assert.ok(readCheckpoint(runFiles(run)) !== null);
    assert.deepEqual(namesIn(run).filter((name) => name.endsWith(".tmp")), []);
    const again = await runTask("train", ["--resume", run], { from });
    assert.equal(again.code, 1);
    assert.match(lastLine(again.stderr), /^Cannot .*the disk is full/);
    assert.ok(readCheckpoint(runFiles(run)) !== null);

    await Deno.remove(`${mounted}/filler`);
    // The events of so many epochs would not fit: the rest goes on where there is room.
    const moved = `${from}/run`;
    await Deno.mkdir(moved);
    for (const name of namesIn(run).filter((name) => !name.startsWith("."))) {
      await Deno.copyFile(`${run}/${name}`, `${moved}/${name}`);
    }
    const resumed = await runTask("train", ["--resume", moved], { from });
    assert.equal(resumed.code, 0, resumed.stderr);
    const straight = await runTask("train", [...options, "--out", "straight"], { from });
    assert.equal(straight.code, 0, straight.stderr);
    assertSameRun(`${from}/straight`, moved);
  },
});

Deno.test("a folder that cannot be written is told before the table is read", async () => {
  const from = folderWithTable();
  writeFile(`${from}/file`, "");
  const args = ["missing.csv", "--target", "class", "--out", "file/run"];
  const { code, stderr } = await runTask("train", args, { from });
  assert.notEqual(code, 0);
  assert.match(lastLine(stderr), /^Cannot .*file\/run.*: a part of the path is a file/);
  assert.deepEqual(namesIn(from), ["file", "table.csv"]);
});

Deno.test("a run that diverges keeps a checkpoint that can be read, and says what to change", async () => {
  const from = folderWithTable();
  const args = [...TABLE, ...tinyOptions(), "--checkpoint-every", "0.0000001"];
  const { code, stdout, stderr } = await runTask("train", [
    ...args,
    ...["--learning-rate", "4", "--momentum", "0", "--weight-decay", "0", "--out", "run"],
  ], { from });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(
    lastLine(stderr),
    /^Cannot go on training: the loss is \S+ in epoch \d+, batch \d+; try a learning rate below 4, or --on-divergence rollback$/,
  );
  const checkpoint = readCheckpoint(runFiles(`${from}/run`));
  assert.ok(checkpoint !== null && checkpoint.saved.progress.step > 0);
});

Deno.test("a broken network never takes the place of the last good checkpoint", async () => {
  const from = folderWithTable();
  const config = completeConfig({
    ...{ file: `${from}/table.csv`, target: "class", hidden: [24, 24], epsilon: 2, epochs: 12 },
    ...{ method: "fd", explore: 4, members: 2, batchSize: 16, kernels: "wasm" },
  });
  let weights: { [index: number]: number } | undefined;
  let checkpoints = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === "ready") weights = event.run.stage.network.layers[0].weights;
    if (event.type === "checkpoint") checkpoints++;
    if (event.type === "batch" && event.epoch === 1 && event.batch === 3) weights![0] = NaN;
  };
  await assert.rejects(
    startRun(config, `${from}/run`, { checkpointEvery: 1e-9, onEvent }),
    /^TrainingDiverged: Cannot go on training: the loss is NaN in epoch 2, batch 4/,
  );
  assert.ok(checkpoints >= 10);
  const { step } = readCheckpoint(runFiles(`${from}/run`))!.saved.progress;
  assert.equal(step, 9 + 2);
  assert.equal((await resumeRun(`${from}/run`)).status, "finished");
});

Deno.test("train --on-divergence rollback tells and records that it went back", async () => {
  const from = folderWithTable();
  const { code, stdout, stderr } = await runTask("train", [
    ...[...TABLE, ...tinyOptions("fd", 100), "--on-divergence", "rollback", "--out", "run"],
    ...["--learning-rate", "2", "--momentum", "0", "--weight-decay", "0", "--json"],
  ], { from });
  assert.equal(code, 0, stderr);
  const { rollbacks } = readJsonFile(`${from}/run/record.json`);
  assert.ok(rollbacks.length >= 1 && rollbacks.length <= 3);
  assert.equal(rollbacks[0].learningRate, 2);
  assert.deepEqual(JSON.parse(stdout).rollbacks, rollbacks);
  const told = stderr.match(/^The loss is .* training goes back, with half the learning rate/gm);
  assert.equal(told?.length, rollbacks.length);
  const logged = readText(`${from}/run/events.jsonl`).match(/"type":"rollback"/g);
  assert.equal(logged?.length, rollbacks.length);
});

Deno.test("a checkpoint is written every 30 s of training unless told otherwise, and at a member's end", async () => {
  const from = folderWithTable();
  const clock = performance.now;
  for (const [checkpointEvery, most] of [[undefined, 30_000], [5, 5000]] as const) {
    const config = completeConfig({
      ...{ file: `${from}/table.csv`, target: "class", hidden: [24], epsilon: 2, epochs: 60 },
      ...{ method: "fd", explore: 20, members: 2, batchSize: 16, kernels: "wasm" },
    });
    // A clock that goes on by a quarter of a second whenever it is looked at.
    let now = 0;
    performance.now = () => now += 250;
    const times: number[] = [];
    let ready = 0;
    const after: string[] = [];
    try {
      await startRun(config, `${from}/run-${most}`, {
        checkpointEvery,
        onEvent(event) {
          if (event.type === "ready") ready = now;
          if (event.type === "checkpoint") times.push(now);
          if (event.type === "member" || event.type === "checkpoint") after.push(event.type);
        },
      });
    } finally {
      performance.now = clock;
    }
    assert.ok(times.length > 5);
    const gaps = times.map((time, i) => time - (times[i - 1] ?? ready));
    // A batch looks at the clock a handful of times.
    assert.ok(gaps.every((gap) => gap < most + 5000), gaps.join());
    const long = gaps.filter((gap) => gap >= most).length;
    // One is early: that at the first member's end.
    assert.ok(long >= gaps.length - 2, gaps.join());
    assert.equal(after[after.indexOf("member") + 1], "checkpoint");
  }
});

Deno.test("progress is told of a table that takes long to read, every two seconds", () => {
  const said: string[] = [];
  let now = 0;
  const display = readingDisplay((line) => said.push(line), () => now);
  for (const [time, rows] of [[0, 1], [1999, 2], [2000, 3], [3000, 4], [4500, 5]]) {
    now = time;
    display("table.csv", { bytesRead: rows, bytesTotal: 10, rows });
  }
  assert.deepEqual(said, [
    "Reading table.csv: 3 rows, 30.00 %",
    "Reading table.csv: 5 rows, 50.00 %",
  ]);
});

Deno.test("Ctrl-C ends a task that waits for a table on standard input", async () => {
  const from = newFolder();
  const args = ["-", "--target", "class", "--out", "run"];
  const process = taskProcess("train", args, { from, input: "" }).spawn();
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode(tinyTable()));
  let said = "";
  const listening = (async () => {
    for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) said += text;
  })();
  // Whether it already waits or still begins: the first signal stops it, or the second.
  const timer = setInterval(() => killUnlessOver(process, "SIGINT"), 500);
  const { code } = await process.status;
  clearInterval(timer);
  await Promise.all([listening, process.stdout.cancel(), input.abort().catch(() => {})]);
  assert.equal(code, 130, said);
});

Deno.test("numbers that are none, one class, and a class of the test file alone cannot get in", async () => {
  const from = newFolder();
  const table = tinyTable().split("\n");
  const tables: [name: string, lines: string[], says: RegExp][] = [
    [
      "nan",
      table.with(5, table[5].replace(/^[^,]*/, "NaN")),
      /line 6, column "a": found "NaN", a missing/,
    ],
    [
      "infinite",
      table.with(5, table[5].replace(/^[^,]*/, "1e999")),
      /line 6, column "a": found "1e999"/,
    ],
    [
      "one class",
      [table[0], ...table.slice(1).filter((line) => /yes$/.test(line))],
      /found the one class "yes"/,
    ],
    ["header", [table[0]], /found a header only, need at least one row/],
  ];
  for (const [name, lines, says] of tables) {
    writeFile(`${from}/table.csv`, lines.join("\n"));
    // Without the option a missing value is filled in, and the run says so.
    const strict = [...TABLE, "--missing", "error", "--out", "run"];
    const { code, stderr } = await runTask("train", strict, { from });
    assert.equal(code, 2, name);
    assert.equal(stderr.trimEnd().split("\n").length, 1);
    assert.match(stderr, says);
  }
  writeFile(`${from}/table.csv`, table.join("\n"));
  writeFile(`${from}/test.csv`, table.with(9, table[9].replace(/\w+$/, "maybe")).join("\n"));
  const args = [...TABLE, "--test", "test.csv", "--out", "run", ...tinyOptions()];
  const { code, stderr } = await runTask("train", args, { from });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot read ".*test\.csv", line 10, column "class": found the class "maybe", need one of "no", "yes"\n$/,
  );
  assert.deepEqual(namesIn(from), ["table.csv", "test.csv"]);
});

Deno.test("a constant column is told, dropped, and recorded", async () => {
  const from = newFolder();
  const lines = tinyTable().trimEnd().split("\n");
  writeFile(
    `${from}/table.csv`,
    lines.map((line, i) => i === 0 ? `always,${line}` : `7,${line}`).join("\n"),
  );
  const args = [...TABLE, ...tinyOptions(), "--out", "run"];
  const { code, stderr } = await runTask("train", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Column "always" is left out: it is \S+ in all rows$/m);
  assert.deepEqual(readJsonFile(`${from}/run/record.json`).droppedColumns, ["always"]);
  const { tensors } = decodeSafetensors(readBytes(`${from}/run/model.safetensors`), "model");
  assert.deepEqual(Array.from(tensors.get("preprocessing.kept")!.data as Int32Array), [1, 2, 3, 4]);
});
