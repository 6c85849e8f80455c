/** What is written for Slurm and read from it; `tests/slurm` does the same with a real one. */
import assert from "node:assert/strict";
import { lockRun } from "../../../lib/files/run_lock.ts";
import { runHash } from "../../../lib/experiments/run/run_hash.ts";
import {
  cancelOnSlurm,
  type ProgramRunner,
  slurmStatus,
  submitToSlurm,
  waitForSlurm,
} from "../../../lib/experiments/sweep/slurm.ts";
import {
  parseAccounts,
  parseJob,
  parseQueue,
  phaseOf,
  sacctArguments,
} from "../../../lib/experiments/sweep/slurm_queue.ts";
import { type SlurmResources, slurmScript } from "../../../lib/experiments/sweep/slurm_script.ts";
import { startRun } from "../../../lib/experiments/run/run.ts";
import { isThere, namesIn, newFolder, readText, writeFile } from "../../files.ts";
import { runTask } from "../../tasks/run_task.ts";
import { folderWithTable, tinySettings } from "../../tasks/tiny_run.ts";
import { tinyConfigs } from "./tiny_sweep.ts";

const script = (
  resources: SlurmResources = {},
  folder = "/shared/runs",
  environment: Record<string, string> = { SPARSEMBLE_DATA: "/data" },
) =>
  slurmScript({
    ...{ name: "sparsemble-1", configs: `${folder}/slurm/1/configs.jsonl`, tasks: 3, folder },
    ...{ logs: `${folder}/slurm/1`, command: ["deno", "run", "tasks/sweep/run.ts"] },
    ...{ directory: "/shared/sparsemble", environment, resources },
  });

Deno.test("slurmScript asks for what is given, and for the cluster's defaults otherwise", () => {
  assert.equal(
    script(),
    `#!/bin/sh
#SBATCH --job-name=sparsemble-1
#SBATCH --array=0-2
#SBATCH --output=/shared/runs/slurm/1/%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@60

# One run of a sweep, the line of this task. Put back into the queue, it goes on where it stopped.
export SPARSEMBLE_DATA=/data
cd /shared/sparsemble || exit 1
config=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" /shared/runs/slurm/1/configs.jsonl)
exec deno run tasks/sweep/run.ts /shared/runs "$config"
`,
  );
  const full = script({
    ...{ partition: "long", time: "2:00:00", cpus: 4, mem: "4G", maxConcurrent: 2 },
    sbatch: ["--account=physics", "--qos=low"],
  });
  const options = full.split("\n").filter((line) => line.startsWith("#SBATCH"))
    .map((line) => line.slice("#SBATCH ".length));
  assert.ok(options.includes("--array=0-2%2"));
  assert.deepEqual(options.slice(-6), [
    ...["--partition=long", "--time=2:00:00", "--cpus-per-task=4", "--mem=4G"],
    ...["--account=physics", "--qos=low"],
  ]);
});

