import assert from "node:assert/strict";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { memberDistance } from "../../../lib/experiments/run/member_distance.ts";
import { startRun } from "../../../lib/experiments/run/run.ts";
import { readResults } from "../../../lib/experiments/results/results.ts";
import type { StoredLayer } from "../../../lib/nn/mod.ts";
import type { OwnActivation } from "../../../lib/nn/activation.ts";
import { folderWithTable } from "../../tasks/tiny_run.ts";

/** A layer of two neurons with two inputs each, of four. */
function layer(indices: number[], activation?: OwnActivation): StoredLayer {
  const rest = { data: new Float32Array(4), bias: new Float32Array(2) };
  const pattern = { indptr: Int32Array.of(0, 2, 4), indices: Int32Array.from(indices) };
  return { kind: "sparse", shape: [2, 4], ...pattern, ...rest, ...activation && { activation } };
}

Deno.test("the distance is the mean over pairs of members, of hidden layers without sines", async () => {
  // Neurons change places at no cost. Two inputs of three are others: 2 / 3 for one of two neurons.
  const last = layer([0, 1, 0, 1]);
  const members = [[0, 1, 2, 3], [2, 3, 0, 1], [1, 2, 0, 1]].map((indices) => ({
    layers: [layer(indices, "sine"), layer(indices), last],
  }));
  assert.equal(await memberDistance(members.slice(0, 2)), 0);
  assert.equal(
    (await memberDistance(members))!.toFixed(12),
    ((0 + 1 / 3 + 1 / 3) / 3).toFixed(12),
  );
  assert.equal(await memberDistance(members.slice(0, 1)), undefined);
});

Deno.test("a record has the distance between members where it is asked for, and nothing new elsewhere", async () => {
  const from = folderWithTable();
  const record = async (name: string, settings: Record<string, unknown>) => {
    const config = completeConfig({
      ...{ file: `${from}/table.csv`, target: "class", hidden: [16, 16], density: 0.25, epochs: 4 },
      ...{ members: 2, batchSize: 32, kernels: "wasm", explore: 0, ...settings },
    });
    await startRun(config, `${from}/${name}/run`);
    return readResults(`${from}/${name}`)[0].record;
  };
  const asked = await record("asked", { method: "sparse-ensemble", measureNnstd: true });
  assert.ok(asked.nnstd! > 0 && asked.nnstd! <= 1);
  const { nnstd: _, ...rest } = asked;
  const plain = await record("plain", { method: "sparse-ensemble" });
  assert.deepEqual(Object.keys(plain), Object.keys(rest));
  assert.equal(plain.flops.counted, rest.flops.counted);
  // Snapshots share their connections.
  assert.equal((await record("snapshots", { method: "snapshots", measureNnstd: true })).nnstd, 0);
  assert.equal(
    (await record("single", { method: "set", members: 1, measureNnstd: true })).nnstd,
    undefined,
  );
});
