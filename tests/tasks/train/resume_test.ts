import assert from "node:assert/strict";
import { randomStream } from "../../../lib/random.ts";
import { isThere, namesIn, readText, writeFile } from "../../files.ts";
import { assertSameRun, killAndResume } from "../../soak/kill_and_resume.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tiny_run.ts";

/** A second of training or so. */
const EPOCHS = 800;

/** Of a method; `deno task soak` has many more, for every method. */
const KILLS = 3;

/**
 * Members one after the other, updates by steps, weights that become fewer, and members each alone. What
 * is peculiar to a method does not depend on what ends its process: `killed_run_test.ts` has them all.
 */
const KILLED = ["fd", "rigl", "granet", "dense-ensemble"] as const;

for (const method of KILLED) {
  Deno.test(`train --method ${method}, killed and resumed, ends with the same bytes`, async () => {
    const from = folderWithTable();
    const counts = await killAndResume({
      args: [`${from}/table.csv`, "--target", "class", ...tinyOptions(method, EPOCHS)],
      kills: KILLS,
      random: randomStream(1, "kills", method),
    });
    assert.equal(counts.kills, KILLS);
  });
}

const VARIANTS: [name: string, options: string[]][] = [
  ["Adam, one cycle and label smoothing", [
    ...["--optimizer", "adam", "--learning-rate-curve", "one-cycle", "--learning-rate", "0.01"],
    ...["--label-smoothing", "0.1", "--decay-style", "decoupled"],
  ]],
  ["the last network as the member, plain refinement and Adam", [
    ...["--member-selection", "last", "--refinement", "plain", "--optimizer", "adam"],
    ...["--learning-rate", "0.01", "--drop-last-batch", "false"],
  ]],
  ["streamed rows", ["--memory", "1MB"]],
];
for (const [name, options] of VARIANTS) {
  Deno.test(`train with ${name}, killed and resumed, ends with the same bytes`, async () => {
    const from = folderWithTable();
    const tiny = tinyOptions("fd", EPOCHS);
    const args = [`${from}/table.csv`, "--target", "class", ...tiny, ...options];
    const random = randomStream(2, "kills", name);
    const counts = await killAndResume({ args, kills: 2, random });
    assert.equal(counts.kills, 2);
  });
}

Deno.test("train --recipe modern, killed and stopped among its trials, ends with the same bytes", async () => {
  const counts = await killAndResume({
    args: [
      ...["--recipe", "modern", "--hidden", "60,60", "--members", "3", "--trials", "2"],
      ...["--epochs", "8", "--kernels", "wasm"],
    ],
    kills: 4,
    random: randomStream(4, "kills"),
    signals: ["SIGKILL", "SIGINT"],
  });
  assert.equal(counts.kills, 4);
});

Deno.test("train side by side, killed, resumed with other threads, ends with the same bytes", async () => {
  const counts = await killAndResume({
    args: [
      ...["--recipe", "modern", "--hidden", "60,60", "--members", "3", "--trials", "2"],
      ...["--epochs", "8", "--kernels", "wasm"],
    ],
    kills: 4,
    random: randomStream(5, "kills"),
    signals: ["SIGKILL", "SIGINT"],
    threads: [1, 2, 3],
  });
  assert.equal(counts.kills, 4);
});

Deno.test("train with the reference kernels, stopped and resumed, ends with the same bytes", async () => {
  const from = folderWithTable();
  const tiny = tinyOptions("fd", 30).map((word) => word === "wasm" ? "reference" : word);
  const args = [`${from}/table.csv`, "--target", "class", ...tiny];
  const counts = await killAndResume({ args, kills: 1, random: randomStream(3, "kills") });
  assert.equal(counts.kills, 1);
});