Deno.test("slurmScript writes paths as Slurm and the shell read them back", () => {
  const text = script({}, `/shared/it's 100 % "mine"`);
  assert.match(text, /^#SBATCH --output="\/shared\/it's 100 %% \\"mine\\"\/slurm\/1\/%a.log"$/m);
  assert.ok(text.includes(`'/shared/it'\\''s 100 % "mine"' "$config"`));
});

Deno.test("slurmScript refuses what would be another script", () => {
  const refused: [SlurmResources, RegExp][] = [
    ...["a\nrm -rf x", "a\rb", "a\u001b[8mb", "a\u0000b", "a\u2028b"].map((partition) =>
      [
        { partition },
        /^Cannot write a job array: found ".*", need texts of one line without control characters$/s,
      ] as [SlurmResources, RegExp]
    ),
    [{ sbatch: ["account=physics"] }, /found "account=physics", need an option of sbatch$/],
    [{ cpus: 0 }, /found 0 cpus, need an integer from 1$/],
    [{ maxConcurrent: 1.5 }, /found 1.5 maxConcurrent, need an integer from 1$/],
  ];
  for (const [resources, message] of refused) assert.throws(() => script(resources), { message });
  const variables: [Record<string, string>, RegExp][] = [
    [
      { "A=1; rm -rf x; B": "" },
      /^Cannot write .* the variable "A=1; rm .*", need letters, digits/,
    ],
    [{ "": "1" }, /^Cannot write .* the variable "", need letters, digits and _$/],
    [{ A: "1\nrm -rf x" }, /^Cannot write .* found "1\\nrm -rf x", need texts of one line/],
  ];
  for (const [environment, message] of variables) {
    assert.throws(() => script({}, "/shared/runs", environment), { name: "TypeError", message });
  }
});

// squeue --me --array --noheader --format='%F|%K|%T|%j|%r', Slurm 22.05.8; its last line as without
// --array.
const QUEUE = `1|2|PENDING|sparsemble-29c4557a97a3-1|JobArrayTaskLimit
1|0|RUNNING|sparsemble-29c4557a97a3-1|None
1|1|COMPLETING|sparsemble-29c4557a97a3-1|None
4|0|PENDING|sparsemble-29c4557a97a3-2|BeginTime
7|N/A|RUNNING|somebody's | job|None
8|3,5-6%2|PENDING|sparsemble-29c4557a97a3-3|Priority
`;

Deno.test("parseQueue reads what squeue prints", () => {
  const tasks = parseQueue(QUEUE);
  assert.deepEqual(
    tasks.map(({ job, index, reason }) => [job, index, reason]),
    [
      ["1", 2, "JobArrayTaskLimit"],
      ["1", 0, null],
      ["1", 1, null],
      ["4", 0, "BeginTime"],
      ["8", 3, "Priority"],
      ["8", 5, "Priority"],
      ["8", 6, "Priority"],
    ],
  );
  assert.equal(tasks[3].name, "sparsemble-29c4557a97a3-2");
  assert.deepEqual(tasks.slice(0, 4).map(phaseOf), ["pending", "running", "running", "pending"]);
  assert.deepEqual(parseQueue(""), []);
});

Deno.test("phaseOf knows the states of Slurm's manual", () => {
  const phase = (state: string) => phaseOf({ job: "1", index: 0, state, reason: null });
  for (const state of ["PENDING", "REQUEUED", "REQUEUE_HOLD", "SUSPENDED", "RESIZING"]) {
    assert.equal(phase(state), "pending", state);
  }
  for (const state of ["COMPLETED", "CANCELLED", "TIMEOUT", "PREEMPTED", "NODE_FAIL", "FAILED"]) {
    assert.equal(phase(state), "ended", state);
  }
});

Deno.test("parseAccounts reads what sacct prints, without the steps of a task", () => {
  // As sacct's manual describes --parsable2 and --allocations; a step all the same.
  const output = `12_0|COMPLETED|0:0
12_0.batch|COMPLETED|0:0
12_1|CANCELLED by 1000|0:15
12_2|TIMEOUT|0:0
12_3|FAILED|127:0
12_[4-5%2]|PENDING|0:0
13|COMPLETED|0:0
`;
  assert.deepEqual(
    parseAccounts(output).map(({ job, index, state, reason }) => [job, index, state, reason]),
    [
      ["12", 0, "COMPLETED", null],
      ["12", 1, "CANCELLED", "signal 15"],
      ["12", 2, "TIMEOUT", null],
      ["12", 3, "FAILED", "exit status 127"],
      ["12", 4, "PENDING", null],
      ["12", 5, "PENDING", null],
    ],
  );
  assert.ok(sacctArguments(["12", "13"]).includes("--jobs=12,13"));
});

Deno.test("parseJob reads the number that sbatch answers with", () => {
  assert.equal(parseJob("1234\n"), "1234");
  assert.equal(parseJob("sbatch: a warning\n1234;cluster2\n"), "1234");
  assert.equal(parseJob("Submitted batch job 1234\n"), null);
  assert.equal(parseJob(""), null);
});

/** Slurm as far as this library sees it. */
class Pretence {
  queue: string[] = [];
  accounts: string[] | null = null;
  readonly calls: string[] = [];
  private jobs = 0;

  readonly run: ProgramRunner = (program, args) => {
    this.calls.push([program, ...args].join(" "));
    const answer = (stdout: string, code = 0, stderr = "") =>
      Promise.resolve({ code, stdout, stderr });
    switch (program) {
      case "sbatch": {
        const job = `${++this.jobs}`;
        const text = readText(args.at(-1)!);
        const [name, last] = [/--job-name=(.*)/, /--array=0-(\d+)/]
          .map((pattern) => pattern.exec(text)![1]);
        for (let index = 0; index <= Number(last); index++) {
          this.queue.push(`${job}|${index}|PENDING|${name}|Priority`);
        }
        return answer(`${job}\n`);
      }
      case "squeue":
        return answer(this.queue.map((line) => `${line}\n`).join(""));
      case "sacct":
        return this.accounts === null
          ? answer("", 1, "Slurm accounting storage is disabled\n")
          : answer(this.accounts.join("\n"));
      default:
        return answer("");
    }
  };

  /** Lets a task run, or go. */
  set(task: string, state: string | null): void {
    const [job, index] = task.split("_");
    const place = this.queue.findIndex((line) => line.startsWith(`${job}|${index}|`));
    if (state === null) this.queue.splice(place, 1);
    else {this.queue[place] = this.queue[place].replace("PENDING", state).replace(
        "Priority",
        "None",
      );}
  }
}

const COMMAND = { command: ["deno", "run", "sweep_run.ts"], directory: "/shared/sparsemble" };

Deno.test("submitToSlurm submits what is missing, and nothing twice", async () => {
  const from = folderWithTable();
  const folder = `${from}/runs`;
  const configs = tinyConfigs(from, [1, 2, 3, 4, 5]);
  const hashes = configs.map(runHash);
  const slurm = new Pretence();
  const options = { ...COMMAND, run: slurm.run, arraySize: 2, resources: { partition: "long" } };
  await startRun(configs[0], `${folder}/${hashes[0]}`);
  const held = lockRun(`${folder}/${hashes[1]}`);

  // One is finished, one is held by a process: three are left, which take two arrays of two.
  const submissions = await submitToSlurm(configs, folder, options);
  assert.deepEqual(
    submissions.map(({ job, tasks }) => [job, tasks.map(({ hash }) => hash)]),
    [["1", [hashes[2], hashes[3]]], ["2", [hashes[4]]]],
  );
  assert.deepEqual(namesIn(`${folder}/slurm`), ["1", "2"]);
  assert.match(readText(submissions[0].script), /^#SBATCH --partition=long$/m);
  assert.equal(readText(`${folder}/slurm/1/configs.jsonl`).trimEnd().split("\n").length, 2);
  assert.deepEqual(await submitToSlurm(configs, folder, options), []);

  const states = async () =>
    (await slurmStatus(configs, folder, slurm.run)).map(({ state, message }) => [state, message]);
  slurm.set("1_1", "RUNNING");
  assert.deepEqual(await states(), [
    ["finished", null],
    ["elsewhere", null],
    ["pending", "Priority"],
    ["running", null],
    ["pending", "Priority"],
  ]);

  // What is in no queue any more is submitted again, and once.
  held.release();
  slurm.set("1_0", null);
  slurm.set("1_1", null);
  slurm.accounts = ["1_0|TIMEOUT|0:0", "1_1|FAILED|127:0"];
  writeFile(`${folder}/slurm/1/1.log`, "slurm_script: line 10: exec: deno: not found\n\n");
  assert.deepEqual(await states(), [
    ["finished", null],
    ["missing", null],
    ["failed", "TIMEOUT"],
    ["failed", "FAILED, exit status 127 (slurm_script: line 10: exec: deno: not found)"],
    ["pending", "Priority"],
  ]);
  const again = await submitToSlurm(configs, folder, options);
  assert.deepEqual(
    again.map(({ job, tasks }) => [job, tasks.map(({ hash }) => hash)]),
    [["3", [hashes[1], hashes[2]]], ["4", [hashes[3]]]],
  );
  assert.deepEqual((await states()).slice(1).map(([state]) => state), Array(4).fill("pending"));
  assert.deepEqual(await cancelOnSlurm(folder, slurm.run), ["2", "3", "4"]);
  assert.equal(slurm.calls.at(-1), "scancel --full 2 3 4");
  slurm.queue = [];
  assert.deepEqual(await cancelOnSlurm(folder, slurm.run), []);
});

Deno.test("slurmStatus finds a job in the queue whose number was lost", async () => {
  const from = folderWithTable();
  const folder = `${from}/runs`;
  const configs = tinyConfigs(from, [1]);
  const slurm = new Pretence();
  await submitToSlurm(configs, folder, { ...COMMAND, run: slurm.run });
  await Deno.remove(`${folder}/slurm/1/job`);
  const [{ state, slurm: task }] = await slurmStatus(configs, folder, slurm.run);
  assert.deepEqual([state, task?.job, task?.index], ["pending", "1", 0]);
  // Another sweep's jobs are not ours.
  const [other] = await slurmStatus(configs, `${from}/other`, slurm.run);
  assert.deepEqual([other.state, other.slurm], ["missing", null]);
});

Deno.test("waitForSlurm looks until nothing is in the queue", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1, 2]);
  const slurm = new Pretence();
  await submitToSlurm(configs, `${from}/runs`, { ...COMMAND, run: slurm.run });
  const told: string[] = [];
  const runs = await waitForSlurm(
    configs,
    `${from}/runs`,
    (runs) => {
      told.push(runs.map(({ state }) => state).join());
      slurm.queue.pop();
    },
    0,
    slurm.run,
  );
  assert.deepEqual(told, ["pending,pending", "pending,missing", "missing,missing"]);
  assert.equal(runs.length, 2);
});

