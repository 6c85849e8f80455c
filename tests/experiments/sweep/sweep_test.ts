import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { lockRun } from "../../../lib/files/run_lock.ts";
import type { SweepEvent } from "../../../lib/experiments/sweep/executor.ts";
import { readResults } from "../../../lib/experiments/results/results.ts";
import { startRun } from "../../../lib/experiments/run/run.ts";
import { runHash } from "../../../lib/experiments/run/run_hash.ts";
import { sweep, type SweepOptions } from "../../../lib/experiments/sweep/sweep.ts";
import { attemptRun, runState, sweepTasks } from "../../../lib/experiments/sweep/sweep_run.ts";
import { isThere, namesIn, readBytes, readText, writeFile } from "../../files.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { folderWithTable } from "../../tasks/tiny_run.ts";
import { tinyConfigs } from "./tiny_sweep.ts";

/** Gathers what a sweep tells. */
function listener(): { events: SweepEvent[]; onEvent: (event: SweepEvent) => void } {
  const events: SweepEvent[] = [];
  return { events, onEvent: (event) => events.push(event) };
}

/** A worker that dies in the run of seed 2. */
function dying(how: "kill" | "exit"): SweepOptions {
  const program = fileURLToPath(new URL("./dying_worker.ts", import.meta.url));
  const flags = ["--no-check", "--allow-read", "--allow-write", "--allow-run"];
  return { command: [Deno.execPath(), "run", ...flags, program, how, "2"] };
}

Deno.test("a sweep gives every run a folder of its name, with the bytes of a run by itself", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2]);
  const { events, onEvent } = listener();
  const summary = await sweep([...configs, configs[0]], `${from}/runs`, { onEvent });
  assert.deepEqual(summary, {
    folder: `${from}/runs`,
    total: 2,
    finished: 2,
    before: 0,
    unfinished: [],
    stopped: false,
  });
  assert.deepEqual(namesIn(`${from}/runs`), configs.map(runHash).sort());
  for (const config of configs) {
    await startRun(config, `${from}/alone-${config.seed}`);
    assertSameRun(`${from}/alone-${config.seed}`, `${from}/runs/${runHash(config)}`);
  }
  const told = events.map((event) => "task" in event ? [event.type, event.task.hash] : event.type);
  assert.deepEqual(told[0], "plan");
  assert.deepEqual(told.at(-1), ["end", runHash(configs[1])]);
  const epochs = events.flatMap((event) =>
    event.type === "progress" && event.task.config.seed === 1 ? [[event.epoch, event.epochs]] : []
  );
  assert.deepEqual(epochs, [1, 2, 3, 4, 5, 6, 7, 8].map((epoch) => [epoch, 8]));
});

Deno.test("a sweep does only what is missing", async () => {
  const from = folderWithTable();
  const [first, second, third] = tinyConfigs(from, [1, 2, 3]);
  await sweep([first], `${from}/runs`);
  // A run that `deno task train` made, under a name of its own.
  await startRun(second, `${from}/runs/by-hand`);
  const before = [runHash(first), "by-hand"].map((name) =>
    Deno.statSync(`${from}/runs/${name}/record.json`).mtime
  );
  const { events, onEvent } = listener();
  const summary = await sweep([first, second, third], `${from}/runs`, { onEvent });
  assert.equal(summary.before, 2);
  assert.equal(summary.finished, 3);
  const begun = events.flatMap((event) => event.type === "start" ? [event.task.config.seed] : []);
  assert.deepEqual(begun, [3]);
  const after = [runHash(first), "by-hand"].map((name) =>
    Deno.statSync(`${from}/runs/${name}/record.json`).mtime
  );
  assert.deepEqual(after, before);
  assert.deepEqual(namesIn(`${from}/runs`), [runHash(first), runHash(third), "by-hand"].sort());
});

Deno.test("a config.json from before a setting was added is the run of that setting's default", async () => {
  const from = folderWithTable();
  const [config] = tinyConfigs(from, [1]);
  await startRun(config, `${from}/runs/0123456789abcdef`);
  const path = `${from}/runs/0123456789abcdef/config.json`;
  const { labelSmoothing: _, ...older } = JSON.parse(readText(path));
  writeFile(path, JSON.stringify(older));
  const summary = await sweep([config], `${from}/runs`);
  assert.equal(summary.before, 1);
});

for (const how of ["kill", "exit"] as const) {
  Deno.test(`a worker that dies (${how}) costs only its run, which then goes on where it was`, async () => {
    const from = folderWithTable();
    const configs = tinyConfigs(from, [1, 2, 3], 200);
    const folder = `${from}/runs`;
    const options = { ...dying(how), workers: 2, checkpointEvery: 0.01 };
    const first = await sweep(configs, folder, options);
    assert.equal(first.finished, 2);
    assert.equal(first.unfinished.length, 1);
    const [{ task, status, message }] = first.unfinished;
    assert.equal(task.config.seed, 2);
    assert.equal(status, "failed");
    const expected = how === "kill" ? /was ended by SIGKILL$/ : /with status 9 \(out of cheese\)$/;
    assert.match(message!, expected);
    const failure = JSON.parse(readText(`${task.folder}/failure.json`));
    assert.equal(failure.message, message);
    assert.ok(failure.seconds > 0);
    assert.ok(isThere(`${task.folder}/checkpoint.safetensors`));

    const second = await sweep(configs, folder, options);
    assert.equal(second.before, 2);
    assert.equal(second.finished, 3);
    assert.ok(!isThere(`${task.folder}/failure.json`));
    for (const config of configs) {
      await startRun(config, `${from}/alone-${config.seed}`);
      assertSameRun(`${from}/alone-${config.seed}`, `${folder}/${runHash(config)}`);
    }
  });
}

