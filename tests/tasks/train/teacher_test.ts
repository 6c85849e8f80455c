/** `train --teacher`: one member of a size of its own that learns from the ensemble of a finished run. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { load } from "../../../mod.ts";
import { readBytes, readJsonFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

const folder = folderWithTable();
const train = (...args: string[]) => runTask("train", args, { from: folder });
const dropout = ["--dropout", "0.3"];
await train("table.csv", "--target", "class", "--out", "many", ...tinyOptions(), ...dropout);

const SMALL = ["--teacher", "many", "--hidden", "4", "--block-size", "1"];

Deno.test("a run's ensemble teaches a member of another size on the same rows, and stays as it is", async () => {
  const before = readBytes(`${folder}/many/model.safetensors`);
  const { code, stderr } = await train(...SMALL, "--out", "one");
  assert.equal(code, 0, stderr);
  const [teacher, student] = ["many", "one"].map((run) =>
    load(`${folder}/${run}/model.safetensors`)
  );
  assert.equal(student.members.length, 1);
  assert.deepEqual(student.distilled, { members: teacher.members.length });
  assert.deepEqual(student.settings.hidden, [4]);
  // It has fewer neurons than a member of its teacher, and drops none out.
  assert.deepEqual([teacher.settings.dropout, student.settings.dropout], [0.3, 0]);
  const [many, one] = ["many", "one"].map((run) => readJsonFile(`${folder}/${run}/record.json`));
  assert.equal(one.testRows, many.testRows);
  assert.ok(one.flops.counted > many.flops.counted);
  assert.deepEqual(readBytes(`${folder}/one/teacher/model.safetensors`), before);
  assert.deepEqual(readBytes(`${folder}/many/model.safetensors`), before);
});

Deno.test("what stands with the teacher is refused beside it, and so is a folder without a finished run", async () => {
  for (
    const [args, sentence] of [
      [["table.csv", ...SMALL], /Cannot combine --teacher with "table.csv"/],
      [[...SMALL, "--members", "3"], /Cannot combine --teacher with --members/],
      [[...SMALL, ...dropout], /Cannot combine --teacher with --dropout: .* no effect/],
      [[...SMALL, "--test-fraction", "0.3"], /Cannot combine --teacher with --test-fraction/],
      [["--teacher", "nowhere"], /Cannot learn from ".*nowhere": found no finished run/],
    ] as const
  ) {
    const { code, stderr } = await train(...args, "--out", "refused");
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
    assert.ok(!existsSync(`${folder}/refused`));
  }
});

Deno.test("a teacher that is kept in a folder already stays there", async () => {
  await train(...SMALL, "--out", "kept");
  const before = readBytes(`${folder}/kept/teacher/record.json`);
  const { code, stderr } = await train(...SMALL, "--out", "kept");
  assert.equal(code, 2);
  assert.match(stderr, /Cannot keep the teacher in/);
  assert.deepEqual(readBytes(`${folder}/kept/teacher/record.json`), before);
});
