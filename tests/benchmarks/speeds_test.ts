/** That the sections measure what they say; how long it takes is nobody's business here. */
import assert from "node:assert/strict";
import { newFolder } from "../files.ts";
import { openBackEnds } from "../../lib/benchmarks/measuring/back_ends.ts";
import { inferenceSpeeds, paperModel } from "../../lib/benchmarks/inference.ts";
import { costGrowth } from "../../lib/benchmarks/linear_costs.ts";
import { memoryUse } from "../../lib/benchmarks/memory.ts";
import { threadSpeeds } from "../../lib/benchmarks/thread_speed.ts";
import { changeSpeeds } from "../../lib/benchmarks/topology_speed.ts";
import { openStep, PAPER_SIZES, stepSpeeds } from "../../lib/benchmarks/training_step.ts";
import { load } from "../../lib/model/model_file.ts";
import { predictProba } from "../../lib/model/predictor.ts";
import { wasmMemory } from "../../lib/kernels/wasm/wasm.ts";

const backEnds = openBackEnds();
const wasm = { present: backEnds.present.slice(0, 1), missing: [] };
const { kernels } = wasm.present[0];
const BRIEFLY = { warmUp: 0, sample: 0, budget: 0, minRounds: 1, maxRounds: 1 };

Deno.test("stepSpeeds measures the paper's networks and gives the memory back", () => {
  const before = wasmMemory().used;
  const speeds = stepSpeeds(wasm, BRIEFLY);
  assert.deepEqual(speeds.map(({ epsilon }) => epsilon), [null, 10, 20, 30]);
  assert.equal(speeds[0].weights, 50_000 + 2_000_000 + 5000);
  assert.equal(speeds[0].overDense.median, 1);
  // ε (n_in + n_out) per layer, the output layer full: 10 × (1050 + 2000 + 2000) + 5000
  assert.ok(Math.abs(speeds[1].weights - 55_500) < 1500, `${speeds[1].weights}`);
  assert.equal(wasmMemory().used, before);
});

Deno.test("openStep trains: its weights stay finite over many steps", () => {
  using opened = openStep(kernels, [50, 64, 5], 20, 128);
  for (let step = 0; step < 300; step++) opened.step();
  assert.ok(opened.weights > 1000);
});

Deno.test("changeSpeeds makes every change at every size", () => {
  const sizes: number[] = [];
  const speeds = changeSpeeds([300, 1000], kernels, BRIEFLY, (neurons) => sizes.push(neurons));
  assert.deepEqual(sizes, [300, 1000]);
  const names = ["SET update", "FD update", "RD", "FD", "Dist"];
  assert.deepEqual(speeds.map(({ change }) => change), [...names, ...names]);
  assert.deepEqual(
    speeds.map(({ paperSeconds }) => paperSeconds),
    [null, null, null, null, null, null, null, 0.081, 0.082, 11.65],
  );
  for (const { neurons, nnz, ms } of speeds) {
    assert.ok(Math.abs(nnz / (20 * neurons) - 1) < 0.1);
    assert.ok(ms.median > 0);
  }
});

Deno.test("paperModel is a model: five different members that predict together", () => {
  const model = paperModel();
  assert.equal(model.members.length, 5);
  assert.deepEqual(model.members[0].layers[0].shape, [1000, 50]);
  const p = predictProba(model, [Array.from({ length: 50 }, (_, column) => column / 50)], kernels);
  assert.ok(Math.abs(p.reduce((sum, share) => sum + share) - 1) < 1e-5);
  assert.ok(p.some((share) => Math.abs(share - 1 / p.length) > 1e-3));
  assert.notDeepEqual(model.members[0].layers[1].bias.length, 0);
  assert.notDeepEqual(model.members[0].layers[1], model.members[1].layers[1]);
});

Deno.test("inferenceSpeeds predicts on every back end", () => {
  const speeds = inferenceSpeeds(backEnds, BRIEFLY);
  assert.deepEqual(
    speeds.map(({ backEnd, blockSize }) => `${backEnd} ${blockSize}`),
    [1, 8].flatMap((size) => backEnds.present.map(({ name }) => `${name} ${size}`)),
  );
  for (const { oneRow, oneRowUnopened, rowsPerSecond } of speeds) {
    for (const { median } of [oneRow, oneRowUnopened, rowsPerSecond]) {
      assert.ok(median > 0 && Number.isFinite(median));
    }
  }
});

Deno.test("costGrowth measures networks of about the sizes that are asked for, and saves them", () => {
  const file = `${newFolder()}/model.safetensors`;
  const costs = costGrowth([2000, 20_000], kernels, file, BRIEFLY);
  assert.deepEqual(
    costs.map(({ cost }) => cost),
    ["draw", "allocate", "update topology", "save", "load"],
  );
  for (const { points, exponent, lastExponent } of costs) {
    assert.deepEqual(points.map(({ nnz }) => Math.round(Math.log10(nnz / 2))), [3, 4]);
    assert.ok(Number.isFinite(exponent));
    assert.ok(Math.abs(exponent - lastExponent) < 1e-9, "two sizes within a decade");
  }
  const [{ points }] = costs;
  const saved = load(file).members[0].layers
    .reduce((sum, layer) => sum + (layer.kind === "sparse" ? layer.data.length : 0), 0);
  assert.equal(saved, points[1].nnz);
});

Deno.test("memoryUse finds at least 12 bytes per trained weight, and more for sparse ones", () => {
  const { peak, networks } = memoryUse(kernels);
  assert.deepEqual(networks.map(({ epsilon }) => epsilon), [10, 20, 30, null]);
  const dense = networks[3];
  assert.equal(dense.weights, 2_055_000);
  assert.ok(dense.bytes >= 12 * dense.weights && dense.bytes < 16 * dense.weights);
  // Three numbers of state, the index, and the transpose index with two.
  const growth = (networks[2].bytes - networks[0].bytes) /
    (networks[2].weights - networks[0].weights);
  assert.ok(growth > 23 && growth < 33, `${growth} bytes per weight`);
  assert.ok(peak > networks[0].bytes);
});

Deno.test("threadSpeeds measures one thread and more, and lets the process end", async () => {
  const speeds = await threadSpeeds([2], wasm, BRIEFLY, [20, 100, 100, 3]);
  assert.deepEqual(speeds.map(({ threads }) => threads), [1, 2]);
  assert.equal(speeds[0].speedUp.median, 1);
  assert.ok(speeds[1].speedUp.median > 0);
  assert.equal(PAPER_SIZES.length, 5);
});
