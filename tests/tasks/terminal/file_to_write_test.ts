import assert from "node:assert/strict";
import { namesIn, newFolder } from "../../files.ts";
import { runTask } from "../run_task.ts";

const folder = newFolder();

/** Every task that writes a file when its work is done. Nothing of what it reads is there. */
const CALLS: readonly (readonly [task: string, ...args: string[]])[] = [
  ["predict", "none.safetensors", "none.csv", "--out"],
  ["importance", "none.safetensors", "none.csv", "--out"],
  ["export", "none.safetensors", "--format", "c", "--out"],
  ["select-features", "none.csv", "-k", "1", "--out"],
  ["select-features", "none.csv", "-k", "1", "--scores"],
  ["select-features", "none.csv", "-k", "1", "--save"],
  ["report", "none", "--out"],
  ["results", "none", "--out"],
  ["data", "balance", "none.csv", "--target", "y", "--out"],
];

Deno.test("a file that cannot be written is refused before the work, which would be lost", async () => {
  for (const [task, ...args] of CALLS) {
    // The ending of an exported file is that of its format.
    const file = task === "export" ? "a/b.c" : "a/b.txt";
    const there = await runTask(task, [...args, file], { from: folder });
    assert.match(there.stderr, /^Cannot write ".*\/a\/b\.\w+": there is no folder ".*\/a"$/m, task);
    assert.equal(there.code, 2, task);
    const isFolder = await runTask(task, [...args, folder], { from: folder });
    assert.match(isFolder.stderr, /^Cannot write ".*": there is a folder of that name$/m, task);
    assert.equal(isFolder.code, 2, task);
  }
});

Deno.test("CSV is not written to a name that promises another format", async () => {
  for (
    const [args, file, need] of [
      [
        ["predict", "none.safetensors", "none.csv", "--out"],
        "out.parquet",
        /need a name .*"\.csv"$/m,
      ],
      [["predict", "none.safetensors", "none.csv", "--out"], "out.json", /"\.csv", or --json$/m],
      [["data", "balance", "none.csv", "--target", "y", "--out"], "out.csv.gz", /"\.csv"$/m],
      [["select-features", "none.csv", "-k", "1", "--scores"], "out.XLSX", /"\.csv"$/m],
    ] as const
  ) {
    const [task, ...words] = args;
    const { stderr, code } = await runTask(task, [...words, file], { from: folder });
    assert.match(stderr, new RegExp(`^Cannot write "${file}": what is written is CSV`, "m"));
    assert.match(stderr, need);
    assert.equal(code, 2);
  }
  const json = ["none.safetensors", "none.csv", "--json", "--out", "out.json"];
  const { stderr } = await runTask("predict", json, { from: folder });
  assert.match(stderr, /^Cannot read ".*none\.safetensors"/m);
});

Deno.test("a dash is no file where nothing is written to standard output", async () => {
  for (const [task, ...args] of CALLS.slice(4, 6)) {
    const { stderr, code } = await runTask(task, [...args, "-"], { from: folder });
    assert.match(
      stderr,
      /^Cannot use "-" here: need a path \("\.\/-" is a file of this name\)$/m,
      task,
    );
    assert.equal(code, 2, task);
  }
  // Where a dash is standard output, the model is looked for.
  const predicted = await runTask("predict", ["none.safetensors", "none.csv", "--out", "-"], {
    from: folder,
  });
  assert.match(predicted.stderr, /^Cannot read ".*none\.safetensors"/m);
  assert.deepEqual(namesIn(folder), []);
});
