/** Runs whose rows are streamed: the folder, stopped and killed runs, and what cannot be streamed. */
import assert from "node:assert/strict";
import {
  completeConfig,
  readRunData,
  resumeRun,
  type RunConfig,
  type RunOptions,
  startRun,
} from "../../lib/experiments/run/mod.ts";
import { isThere, namesIn, newFolder, readBytes, writeFile } from "../files.ts";
import { assertSameRun } from "../soak/kill_and_resume.ts";
import { mixedTable } from "./tiny_tables.ts";

/** A table of which a window of half a megabyte holds a third. */
function wideTable(): string {
  let state = 3;
  const next = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 28;
  const columns = 120;
  const names = Array.from({ length: columns }, (_, column) => `x${column}`);
  const lines = [[...names, "class"].join(",")];
  for (let row = 0; row < 2600; row++) {
    const cells = names.map(next);
    lines.push([...cells, cells[0] + cells[1] > 15 ? "high" : "low"].join(","));
  }
  const path = `${newFolder()}/wide.csv`;
  writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

function config(file: string, other: Readonly<Record<string, unknown>> = {}): RunConfig {
  return completeConfig({
    ...{
      file,
      target: "class",
      method: "set",
      hidden: [24, 24],
      epsilon: 2,
      epochs: 5,
      members: 2,
    },
    ...{ batchSize: 50, kernels: "wasm", memory: 1_000_000, testFraction: 0.1 },
    ...other,
  });
}

/** Options of a run that stops, with its only checkpoint, right after a batch. */
function stopAt(epoch: number, batch: number): RunOptions {
  const stopper = new AbortController();
  return {
    checkpointEvery: 0,
    signal: stopper.signal,
    onEvent(event) {
      if (event.type !== "batch" || event.epoch !== epoch || event.batch !== batch) return;
      stopper.abort();
      // A run looks at its signal every 50 ms.
      for (const from = performance.now(); performance.now() < from + 60;);
    },
  };
}

Deno.test("a run with streamed rows, stopped and resumed, ends with the same bytes and without its rows", async () => {
  const file = wideTable();
  const folder = newFolder();
  const straight = await startRun(config(file), `${folder}/straight`);
  assert.equal(straight.status, "finished");
  assert.deepEqual(namesIn(`${folder}/straight`), [
    ...["config.json", "events.jsonl", "model.safetensors", "record.json"],
  ]);

  const stopped = `${folder}/stopped`;
  assert.equal((await startRun(config(file), stopped, stopAt(2, 20))).status, "stopped");
  assert.ok(["rows.f32", "rows.f32.safetensors"].every((name) => isThere(`${stopped}/${name}`)));
  // The table itself is no longer needed.
  await Deno.rename(file, `${file}.gone`);
  await Deno.mkdir(`${folder}/elsewhere`);
  await assert.rejects(
    startRun(config(file), `${folder}/elsewhere`),
    /wide\.csv": found no such file/,
  );
  assert.equal((await resumeRun(stopped, stopAt(7, 3))).status, "stopped");
  assert.equal((await resumeRun(stopped)).status, "finished");
  assertSameRun(stopped, `${folder}/straight`);
  assert.deepEqual(namesIn(stopped), namesIn(`${folder}/straight`));
});

Deno.test("rows that are damaged, missing or half written are made again from the table", async () => {
  const file = wideTable();
  const folder = newFolder();
  await startRun(config(file), `${folder}/straight`);
  const damages: Record<string, (run: string) => void> = {
    truncated: (run) => Deno.truncateSync(`${run}/rows.f32`, 1000),
    flipped(run) {
      const bytes = readBytes(`${run}/rows.f32`);
      bytes[1234] ^= 1;
      writeFile(`${run}/rows.f32`, bytes);
    },
    described(run) {
      const bytes = readBytes(`${run}/rows.f32.safetensors`);
      bytes[bytes.length - 9] ^= 1;
      writeFile(`${run}/rows.f32.safetensors`, bytes);
    },
    "not described": (run) => Deno.removeSync(`${run}/rows.f32.safetensors`),
    "half made": (run) => {
      Deno.renameSync(`${run}/rows.f32`, `${run}/rows.f32.raw`);
      writeFile(`${run}/rows.f32.raw`, "half a row");
      writeFile(`${run}/.rows.f32.4711-0.tmp`, "half a row");
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    const run = `${folder}/${name}`;
    await startRun(config(file), run, stopAt(1, 5));
    damage(run);
    assert.equal((await resumeRun(run)).status, "finished");
    assertSameRun(run, `${folder}/straight`);
    assert.deepEqual(namesIn(run), namesIn(`${folder}/straight`), name);
  }
});

Deno.test("a table that changed is refused where its rows are made again, until it is as it was", async () => {
  const [file, test] = [wideTable(), wideTable()];
  const folder = newFolder();
  const whole = readBytes(file);
  const changed = new TextDecoder().decode(whole).replace("\n1", "\n2");
  for (const other of [{}, { test }]) {
    const [run, straight] = [newFolder(), `${folder}/${Object.keys(other).length}`];
    await startRun(config(file, other), straight);
    await startRun(config(file, other), run, stopAt(1, 5));
    writeFile(file, changed);
    await Deno.remove(`${run}/rows.f32`);
    await assert.rejects(resumeRun(run), /its data have changed since it began, need the same$/);
    await Deno.rename(test, `${test}.gone`);
    await assert.rejects(resumeRun(run), /changed since it began|found no such file/);
    await Deno.rename(`${test}.gone`, test);
    writeFile(file, whole);
    assert.equal((await resumeRun(run)).status, "finished");
    assertSameRun(run, straight);
  }
});

Deno.test("a run that cannot begin leaves nothing of its rows", async () => {
  const folder = newFolder();
  const file = mixedTable();
  await assert.rejects(
    startRun(config(file, { coverage: 0.999 }), `${folder}/run`),
    /Cannot hold a share of 0\.999 of new rows: found \d+ held-out rows, need 999/,
  );
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("the threads of a run with streamed rows change no byte", async () => {
  const file = mixedTable();
  const folder = newFolder();
  await startRun(config(file, { ignore: ["price"] }), `${folder}/one`);
  await startRun(config(file, { ignore: ["price"] }), `${folder}/two`, { threads: 2 });
  assertSameRun(`${folder}/two`, `${folder}/one`);
});

Deno.test("trials that nobody asked for are left out, and the middle candidate is trained", () => {
  const { trials, candidates, frequency, dropout, members } = completeConfig({
    ...{ file: "t.csv", target: "y", memory: 2e9 },
  });
  assert.deepEqual([trials, candidates, frequency, dropout, members], [0, [], 0.2, 0.2, 8]);
  const complete = completeConfig({ file: "t.csv", target: "y", memory: 2e9 });
  assert.deepEqual(completeConfig(complete as unknown as Record<string, unknown>), complete);
});

Deno.test("what needs all rows in memory is refused in one sentence", async () => {
  const cases: [given: Record<string, unknown>, message: RegExp][] = [
    [
      { method: undefined, trials: 1 },
      /found "trials" 1, whose members learn from all rows at last, which/,
    ],
    [
      { classWeights: "balanced" },
      /Cannot stream rows: found "classWeights" "balanced", which needs all/,
    ],
    [{ memberWeighting: 1 }, /found "memberWeighting" 1, which needs all rows in memory, need 0/],
    [{ workers: 2 }, /found "workers" 2, which needs all rows in memory, need 1 worker/],
    [{ method: "bagging" }, /found method "bagging", whose members learn from rows of their own/],
    [
      { budget: 60, method: undefined, epochs: undefined, members: undefined },
      /found "(trials|budget)"/,
    ],
    [
      { weights: "w" },
      /Cannot use setting "memory": found weights of rows, .* need rows without weights, or no "memory"$/,
    ],
    [
      { memory: 10 },
      /Cannot stream rows in a memory of 10: need a size from 1MB, such as 500MB or 2GB/,
    ],
    [{ memory: "2GB" }, /Cannot use setting "memory": found "2GB", need a number of bytes/],
  ];
  for (const [given, message] of cases) {
    assert.throws(() => config("table.csv", given), message, JSON.stringify(given));
  }
  await assert.rejects(readRunData(config("t.csv")), /found "memory" in the configuration/);
  await assert.rejects(
    startRun(config("made:table"), `${newFolder()}/run`),
    /Cannot stream "made:table": found a table that is made, need a file/,
  );
});
