import assert from "node:assert/strict";
import { writeFile } from "../../files.ts";
import { ROOT, taskCommand } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinySettings } from "../tiny_run.ts";

/** Every file and folder below a folder with its mode, such as `640`. */
function modesBelow(folder: string, name = ""): [path: string, isFolder: boolean, mode: string][] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    const mode = (Deno.statSync(path).mode! & 0o777).toString(8);
    const inner = entry.isDirectory ? modesBelow(path, `${name}${entry.name}/`) : [];
    return [[`${name}${entry.name}`, entry.isDirectory, mode], ...inner] as const;
  });
}

/** Runs tasks one after the other under an umask. */
async function runUnder(umask: string, from: string, calls: [task: string, ...args: string[]][]) {
  for (const [task, ...args] of calls) {
    const { flags, program } = taskCommand(task);
    const { code, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        'umask "$0"; exec "$@"',
        umask,
        Deno.execPath(),
        "run",
        ...flags,
        program,
        ...args,
      ],
      cwd: ROOT,
      env: { INIT_CWD: from, NO_COLOR: "" },
      stdin: "null",
    }).output();
    assert.equal(code, 0, `${task}: ${new TextDecoder().decode(stderr)}`);
  }
}

Deno.test({
  name: "the umask decides who may read and write what the tasks leave behind",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [umask, file, folder] of [["022", "644", "755"], ["027", "640", "750"]]) {
      const from = folderWithTable();
      const { target: _, ...settings } = tinySettings();
      const study = { base: { ...tinySettings(), file: "table.csv" }, grid: { seed: [1] } };
      writeFile(`${from}/study.json`, JSON.stringify(study));
      writeFile(`${from}/contenders.json`, JSON.stringify({ ours: settings }));
      const model = "out/run/model.safetensors";
      await runUnder(umask, from, [
        ["train", "table.csv", "--target", "class", "--out", "out/run", ...tinyOptions()],
        ["predict", model, "table.csv", "--out", "out/predicted.csv"],
        ["report", "out/run", "--out", "out/report.html"],
        ["sweep", "study.json", "--out", "out/study", "--workers", "1"],
        ["results", "out/study", "--format", "parquet", "--out", "out/results.parquet"],
        ["compare", "table.csv", "--target", "class", "--contenders", "contenders.json"]
          .concat("--no-trees", "--seeds", "1", "--out", "out/compared") as [string, ...string[]],
        ["data", "balance", "table.csv", "--target", "class", "--out", "out/balanced.csv"],
      ]);
      const modes = modesBelow(`${from}/out`);
      const names = modes.map(([path]) => path.split("/").at(-1));
      for (const name of ["events.jsonl", "record.json", "comparison.jsonl", "results.parquet"]) {
        assert.ok(names.includes(name), `no ${name}`);
      }
      const expected = modes.map(([path, isFolder]) => [path, isFolder, isFolder ? folder : file]);
      assert.deepEqual(modes, expected, `umask ${umask}`);
    }
  },
});
