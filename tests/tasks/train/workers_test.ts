/** Several workers on one network, at the door: threads, processes that share a folder, kills. */
import assert from "node:assert/strict";
import { randomStream } from "../../../lib/random.ts";
import { isThere, newFolder, readBytes, readJsonFile } from "../../files.ts";
import { killAndResume } from "../../soak/kill_and_resume.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

Deno.test("train --workers 2 in two threads, killed and resumed, ends with the same bytes", async () => {
  const from = folderWithTable();
  const options = [...tinyOptions("set", 120), "--workers", "2", "--threads", "2"];
  const counts = await killAndResume({
    args: [`${from}/table.csv`, "--target", "class", ...options],
    kills: 2,
    random: randomStream(1, "kills", "workers"),
  });
  assert.equal(counts.kills, 2);
});

Deno.test("processes that share a folder give the bytes of one process, and one of them may be killed", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "--target", "class", ...tinyOptions("set", 30), "--workers", "2"];
  const alone = await runTask("train", [...args, "--out", "alone"], { from });
  assert.equal(alone.code, 0, alone.stderr);
  const join = (worker: number) =>
    taskProcess("train", ["--join", "team", "--worker", `${worker}`], { from }).spawn();
  const master = taskProcess("train", [...args, "--out", "shared", "--worker-folder", "team"], {
    from,
  }).spawn();
  const workers = [join(0), join(1)];
  while (!isThere(`${from}/team/session.json`)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  workers[0].kill("SIGKILL");
  await workers[0].output();
  workers[0] = join(0);
  const { code, stderr } = await master.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  for (const worker of workers) assert.equal((await worker.output()).code, 0);
  const model = (run: string) => readBytes(`${from}/${run}/model.safetensors`);
  assert.deepEqual(model("shared"), model("alone"));
  const { team: told } = readJsonFile(`${from}/shared/record.json`);
  assert.deepEqual(told, { count: 2, exchange: "synchronous", repeatable: true });
});

Deno.test("one Ctrl-C ends a master that waits for workers who do not come, and the run goes on later", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "--target", "class", ...tinyOptions("set", 4), "--workers", "2"];
  const own = ["--out", "shared", "--worker-folder", "team"];
  const master = taskProcess("train", [...args, ...own], { from }).spawn();
  while (!isThere(`${from}/team/session.json`)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  master.kill("SIGINT");
  const { code, stderr } = await master.output();
  const said = new TextDecoder().decode(stderr);
  assert.match(said, /Stopping after this batch/);
  const alone = await runTask("train", [...args, "--out", "alone"], { from });
  const resumed = await runTask("train", ["--resume", "shared"], { from });
  assert.equal(resumed.code, 0, resumed.stderr);
  const model = (run: string) => readBytes(`${from}/${run}/model.safetensors`);
  assert.deepEqual(model("shared"), model("alone"));
  const stopped = await stoppedCode(from, args);
  assert.equal(code, stopped, alone.stderr);
});

/** The status of a run that is stopped by Ctrl-C without workers elsewhere. */
async function stoppedCode(from: string, args: readonly string[]): Promise<number> {
  const words = [...args, "--epochs", "100000", "--out", "stopped"];
  const child = taskProcess("train", words, { from }).spawn();
  while (!isThere(`${from}/stopped/events.jsonl`)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGINT");
  return (await child.output()).code;
}

Deno.test("the record of an asynchronous run in threads says that it does not repeat", async () => {
  const from = folderWithTable();
  const options = [...tinyOptions("set", 6), "--workers", "2", "--exchange", "asynchronous"];
  for (const threads of [1, 2]) {
    const out = `threads-${threads}`;
    const run = ["table.csv", "--target", "class", ...options, "--threads", `${threads}`];
    const { code, stderr } = await runTask("train", [...run, "--out", out], { from });
    assert.equal(code, 0, stderr);
    const { team } = readJsonFile(`${from}/${out}/record.json`);
    assert.equal(team.repeatable, threads === 1);
    assert.ok(team.staleness.mean > 0 && team.staleness.largest >= 1);
  }
});

Deno.test("who joins a run says where and as whom, and nothing else", async () => {
  const from = newFolder();
  for (
    const [args, says] of [
      [["--join", "team"], /need both --join FOLDER and --worker NUMBER, from 0/],
      [["--worker", "0"], /need both --join FOLDER and --worker NUMBER/],
      [["--join", "team", "--worker", "0.5"], /found --worker 0.5, need an integer from 0/],
      [
        ["--join", "team", "--worker", "0", "--epochs", "3"],
        /Cannot combine --join with the option/,
      ],
      [["--worker-folder", "team", "--epochs", "2"], /need the setting "workers"/],
      [
        ["--join", "rums/team", "--worker", "0"],
        /found nothing at ".*rums", need a folder there; is it the path .* --worker-folder\?/,
      ],
    ] as const
  ) {
    const { code, stderr } = await runTask("train", [...args], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

Deno.test("a worker says at once for what it waits, and one Ctrl-C ends it", async () => {
  const from = newFolder();
  const child = taskProcess("train", ["--join", "taem", "--worker", "0"], { from }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { value, done } = await reader.read();
    assert.ok(!done, said);
    said += value;
  }
  assert.match(said, /no folder ".*taem" yet; waiting for a master: .* --worker-folder/);
  child.kill("SIGINT");
  await reader.cancel();
  await child.stdout.cancel();
  assert.equal((await child.status).code, 0);
});
