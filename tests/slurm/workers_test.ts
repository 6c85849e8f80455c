/** Workers of one network as tasks of a real Slurm, by the script of docs/workers.md. */
import assert from "node:assert/strict";
import { codeBlocks, readPage, section } from "../documentation/markdown.ts";
import { isThere, readBytes, readJsonFile, readText, writeFile } from "../files.ts";
import { ROOT, runTask, taskCommand } from "../tasks/run_task.ts";
import { folderWithTable, tinyOptions } from "../tasks/tiny_run.ts";
import { missing, startCluster } from "./cluster.ts";

/** Epochs that take some seconds, so that there is something to kill. */
const OPTIONS = ["--target", "class", ...tinyOptions("set", 60), "--workers", "2"];

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!await holds()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The script of the page, with the settings of this test and with `deno task` for a folder elsewhere. */
function writeScript(from: string): void {
  const page = section(readPage("docs/workers.md"), "Processes and Slurm");
  const [{ code }] = codeBlocks(page).filter(({ language }) => language === "bash");
  const settings = "--target species --method set --workers 2";
  assert.ok(code.includes(settings));
  const { flags, program } = taskCommand("train");
  Deno.mkdirSync(`${from}/bin`);
  writeFile(
    `${from}/bin/deno`,
    `#!/bin/sh\nshift 2\ncd "${ROOT}"\nINIT_CWD="${from}" exec "${Deno.execPath()}" run ` +
      `${flags.join(" ")} ${program} "$@"\n`,
  );
  Deno.chmodSync(`${from}/bin/deno`, 0o755);
  const words = [...OPTIONS, "--checkpoint-every", "0.1"].join(" ");
  writeFile(
    `${from}/workers.sh`,
    code.replace(settings, words).replace("mkdir -p", `PATH="${from}/bin:$PATH"\nmkdir -p`),
  );
}

Deno.test({
  name: "workers on Slurm outlive kills and a cancelled master, with the bytes of one process " +
    "(needs Slurm, as root)",
  ignore: missing !== null,
  async fn() {
    await using cluster = await startCluster();
    const from = folderWithTable();
    writeScript(from);
    const submit = async () => {
      const { code, stdout, stderr } = await cluster.run(
        "sbatch",
        ...["--parsable", `--chdir=${from}`, `--output=${from}/%A_%a.txt`, `${from}/workers.sh`],
      );
      assert.equal(code, 0, stderr);
      return stdout.trim();
    };
    const printed = (task: string) =>
      isThere(`${from}/${task}.txt`) ? readText(`${from}/${task}.txt`) : "";
    const isEmpty = async () => (await cluster.run("squeue", "-h")).stdout.trim() === "";
    const first = await submit();
    await until("a checkpoint", () => isThere(`${from}/runs/shared/checkpoint.safetensors`));

    // A worker is put back into the queue, and the master is asked to stop: its other worker is left to wait.
    // Where this test was held up, they may have finished before. What follows holds then too.
    await cluster.run("scontrol", "requeue", `${first}_1`);
    await cluster.run("scancel", `${first}_2`);
    await until("the master's end", () => !isThere(`${from}/runs/shared/run.lock`));
    // Two processes must not be the same worker.
    await cluster.run("scancel", first);
    await until("an empty queue", isEmpty);

    const second = await submit();
    await until("the model", () => isThere(`${from}/runs/shared/record.json`));
    await until("the end", isEmpty);
    for (const worker of [0, 1]) {
      assert.match(printed(`${second}_${worker}`), /The work in .* is done/);
    }
    assert.equal(readJsonFile(`${from}/runs/shared/record.json`).team.count, 2);

    const alone = await runTask("train", ["table.csv", ...OPTIONS, "--out", "alone"], { from });
    assert.equal(alone.code, 0, alone.stderr);
    const model = (run: string) => readBytes(`${from}/${run}/model.safetensors`);
    assert.deepEqual(model("runs/shared"), model("alone"));
  },
});