/** Starts a run and waits for its first checkpoint: for far longer than it takes on a loaded machine. */
async function started(
  from: string,
  out: string,
  epochs = 2000,
): Promise<{ process: Deno.ChildProcess; ended: Promise<Deno.CommandOutput> }> {
  const args = ["table.csv", "--target", "class", ...tinyOptions("fd", epochs), "--out", out];
  const process = taskProcess("train", [...args, "--checkpoint-every", "0.02"], { from }).spawn();
  const ended = process.output();
  const deadline = performance.now() + 600_000;
  while (!isThere(`${from}/${out}/checkpoint.safetensors`)) {
    assert.ok(performance.now() < deadline, "there is no checkpoint");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { process, ended };
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`${signal} ends train with status 130 and the command that goes on`, async () => {
    const from = folderWithTable();
    const { process, ended } = await started(from, "run");
    process.kill(signal);
    // Schedulers and shells often say it twice; a second Ctrl-C would stop at once.
    if (signal !== "SIGINT") process.kill(signal);
    const { code, stdout, stderr } = await ended;
    const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
    assert.equal(code, 130, lines.join("\n"));
    assert.equal(stdout.length, 0);
    assert.ok(lines.includes("Stopping after this batch; Ctrl-C again stops at once"));
    const command = /^Stopped in epoch \d+\. Go on with: deno task (?:--config \S+ )?train (.*)$/
      .exec(lines.at(-1)!);
    assert.ok(command !== null, lines.at(-1));
    assert.deepEqual(namesIn(`${from}/run`), [
      "checkpoint.safetensors",
      "config.json",
      "events.jsonl",
    ]);

    const resumed = await runTask("train", command[1].split(" "), { from });
    assert.equal(resumed.code, 0, resumed.stderr);
    const straight = await runTask("train", ["--config", "run/config.json", "--out", "straight"], {
      from,
    });
    assert.equal(straight.code, 0, straight.stderr);
    assertSameRun(`${from}/straight`, `${from}/run`);
    assert.deepEqual(namesIn(`${from}/run`), namesIn(`${from}/straight`));
  });
}

Deno.test("a second process on a run folder is told who holds it", async () => {
  const from = folderWithTable();
  const { process, ended } = await started(from, "run", 100_000);
  const second = await runTask("train", ["--resume", "run"], { from });
  const anew = ["table.csv", "--target", "class", ...tinyOptions(), "--out", "run"];
  const third = await runTask("train", anew, { from });
  process.kill("SIGKILL");
  await ended;
  for (const { code, stderr } of [second, third]) {
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^Cannot use the run folder ".*/run": process ${process.pid}\\b.*need it to end`),
    );
    assert.equal(stderr.trimEnd().split("\n").length, 1);
  }
});

Deno.test("a run whose data or settings have changed is not resumed", async () => {
  const from = folderWithTable();
  const { process, ended } = await started(from, "run", 100_000);
  process.kill("SIGKILL");
  await ended;

  const config = readText(`${from}/run/config.json`);
  writeFile(`${from}/run/config.json`, config.replace('"dropout": 0.2', '"dropout": 0.3'));
  const settings = await runTask("train", ["--resume", "run"], { from });
  assert.equal(settings.code, 2);
  assert.match(settings.stderr, /^Cannot resume .*its settings have changed since it began/);

  writeFile(`${from}/run/config.json`, config);
  writeFile(`${from}/table.csv`, tinyTable({ seed: 9 }));
  const data = await runTask("train", ["--resume", "run"], { from });
  assert.equal(data.code, 2);
  assert.match(
    data.stderr,
    /^Cannot resume .*its data have changed since it began, need the same\n/,
  );
});

Deno.test("a damaged checkpoint is refused, and says so", async () => {
  const from = folderWithTable();
  const { process, ended } = await started(from, "run", 100_000);
  process.kill("SIGKILL");
  await ended;
  const path = `${from}/run/checkpoint.safetensors`;
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 5] ^= 1;
  writeFile(path, bytes);
  const { code, stderr: said } = await runTask("train", ["--resume", "run"], { from });
  assert.equal(code, 2);
  assert.match(said, /^Cannot read ".*checkpoint\.safetensors": found content with SHA-256/);
});
