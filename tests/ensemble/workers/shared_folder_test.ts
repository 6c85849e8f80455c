/**
 * Workers that share a folder with their master. The processes of a cluster are functions here: the folder is
 * all that they have in common.
 */
import assert from "node:assert/strict";
import {
  type FolderState,
  folderTeam,
  openRun,
  trainTogether,
  workInFolder,
} from "../../../lib/ensemble/mod.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { isThere, namesIn, newFolder, readJsonFile, writeFile } from "../../files.ts";
import { PROBLEM, tinySettings } from "../tiny_runs.ts";

const KERNELS = wasmKernels();

async function inThisThread(settings: ReturnType<typeof tinySettings>) {
  using run = openRun(PROBLEM, settings, KERNELS);
  for await (const _ of trainTogether(run));
  return run.progress.members;
}

Deno.test("workers that share a folder give the bytes of one thread, synchronously", async () => {
  const settings = tinySettings("set", { workers: 2, epochs: 5 });
  const folder = `${newFolder()}/team`;
  using run = openRun(PROBLEM, settings, KERNELS);
  const workers = [0, 1].map((worker) => workInFolder(folder, worker));
  {
    using team = folderTeam(run, folder);
    for await (const _ of trainTogether(run, { team }));
  }
  await Promise.all(workers);
  assert.deepEqual(run.progress.members, await inThisThread(settings));
  // The session is gone, and whoever comes late learns that the work is done.
  assert.deepEqual(readJsonFile(`${folder}/session.json`), { session: null, done: true });
  assert.equal(namesIn(folder).length, 1);
  await workInFolder(folder, 1);
});

Deno.test("a worker that leaves at any task is replaced, and the bytes are the same", async () => {
  const settings = tinySettings("rigl", { workers: 2, epochs: 5, updateSteps: undefined });
  const folder = `${newFolder()}/team`;
  using run = openRun(PROBLEM, settings, KERNELS);
  let leave = new AbortController();
  let worker = workInFolder(folder, 0, { signal: leave.signal });
  const other = workInFolder(folder, 1);
  {
    using team = folderTeam(run, folder);
    let events = 0;
    for await (const _ of trainTogether(run, { team })) {
      if (++events % 7 !== 0) continue;
      leave.abort();
      await worker;
      leave = new AbortController();
      worker = workInFolder(folder, 0, { signal: leave.signal });
    }
  }
  await Promise.all([worker, other]);
  assert.deepEqual(run.progress.members, await inThisThread(settings));
});

Deno.test("a master that stops leaves its workers to the next one", async () => {
  const settings = tinySettings("set", { workers: 2, exchange: "asynchronous", epochs: 4 });
  const folder = `${newFolder()}/team`;
  const workers = [0, 1].map((worker) => workInFolder(folder, worker));
  using killed = openRun(PROBLEM, settings, KERNELS);
  // It is never closed, as a process that is killed closes nothing.
  const left = folderTeam(killed, folder);
  for await (const event of trainTogether(killed, { team: left })) {
    if (event.type === "epoch") break;
  }
  assert.ok(isThere(`${folder}/session.json`));
  using run = openRun(PROBLEM, settings, KERNELS);
  {
    using team = folderTeam(run, folder);
    for await (const _ of trainTogether(run, { team }));
  }
  await Promise.all(workers);
  assert.equal(run.progress.members.length, 1);
});

Deno.test("a master that is asked to stop leaves its workers to the next one", async () => {
  const settings = tinySettings("set", { workers: 2, epochs: 4 });
  const folder = `${newFolder()}/team`;
  const stop = new AbortController();
  using run = openRun(PROBLEM, settings, KERNELS);
  {
    using team = folderTeam(run, folder, stop.signal);
    stop.abort();
    assert.ok(team.threads > 0);
  }
  assert.deepEqual(readJsonFile(`${folder}/session.json`), { session: null, done: false });
  // They come before the next master, as the tasks of a job that is submitted again.
  const workers = [0, 1].map((worker) => workInFolder(folder, worker));
  {
    using team = folderTeam(run, folder);
    for await (const _ of trainTogether(run, { team }));
  }
  await Promise.all(workers);
  assert.deepEqual(run.progress.members, await inThisThread(settings));
});

