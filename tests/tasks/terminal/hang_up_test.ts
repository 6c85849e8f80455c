/** A terminal that closes asks what runs on it to stop at a checkpoint. */
import assert from "node:assert/strict";
import { isThere, namesIn, writeFile } from "../../files.ts";
import { ROOT, taskCommand } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinySettings } from "../tiny_run.ts";

/** Runs a program on a terminal, closes that once a file is there, and prints the program's status. */
const TERMINAL = `
import glob, os, pty, sys, threading, time
process, terminal = pty.fork()
if process == 0:
    os.execv(sys.argv[2], sys.argv[2:])
def listen():
    try:
        while os.read(terminal, 4096): pass
    except OSError: pass
threading.Thread(target=listen, daemon=True).start()
while not glob.glob(sys.argv[1]): time.sleep(0.01)
os.close(terminal)
_, status = os.waitpid(process, 0)
print(os.waitstatus_to_exitcode(status))
`;

/** The status of a task whose terminal closes once it has a checkpoint. */
async function hangUp(from: string, task: string, args: string[]): Promise<string> {
  const { flags, program } = taskCommand(task);
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: [
      ...["-c", TERMINAL, `${from}/runs/*/checkpoint.safetensors`],
      ...[Deno.execPath(), "run", ...flags, `${ROOT}${program}`, ...args],
      ...["--checkpoint-every", "0.02"],
    ],
    cwd: ROOT,
    env: { INIT_CWD: from, NO_COLOR: "" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return text(stdout) + text(stderr);
}

const ignore = !hasTerminals();

function hasTerminals(): boolean {
  try {
    const args = ["-c", "import pty, os; os.waitstatus_to_exitcode"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a terminal that closes ends train with status 130 and a checkpoint (needs python3)",
  ignore,
  fn: async () => {
    const from = folderWithTable();
    const tiny = tinyOptions("fd", 100_000);
    const args = ["table.csv", "--target", "class", ...tiny, "--out", "runs/one"];
    assert.equal(await hangUp(from, "train", args), "130\n");
    assert.deepEqual(namesIn(`${from}/runs/one`), [
      "checkpoint.safetensors",
      "config.json",
      "events.jsonl",
    ]);
  },
});

Deno.test({
  name:
    "a terminal that closes ends sweep with status 130, and its workers with it (needs python3)",
  ignore,
  fn: async () => {
    const from = folderWithTable();
    const base = { ...tinySettings(100_000), file: "table.csv" };
    writeFile(`${from}/study.json`, JSON.stringify({ base, grid: { seed: [1] } }));
    const args = ["study.json", "--workers", "1", "--out", "runs"];
    assert.equal(await hangUp(from, "sweep", args), "130\n");
    const [run] = namesIn(`${from}/runs`);
    assert.ok(!isThere(`${from}/runs/${run}/run.lock`), "a worker goes on, or was killed");
    assert.ok(!isThere(`${from}/runs/${run}/failure.json`), "a stop is no failure");
  },
});
