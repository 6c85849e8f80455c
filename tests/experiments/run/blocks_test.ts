/** Runs in blocks, from their settings to their folders, results and reports. */
import assert from "node:assert/strict";
import { groupResults, varyingKeys } from "../../../lib/experiments/results/result_groups.ts";
import { settingValue } from "../../../lib/experiments/results/result_values.ts";
import { readResults } from "../../../lib/experiments/results/results.ts";
import { reportOfFolder } from "../../../lib/experiments/results/report.ts";
import { groupRuns, settingsInCommon } from "../../../lib/experiments/results/run_groups.ts";
import { processorName } from "../../../lib/experiments/run/run_record.ts";
import { checkRecord } from "../../../lib/experiments/run/record_schema.ts";
import { resumeRun, type RunOptions, startRun } from "../../../lib/experiments/run/run.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { chooseKernels } from "../../../lib/kernels/choose.ts";
import { randomStream } from "../../../lib/random.ts";
import { completeSettings, type Settings } from "../../../lib/settings/mod.ts";
import { newFolder, readJsonFile, readText } from "../../files.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { folderWithTable } from "../../tasks/tiny_run.ts";

const configOf = (folder: string, changes: Partial<Settings>) =>
  completeConfig({
    file: `${folder}/table.csv`,
    target: "class",
    ...{
      method: "fd",
      hidden: [32, 24, 10],
      epsilon: 2,
      epochs: 8,
      batchSize: 16,
      kernels: "wasm",
    },
    ...changes,
  });

Deno.test("blocks of 1 are no setting: a run without them is as it was", () => {
  const paper = { method: "fd" } as const;
  assert.deepEqual(completeSettings({ ...paper, blockSize: 1 }), completeSettings(paper));
  for (const given of [{}, paper]) {
    const settings = completeSettings({ ...given, blockSize: 1 });
    assert.ok(!("blockSize" in settings));
    assert.deepEqual(completeSettings(settings), settings);
  }
  const others = [2, 4, 8, 16].map((blockSize) => completeSettings({ blockSize }).blockSize);
  assert.deepEqual(others, [2, 4, 8, 16]);
  for (const blockSize of [0, 3, 32, -8, 1.5, NaN]) {
    assert.throws(() => completeSettings({ blockSize }), {
      name: "RangeError",
      message: `Cannot use setting "blockSize": found ${blockSize}, need one of 1, 2, 4, 8, 16`,
    });
  }
  for (const blockSize of ["8", null, [8]]) {
    assert.throws(() => completeSettings({ blockSize }), {
      name: "TypeError",
      message: /^Cannot use setting "blockSize": found .*, need a number$/,
    });
  }
});

Deno.test("a record tells which kernels ran, G of every layer and the threads, and so does a report", async () => {
  const folder = folderWithTable({ rows: 200 });
  const { description } = chooseKernels("wasm").kernels;
  for (const [blockSize, threads, sizes] of [[8, 2, [8, 8, 2, 2]], [1, 1, [1, 1, 1, 1]]] as const) {
    const run = `${newFolder()}/run`;
    await startRun(configOf(folder, { blockSize, method: "set", epochs: 2 }), run, { threads });
    const record = checkRecord(readJsonFile(`${run}/record.json`), "record.json");
    const kernels = threads === 1 ? description : `${description}, ${threads} threads`;
    const { processor, ...execution } = record.execution!;
    assert.deepEqual(execution, { kernels, threads });
    assert.equal(processor, processorName());
    assert.deepEqual(record.blockSizes, sizes);
    const report = await reportOfFolder(run);
    const told = threads === 1 ? ", 1 thread" : "";
    assert.ok(
      report.lead!.endsWith(
        `computed by the wasm kernels: ${kernels}${told}, blocks of G = ${
          sizes.join(", ")
        } by layer.`,
      ),
      report.lead,
    );
  }
});

for (const method of ["fd", "rigl"] as const) {
  Deno.test(`${method} in blocks: killed at any step and resumed by any threads, the same bytes`, async () => {
    const random = randomStream(3, method);
    const folder = folderWithTable({ rows: 200 });
    const config = configOf(folder, {
      ...{ method, blockSize: 8, optimizer: "adam", learningRate: 0.01 },
      ...method === "fd" ? { explore: 2, members: 2 } : { updateSteps: 5, members: 1 },
    });
    const straight = `${folder}/straight`;
    await startRun(config, straight, { checkpointEvery: 0 });
    const killed = `${folder}/killed`;
    for (let part = 0;; part++) {
      let steps = part < 4 ? random.below(20) : Infinity;
      const options: RunOptions = {
        checkpointEvery: part < 4 ? 1e-9 : 0,
        threads: 1 + part % 2,
        onEvent: ({ type }) => {
          if (type === "batch" && steps-- === 0) throw new Error("killed");
        },
      };
      try {
        await (part === 0 ? startRun(config, killed, options) : resumeRun(killed, options));
        break;
      } catch (error) {
        assert.equal((error as Error).message, "killed");
      }
    }
    assertSameRun(straight, killed);
    assert.match(readText(`${straight}/events.jsonl`), /"type":"(topology|updates)"/);
  });
}

Deno.test("results of runs with and without blocks are told apart", async () => {
  const folder = folderWithTable({ rows: 200 });
  const runs = newFolder();
  for (const blockSize of [1, 8]) {
    const config = configOf(folder, { blockSize, method: "static", epochs: 1 });
    await startRun(config, `${runs}/${blockSize}`);
  }
  const results = readResults(runs);
  assert.deepEqual(varyingKeys(results), ["blockSize"]);
  const groups = groupResults(results, ["blockSize"]);
  assert.deepEqual(groups.map(({ key }) => key.blockSize), [1, 8]);
  assert.deepEqual(results.map((one) => settingValue(one, "blockSize")).sort(), [1, 8]);
  assert.deepEqual(settingsInCommon(results).varied, [["blockSize", ["1", "8"]]]);
  assert.deepEqual(groupRuns(results).map(({ sparsity }) => sparsity).sort(), [
    "ε = 2",
    "ε = 2, G = 8",
  ]);
});