Deno.test("a run that fails says why, is tried again, and holds up no other", async () => {
  const from = folderWithTable();
  const [good, bad] = tinyConfigs(from, [1, 2]);
  const missing = { ...bad, file: `${from}/later.csv` };
  const first = await sweep([missing, good], `${from}/runs`);
  assert.equal(first.finished, 1);
  assert.match(first.unfinished[0].message!, /^Cannot read ".*later\.csv": found no such file$/);
  assert.equal(first.unfinished[0].status, "failed");
  writeFile(`${from}/later.csv`, readBytes(`${from}/table.csv`));
  const second = await sweep([missing, good], `${from}/runs`);
  assert.equal(second.finished, 2);
  assert.ok(!namesIn(first.unfinished[0].task.folder).includes("failure.json"));
});

Deno.test("a folder with another run, or a damaged one, is reported and left alone", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2, 3, 4]);
  const tasks = sweepTasks(configs, `${from}/runs`);
  const [foreign, text, bare] = tasks.map(({ folder }) => folder);
  const [other] = tinyConfigs(from, [9]);
  await startRun(other, foreign);
  await Deno.mkdir(text);
  writeFile(`${text}/config.json`, "{");
  await Deno.mkdir(bare);
  writeFile(`${bare}/model.safetensors`, "somebody's");
  const models = [`${foreign}/model.safetensors`, `${bare}/model.safetensors`].map(readBytes);

  const { finished, unfinished } = await sweep(configs, `${from}/runs`);
  assert.equal(finished, 1);
  assert.deepEqual(unfinished.map(({ status }) => status), ["unusable", "unusable", "unusable"]);
  const [first, second, third] = unfinished.map(({ message }) => message!);
  assert.match(first, new RegExp(`^Cannot use .*: found the run ${runHash(other)} in it, need `));
  assert.match(second, /^Cannot read ".*config\.json": /);
  assert.match(third, /^Cannot use .*: found a run without "config\.json"$/);
  assert.deepEqual(namesIn(text), ["config.json"]);
  assert.deepEqual(namesIn(bare), ["model.safetensors"]);
  const after = [`${foreign}/model.safetensors`, `${bare}/model.safetensors`].map(readBytes);
  assert.deepEqual(after, models);
  assert.equal((await attemptRun(tasks[0])).status, "unusable");
});

Deno.test("a damaged checkpoint is reported, and not begun anew over it", async () => {
  const from = folderWithTable();
  const [config] = tinyConfigs(from, [2], 200);
  const options = { ...dying("kill"), checkpointEvery: 0.01 };
  const { unfinished: [{ task }] } = await sweep([config], `${from}/runs`, options);
  const path = `${task.folder}/checkpoint.safetensors`;
  const bytes = readBytes(path);
  bytes[bytes.length - 5] ^= 1;
  writeFile(path, bytes);
  const { unfinished } = await sweep([config], `${from}/runs`, options);
  assert.match(unfinished[0].message!, /^Cannot read ".*": found content with SHA-256/);
  assert.deepEqual(readBytes(path), bytes);
});

Deno.test("a sweep that is asked to stop stops its run at a checkpoint, and begins no other", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2], 2000);
  const stopper = new AbortController();
  const summary = await sweep(configs, `${from}/runs`, {
    signal: stopper.signal,
    onEvent: (event) => event.type === "progress" && event.epoch === 5 && stopper.abort(),
  });
  assert.equal(summary.stopped, true);
  assert.equal(summary.finished, 0);
  assert.deepEqual(summary.unfinished.map(({ status }) => status), ["begun", "missing"]);
  assert.ok(isThere(`${summary.unfinished[0].task.folder}/checkpoint.safetensors`));
});

Deno.test("a run that another process is at is passed over and looked at again at the end", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2]);
  const [task] = sweepTasks(configs, `${from}/runs`);
  const lock = lockRun(task.folder);
  const { events, onEvent } = listener();
  const summary = await sweep(configs, `${from}/runs`, {
    onEvent(event) {
      onEvent(event);
      if (event.type === "waiting") lock.release();
    },
  });
  assert.equal(summary.finished, 2);
  const ends = events.flatMap((event) =>
    event.type === "end" ? [[event.task.config.seed, event.attempt.status]] : []
  );
  assert.deepEqual(ends, [[1, "held"], [2, "finished"], [1, "finished"]]);
  assert.equal(runState(task).status, "finished");
});

Deno.test("an executor of one's own gets the runs that are missing, and the folder tells what it did", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2, 3]);
  await sweep([configs[1]], `${from}/runs`);
  const given: number[] = [];
  const summary = await sweep(configs, `${from}/runs`, {
    async executor(tasks, { folder }) {
      assert.equal(folder, `${from}/runs`);
      given.push(...tasks.map(({ config }) => config.seed));
      await attemptRun(tasks[1]);
    },
  });
  assert.deepEqual(given, [1, 3]);
  assert.equal(summary.finished, 2);
  assert.deepEqual(summary.unfinished.map(({ status }) => status), ["missing"]);
  assert.deepEqual(readResults(`${from}/runs`).map(({ config }) => config.seed).sort(), [2, 3]);
});

Deno.test("a sweep without a configuration, or with impossible workers, is refused", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1]);
  await assert.rejects(
    sweep([], `${from}/runs`),
    /^RangeError: Cannot begin a sweep: found no con/,
  );
  const refused = (options: SweepOptions) =>
    assert.rejects(sweep(configs, `${from}/runs`, options));
  await refused({ workers: 0 });
  await refused({ threads: 1.5 });
  await refused({ workers: 2 });
  assert.ok(!isThere(`${from}/runs/${runHash(configs[0])}`));
});
