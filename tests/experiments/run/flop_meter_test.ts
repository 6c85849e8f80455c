/** Hardware counts of whole runs, with a libpapi whose counter goes up by 1000 at every reading. */
import assert from "node:assert/strict";
import { type RunResult, startRun } from "../../../lib/experiments/run/run.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import type { RunRecord } from "../../../lib/experiments/run/run_record.ts";
import { buildFakePapi, hasCompiler, withLibrary } from "../../counters/fake_papi.ts";
import { readBytes, readJsonFile } from "../../files.ts";
import { runTask } from "../../tasks/run_task.ts";
import { folderWithTable, tinyOptions } from "../../tasks/tiny_run.ts";

const READING = 1000;

/** Eight epochs of two members on tiny networks without topology updates, with `--flops both`. */
async function counted(folder: string, threads: number): Promise<RunRecord> {
  const config = completeConfig({
    file: `${folder}/table.csv`,
    target: "class",
    method: "edst",
    hidden: [24, 24],
    epsilon: 2,
    epochs: 8,
    explore: 2,
    members: 2,
    batchSize: 16,
    kernels: "wasm",
  });
  const result: RunResult = await startRun(config, `${folder}/run-${threads}`, {
    flops: "both",
    threads,
  });
  if (result.status !== "finished") return assert.fail("the run was stopped");
  return result.record;
}

Deno.test({
  name: "train --flops both counts worker threads too, each in its own thread (needs a C compiler)",
  ignore: !hasCompiler,
  async fn() {
    const folder = folderWithTable();
    const library = buildFakePapi({ EVENT: '"PAPI_SP_OPS"' });
    const [one, two, four] = await withLibrary(library, async () => {
      const records = [];
      for (const threads of [1, 2, 4]) records.push(await counted(folder, threads));
      return records;
    });
    const batches = 8 * 9;
    // This thread reads its counter before and after every batch, every epoch's validation, and every
    // end of an epoch.
    assert.equal(one.flops.hardware, READING * (batches + 8 + 8));
    assert.equal(one.flops.event, "PAPI_SP_OPS");
    // A worker reads its own after every divided call: of three layers 3 forward, 2 backward, 3
    // updates a batch, and 3 forward in each of three batches of validation rows.
    const perWorker = READING * (batches * (3 + 2 + 3) + 8 * 3 * 3);
    assert.equal(two.flops.hardware! - one.flops.hardware!, perWorker);
    assert.equal(four.flops.hardware! - one.flops.hardware!, 3 * perWorker);
    for (const { flops } of [one, two, four]) {
      assert.equal(flops.reason, null);
      assert.equal(flops.hardwareMembers!.length, 2);
      assert.equal(flops.hardwareMembers!.reduce((sum, count) => sum + count), flops.hardware);
      assert.equal(flops.counted, one.flops.counted);
    }
    // The test rows: one batch of two members of three layers.
    assert.equal(one.flops.evaluation!.hardware, READING);
    assert.equal(two.flops.evaluation!.hardware, READING * (1 + 2 * 3));
    assert.ok(one.flops.evaluation!.counted > 0 && one.flops.evaluation!.perSecond > 0);
    // Counting changes no bit of what is trained.
    const model = readBytes(`${folder}/run-1/model.safetensors`);
    assert.deepEqual(readBytes(`${folder}/run-4/model.safetensors`), model);
  },
});

Deno.test({
  name: "train --flops hardware says why there is none, for threads too (needs a C compiler)",
  ignore: !hasCompiler,
  async fn() {
    const folder = folderWithTable();
    const library = buildFakePapi({ REASON: '"no default PMU found"' });
    const { flops } = await withLibrary(library, () => counted(folder, 2));
    assert.deepEqual([flops.hardware, flops.event, flops.hardwareMembers], [null, null, null]);
    assert.match(flops.reason!, /^Cannot count "PAPI_SP_OPS": .*no default PMU found/);
    assert.equal(flops.evaluation!.hardware, null);
    assert.equal(flops.evaluation!.reason, flops.reason);
  },
});

Deno.test("train and evaluate --flops hardware go on with the count where PAPI is not permitted", async () => {
  const from = folderWithTable();
  const trained = await runTask(
    "train",
    ["table.csv", "--target", "class", "--flops", "hardware", "--threads", "2", "--out", "run"]
      .concat(tinyOptions()),
    { from },
  );
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stdout, /No hardware count: Cannot open libpapi: found no permission/);
  const { flops } = readJsonFile(`${from}/run/record.json`);
  assert.ok(flops.counted > 0);
  const args = ["run/model.safetensors", "table.csv", "--flops", "both", "--json"];
  const evaluated = await runTask("evaluate", args, { from });
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const found = JSON.parse(evaluated.stdout).flops;
  assert.ok(found.counted > 0 && found.perSecond > 0);
  assert.equal(found.hardware, null);
  assert.match(found.reason, /^Cannot open libpapi: found no permission/);
});