Deno.test("of two masters in one folder the later one has the workers, and the other ends in a sentence", async () => {
  const settings = tinySettings("set", { workers: 2, epochs: 4 });
  const folder = `${newFolder()}/team`;
  const workers = [0, 1].map((worker) => workInFolder(folder, worker));
  using early = openRun(PROBLEM, settings, KERNELS);
  using late = openRun(PROBLEM, settings, KERNELS);
  {
    using earlyTeam = folderTeam(early, folder);
    const began = trainTogether(early, { team: earlyTeam });
    await began.next();
    using team = folderTeam(late, folder);
    await assert.rejects(async () => {
      for await (const _ of began);
    }, /Cannot go on with the workers in ".*team": found another run in it, need a folder that no/);
    // It takes nothing with it.
    earlyTeam[Symbol.dispose]();
    for await (const _ of trainTogether(late, { team }));
  }
  await Promise.all(workers);
  assert.deepEqual(late.progress.members, await inThisThread(settings));
});

Deno.test("a master whose folder is removed ends in a sentence", async () => {
  const folder = `${newFolder()}/team`;
  using run = openRun(PROBLEM, tinySettings("set", { workers: 2 }), KERNELS);
  using team = folderTeam(run, folder);
  await Deno.remove(folder, { recursive: true });
  await assert.rejects(async () => {
    for await (const _ of trainTogether(run, { team }));
  }, /Cannot (write|go on with the workers in) ".*team/);
});

Deno.test("a worker whose number is too large is told so", async () => {
  const folder = `${newFolder()}/team`;
  using run = openRun(PROBLEM, tinySettings("set", { workers: 2 }), KERNELS);
  using _ = folderTeam(run, folder);
  await assert.rejects(workInFolder(folder, 2), /found worker 2, need one from 0 to 1/);
});

Deno.test("a worker is told in which state its folder is", async () => {
  const settings = tinySettings("set", { workers: 2, epochs: 2 });
  const folder = `${newFolder()}/team`;
  const states: FolderState[] = [];
  const seen = (state: FolderState) =>
    new Promise<void>((resolve) => {
      const look = () => states.at(-1) === state ? resolve() : setTimeout(look, 1);
      look();
    });
  const worker = workInFolder(folder, 0, { onState: (state) => states.push(state) });
  assert.deepEqual(states, ["no folder"]);
  await Deno.mkdir(folder);
  await seen("no master");
  const other = workInFolder(folder, 1);
  using run = openRun(PROBLEM, settings, KERNELS);
  {
    using team = folderTeam(run, folder);
    for await (const _ of trainTogether(run, { team }));
  }
  await Promise.all([worker, other]);
  assert.deepEqual(states, ["no folder", "no master", "working", "done"]);
});

Deno.test("a worker does not wait where no folder can come", async () => {
  const folder = newFolder();
  writeFile(`${folder}/table.csv`, "x\n1\n");
  for (
    const [path, says] of [
      [`${folder}/misspelt/team`, /found nothing at ".*\/misspelt", need a folder there/],
      [`${folder}/table.csv`, /found a file at ".*\/table\.csv", need a folder there/],
      [`${folder}/table.csv/team`, /found a file at ".*\/table\.csv", need a folder there/],
    ] as const
  ) await assert.rejects(workInFolder(path, 0), says);
});

Deno.test("a damaged message is told with its file", async () => {
  const folder = newFolder();
  writeFile(`${folder}/session.json`, '{"session": "sess');
  await assert.rejects(
    workInFolder(folder, 0),
    /Cannot read ".*session\.json": found a damaged message .* another --worker-folder/,
  );
  writeFile(`${folder}/session.json`, '{"session": "session-cut", "done": false}');
  await Deno.mkdir(`${folder}/session-cut`);
  writeFile(`${folder}/session-cut/begin`, "no message");
  await assert.rejects(workInFolder(folder, 0), /session-cut\/begin": found a damaged message/);
});

Deno.test("a folder that cannot be written is told by the system's reason", () => {
  using run = openRun(PROBLEM, tinySettings("set", { workers: 2 }), KERNELS);
  const folder = newFolder();
  Deno.mkdirSync(`${folder}/session.json`);
  assert.throws(
    () => folderTeam(run, folder),
    /Cannot write ".*session\.json": there is a folder of that name/,
  );
});