Deno.test("submitToSlurm says what Slurm says, and leaves nothing of a refused submission", async () => {
  const from = folderWithTable();
  const configs = tinyConfigs(from, [1]);
  const refuse = (program: string, stderr: string): ProgramRunner => (name) =>
    Promise.resolve({ code: name === program ? 1 : 0, stdout: "", stderr });
  const submit = (run: ProgramRunner) =>
    submitToSlurm(configs, `${from}/runs`, { ...COMMAND, run });
  await assert.rejects(submit(refuse("sbatch", "sbatch: error: invalid partition\nsorry\n")), {
    message: 'Cannot submit the sweep: sbatch says "sbatch: error: invalid partition; sorry"',
  });
  assert.deepEqual(namesIn(`${from}/runs/slurm`), []);
  await assert.rejects(submit(refuse("squeue", "slurm_load_jobs error: Unable to contact")), {
    message: /^Cannot see the queue: squeue says "slurm_load_jobs error: Unable to contact"$/,
  });
  await assert.rejects(submit(() => Promise.reject(new Deno.errors.NotFound("no such program"))), {
    message: 'Cannot see the queue: found no "squeue", need Slurm on this machine',
  });
  await assert.rejects(submitToSlurm([], `${from}/runs`, COMMAND), RangeError);
  assert.ok(!isThere(`${from}/runs/slurm/1`));
});

Deno.test("sweep refuses options of Slurm for this machine", async () => {
  const from = newFolder();
  const study = { base: { ...tinySettings(), file: "table.csv" } };
  writeFile(`${from}/study.json`, JSON.stringify(study));
  const { code, stderr } = await runTask("sweep", ["study.json", "--max-concurrent", "2"], {
    from,
  });
  assert.deepEqual(
    [code, stderr],
    [2, "Cannot use --max-concurrent here: need --executor slurm\n"],
  );
});
