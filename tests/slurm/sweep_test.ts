/** Sweeps on a real Slurm: submitted, killed, requeued, submitted again, and collected. */
import assert from "node:assert/strict";
import { isThere, namesIn, readBytes, readJsonFile, readText, writeFile } from "../files.ts";
import { assertSameRun } from "../soak/kill_and_resume.ts";
import { runTask } from "../tasks/run_task.ts";
import { folderWithTable, tinySettings } from "../tasks/tiny_run.ts";
import { type Cluster, missing, startCluster } from "./cluster.ts";

/** A folder with a study of runs that take some seconds each. Its name is a hard one for scripts. */
function folderWithStudy(seeds: number[]): string {
  const from = `${folderWithTable()}/it's 100 %`;
  Deno.mkdirSync(from);
  const base = { ...tinySettings(1200), file: "../table.csv", hidden: [150, 150], epsilon: 6 };
  writeFile(`${from}/study.json`, JSON.stringify({ name: "s", base, grid: { seed: seeds } }));
  return from;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!await holds()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** `deno task sweep study.json --executor slurm`, with its answer as an object. */
async function onSlurm({ config }: Cluster, from: string, ...options: string[]) {
  const args = ["study.json", "--executor", "slurm", "--checkpoint-every", "0.1", ...options];
  const { code, stdout, stderr } = await runTask("sweep", [...args, "--json"], {
    from,
    env: { SLURM_CONF: config },
  });
  assert.ok(code === 0 || options.includes("--wait"), stderr);
  return { code, ...JSON.parse(stdout) };
}

/** Every run's state, in the order of the study. */
// deno-lint-ignore no-explicit-any
const statesOf = ({ runs }: any): string[] => runs.map(({ state }: any) => state);

/** What there is to know of every run that is not finished. */
// deno-lint-ignore no-explicit-any
const unfinished = ({ runs }: any) =>
  // deno-lint-ignore no-explicit-any
  runs.filter(({ state }: any) => state !== "finished").map(({ config: _, ...run }: any) => ({
    ...run,
    printed: run.log === null ? null : readText(run.log),
  }));

Deno.test({
  name: "a sweep on Slurm outlives kills and requeues, with the bytes of a local one " +
    "(needs Slurm, as root)",
  ignore: missing !== null,
  async fn() {
    await using cluster = await startCluster();
    const from = folderWithStudy([1, 2, 3]);
    const folder = `${from}/runs/s`;
    const first = await onSlurm(cluster, from, "--time", "10", "--max-concurrent", "2");
    assert.deepEqual(first.submitted, [{ job: "1", runs: 3 }]);
    const hashes: string[] = first.runs.map(({ hash }: { hash: string }) => hash);
    const checkpoint = (hash: string) => isThere(`${folder}/${hash}/checkpoint.safetensors`);

    // Nothing of it is submitted twice while it is in the queue.
    await until("two runs to begin", () => checkpoint(hashes[0]) && checkpoint(hashes[1]));
    const again = await onSlurm(cluster, from);
    assert.deepEqual(again.submitted, []);
    assert.deepEqual(statesOf(again), ["running", "running", "pending"]);
    assert.equal(again.runs[2].message, "JobArrayTaskLimit");

    // One is cancelled, one killed; the third is put back into the queue while it runs.
    const { pid } = readJsonFile(`${folder}/${hashes[1]}/run.lock`);
    assert.equal((await cluster.run("scancel", "1_0")).code, 0);
    assert.equal((await cluster.run("kill", "-9", `${pid}`)).code, 0);
    await until("the third run to begin", () => checkpoint(hashes[2]));
    assert.equal((await cluster.run("scontrol", "requeue", "1_2")).code, 0);
    await until("the end of two", async () => {
      const { counts } = await onSlurm(cluster, from, "--status");
      return counts.interrupted === 2 && counts.pending === 1;
    });
    assert.ok(!isThere(`${folder}/${hashes[1]}/record.json`));

    // Only what is in no queue is submitted again.
    const second = await onSlurm(cluster, from);
    assert.deepEqual(second.submitted.map(({ runs }: { runs: number }) => runs), [2]);
    const resubmitted = readText(`${folder}/slurm/2/configs.jsonl`).trimEnd().split("\n");
    assert.deepEqual(resubmitted.map((line) => JSON.parse(line).seed), [1, 2]);
    // Slurm lets a requeued task wait for two minutes. Not in the same second: credentials of a killed
    // task are revoked by the second, and slurmd would take the new one's for the old one's.
    const sooner = await cluster.run("scontrol", "update", "JobId=1_2", "StartTime=now+2");
    assert.equal(sooner.code, 0, sooner.stderr);
    const done = await onSlurm(cluster, from, "--status", "--wait");
    // What is not finished first: its message says why.
    assert.deepEqual(unfinished(done), []);
    assert.equal(done.code, 0);
    assert.deepEqual(done.counts, { finished: 3 });
    for (const hash of hashes) {
      assert.deepEqual(namesIn(`${folder}/${hash}`), [
        "config.json",
        "events.jsonl",
        "model.safetensors",
        "record.json",
      ]);
    }

    const local = await runTask("sweep", ["study.json", "--workers", "2", "--out", "local"], {
      from,
    });
    assert.equal(local.code, 0, local.stderr);
    for (const hash of hashes) {
      const model = readBytes(`${folder}/${hash}/model.safetensors`);
      assert.deepEqual(readBytes(`${from}/local/${hash}/model.safetensors`), model);
      assertSameRun(`${from}/local/${hash}`, `${folder}/${hash}`);
    }
    assert.deepEqual((await onSlurm(cluster, from)).submitted, []);
  },
});

Deno.test({
  name: "a cancelled sweep on Slurm stops at checkpoints, and can be finished anywhere " +
    "(needs Slurm, as root)",
  ignore: missing !== null,
  async fn() {
    await using cluster = await startCluster();
    const from = folderWithStudy([1, 2]);
    const folder = `${from}/runs/s`;
    const { runs } = await onSlurm(cluster, from, "--max-concurrent", "1");
    const hashes: string[] = runs.map(({ hash }: { hash: string }) => hash);
    await until("a run to begin", () => isThere(`${folder}/${hashes[0]}/events.jsonl`));
    const { cancelled } = await onSlurm(cluster, from, "--cancel");
    assert.deepEqual(cancelled, ["1"]);
    await until("its end", async () => {
      const states = statesOf(await onSlurm(cluster, from, "--status"));
      return states.join() === "interrupted,missing";
    });
    assert.ok(isThere(`${folder}/${hashes[0]}/checkpoint.safetensors`));
    const waited = await onSlurm(cluster, from, "--status", "--wait");
    assert.equal(waited.code, 1);

    // sbatch refuses in its own words, and leaves nothing behind.
    const refused = await runTask(
      "sweep",
      ["study.json", "--executor", "slurm", "--partition", "none"],
      { from, env: { SLURM_CONF: cluster.config } },
    );
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^Cannot submit the sweep: sbatch says ".*invalid partition/);
    assert.deepEqual(namesIn(`${folder}/slurm`), ["1"]);

    const local = await runTask("sweep", ["study.json", "--workers", "2"], { from });
    assert.equal(local.code, 0, local.stderr);
    const finished = await onSlurm(cluster, from);
    assert.deepEqual([finished.submitted, finished.counts], [[], { finished: 2 }]);
  },
});
