/** That every benchmark reports both counts, and that what it calls counted is what it executes. */
import assert from "node:assert/strict";
import { openBackEnds } from "../../../lib/benchmarks/measuring/back_ends.ts";
import { inferenceSpeeds } from "../../../lib/benchmarks/inference.ts";
import { callFlops, layerSpeed } from "../../../lib/benchmarks/kernel_speed.ts";
import { costGrowth } from "../../../lib/benchmarks/linear_costs.ts";
import { measure } from "../../../lib/benchmarks/measuring/measure.ts";
import { comparePeers } from "../../../lib/benchmarks/peers/peers.ts";
import {
  openSquareDenseLayer,
  openSquareLayer,
  squarePattern,
} from "../../../lib/benchmarks/measuring/square_layer.ts";
import { threadSpeeds } from "../../../lib/benchmarks/thread_speed.ts";
import { KERNEL_FUNCTIONS, noTimes } from "../../../lib/benchmarks/measuring/timed_kernels.ts";
import { changeSpeeds } from "../../../lib/benchmarks/topology_speed.ts";
import { stepSpeeds } from "../../../lib/benchmarks/training_step.ts";
import { wholeRuns } from "../../../lib/benchmarks/whole_run.ts";
import {
  passFlops,
  type WorkFlops,
  workFlops,
} from "../../../lib/benchmarks/measuring/work_flops.ts";
import { noFlops, totalFlops, trainingStepFlops } from "../../../lib/counters/flops.ts";
import { openHardwareFlops } from "../../../lib/counters/hardware_flops.ts";
import { datasetFromArrays } from "../../../lib/data/table/from_arrays.ts";
import { countingReference } from "../../counters/counting_reference.ts";
import { buildFakePapi, hasCompiler, withLibrary } from "../../counters/fake_papi.ts";
import { newFolder } from "../../files.ts";

const BATCH = 64;
const { present } = openBackEnds();
const wasm = { present: present.slice(0, 1), missing: [] };
const { kernels } = wasm.present[0];
const NONE = { unavailable: "no counter" };

/** A counter that goes up by 1000 at every reading: a count of one run is 1000. */
function readings() {
  let count = 0;
  return { event: "READINGS", read: () => count += 1000 };
}

const briefly = (counter: ReturnType<typeof readings> | typeof NONE) => ({
  warmUp: 0,
  sample: 0,
  budget: 0,
  minRounds: 1,
  maxRounds: 1,
  counter,
});

Deno.test("measure counts one more run of each alternative, after all times are taken", () => {
  const order: string[] = [];
  let counted = 0;
  const counter = { event: "RUNS", read: () => counted };
  const run = (name: string, count: number) => () => {
    order.push(name);
    counted += count;
  };
  const measured = measure({ a: run("a", 5), b: run("b", 70) }, briefly(counter));
  assert.deepEqual(measured.a.hardware, { hardware: 5, event: "RUNS", reason: null });
  assert.deepEqual(measured.b.hardware, { hardware: 70, event: "RUNS", reason: null });
  assert.equal(order.join(""), "ab" + "ab" + "ab");
  const without = measure({ a: run("a", 5) }, briefly(NONE));
  assert.deepEqual(without.a.hardware, { hardware: null, event: null, reason: "no counter" });
});

Deno.test("workFlops puts the count beside the hardware's and the speed", () => {
  const hardware = { hardware: 7, event: "PAPI_SP_OPS", reason: null };
  const flops = workFlops({ forward: 300, update: 100 }, { median: 2, hardware });
  assert.deepEqual(flops, {
    counted: 400,
    ...hardware,
    phases: { ...noFlops(), forward: 300, update: 100 },
    perSecond: 200_000,
  });
});

Deno.test("passFlops gives the activations to the passes that compute them", () => {
  // 3 → 4 → 2, 10 samples: 6 activations a sample forward, 4 backward.
  const layers = [{ rows: 4, columns: 3, nnz: 12 }, { rows: 2, columns: 4, nnz: 8 }];
  const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "direct" } as const;
  const flops = trainingStepFlops(layers, 10, sgd, false);
  const times = noTimes(true);
  for (const name of KERNEL_FUNCTIONS) times[name] = { calls: 1, ms: 2, hardware: 11 };
  const count = { hardware: 1, event: "PAPI_SP_OPS", reason: null };
  const passes = passFlops(flops, layers, times, count);
  assert.deepEqual(
    passes.map(({ pass, counted, ms, hardware }) => [pass, Math.round(counted), ms, hardware]),
    [
      ["forward", 2 * 20 * 10 + 6 * 10, 4, 22],
      ["input gradient", 2 * 8 * 10 + 4 * 10, 4, 22],
      ["weight gradient + update", flops.weightGradient + flops.update, 10, 55],
      ["softmax + loss", flops.softmax, 6, 33],
    ],
  );
  const sum = passes.reduce((sum, { counted }) => sum + counted, 0);
  assert.ok(Math.abs(sum - totalFlops(flops)) < 1e-6);
});

Deno.test("callFlops equals a count of every single operation of the benchmarks' calls", () => {
  const counting = countingReference();
  const square = openSquareLayer(squarePattern(40, 4), BATCH, counting.openArena());
  const dense = openSquareDenseLayer(40, BATCH, counting.openArena());
  counting.samples = BATCH;
  const { layer, x, dz, out, gradient, velocity } = square;
  const gate = { slope: -0.5, dropThreshold: 0, dropKey: 0 };
  const step = { rate: 1e-9, momentum: 0.9, l2: 0, decay: 0 };
  const counted = (run: () => void) => {
    Object.assign(counting.counted, noFlops());
    run();
    return { ...noFlops(), ...counting.counted };
  };
  const sparse = callFlops(layer, BATCH);
  assert.deepEqual(
    counted(() => counting.sparseForward(layer, x, out, null, gate, BATCH)),
    { ...noFlops(), ...sparse.forward },
  );
  assert.deepEqual(
    counted(() => counting.sparseBackward(layer, dz, null, out, BATCH)),
    { ...noFlops(), ...sparse.backward },
  );
  assert.deepEqual(
    counted(() => counting.sparseGradientSgd(layer, x, dz, gradient, velocity, step, BATCH, BATCH)),
    { ...noFlops(), ...sparse.gradient, ...sparse.update },
  );
  const full = callFlops(dense.layer, BATCH);
  assert.deepEqual(
    counted(() => counting.denseForward(dense.layer, x, out, null, gate, BATCH)),
    { ...noFlops(), ...full.forward },
  );
  assert.deepEqual(
    counted(() => counting.denseBackward(dense.layer, dz, null, out, BATCH)),
    { ...noFlops(), ...full.backward },
  );
  const { transposed } = dense;
  assert.deepEqual(
    counted(() =>
      counting.denseGradient(dense.layer, x, dz, dense.gradient, transposed, BATCH, BATCH)
    ),
    { ...noFlops(), ...full.gradient },
  );
});

/** Every count that the benchmarks report with a counter. */
async function everyFlops(counter: ReturnType<typeof readings>) {
  const options = briefly(counter);
  using arena = kernels.openArena();
  const square = openSquareLayer(squarePattern(200, 10), BATCH, arena);
  const dense = openSquareDenseLayer(200, BATCH, arena);
  const rows = 320;
  const dataset = datasetFromArrays({
    features: Array.from({ length: rows }, (_, row) => [row % 7, row % 11, row]),
    labels: Array.from({ length: rows }, (_, row) => row % 2),
  });
  const runs = wholeRuns(dataset, 12, wasm, counter);
  const costs = costGrowth([2000, 20_000], kernels, `${newFolder()}/m.safetensors`, options);
  const peers = await comparePeers(wasm, 1, counter);
  const all: Record<string, WorkFlops[]> = {
    kernels: layerSpeed(square, dense, wasm.present, options).kernels.map((k) => k.flops),
    steps: stepSpeeds(wasm, options).map(({ flops }) => flops),
    runs: runs.map(({ flops }) => flops),
    topology: changeSpeeds([300], kernels, options).map(({ flops }) => flops),
    inference: inferenceSpeeds(wasm, options).flatMap(({ flops }) => Object.values(flops)),
    costs: costs.flatMap(({ points }) => points.map(({ flops }) => flops)),
    peers: peers.speeds.filter(({ library }) => library === "wasm").map(({ flops }) => flops),
  };
  return { all, runs, costs, python: peers.speeds.filter(({ library }) => /SciPy/.test(library)) };
}

Deno.test("every benchmark reports the hardware's count of one run beside the exact one", async () => {
  const { all, runs, costs, python } = await everyFlops(readings());
  for (const [name, counts] of Object.entries(all)) {
    assert.ok(counts.length > 0, name);
    for (const { counted, phases, hardware, event, reason, perSecond } of counts) {
      assert.equal(counted, totalFlops(phases), name);
      assert.ok(perSecond >= 0 && (perSecond > 0) === (counted > 0), name);
      if (name !== "runs") assert.equal(hardware, 1000, name);
      assert.deepEqual([event, reason], ["READINGS", null], name);
      if (name !== "costs") assert.ok(counted > 0, name);
    }
  }
  // Allocating, saving and loading are no arithmetic; the others are.
  assert.deepEqual(
    costs.map(({ cost, points }) => [cost, points[0].flops.counted > 0]),
    [["draw", true], ["allocate", false], ["update topology", true], ["save", false], [
      "load",
      false,
    ]],
  );
  // Inside a batch's reading, every kernel reads twice: 4 forward, 3 backward, 4 updates, 1 loss.
  const [{ flops }] = runs;
  const [epochs, batches] = [12, 12 * 2];
  const scoring = 1 + 2 * (4 + 1);
  assert.equal(flops.hardware, 1000 * (batches * (1 + 2 * 12) + epochs * (1 + scoring)));
  assert.deepEqual(
    flops.passes.map(({ pass, hardware }) => [pass, hardware]),
    [
      ["forward", 1000 * batches * 4],
      ["input gradient", 1000 * batches * 3],
      ["weight gradient + update", 1000 * batches * 4],
      ["softmax + loss", 1000 * batches],
    ],
  );
  for (const { flops } of python) {
    assert.equal(flops.hardware, null);
    assert.equal(flops.reason, "it runs in a process of its own");
    assert.ok(flops.counted > 0 && flops.perSecond > 0);
  }
});

Deno.test("benchmarks say why the hardware counted nothing", () => {
  using arena = kernels.openArena();
  const square = openSquareLayer(squarePattern(200, 10), BATCH, arena);
  const counts = [
    ...layerSpeed(square, null, wasm.present, briefly(NONE)).kernels,
    ...changeSpeeds([100], kernels, briefly(NONE)),
  ];
  assert.equal(counts.length, 3 + 5);
  for (const { flops: { hardware, event, reason } } of counts) {
    assert.deepEqual([hardware, event, reason], [null, null, "no counter"]);
  }
});

Deno.test("threadSpeeds reports why worker threads are not counted, and the exact count", async () => {
  const speeds = await threadSpeeds([2], wasm, briefly(NONE), [20, 100, 100, 3]);
  for (const { flops } of speeds) {
    assert.equal(flops.reason, "no counter");
    assert.equal(flops.counted, speeds[0].flops.counted);
    assert.ok(flops.counted > 0);
  }
});

Deno.test({
  name: "threadSpeeds counts all threads of a step together (needs a C compiler)",
  ignore: !hasCompiler,
  async fn() {
    // Its counter goes up by 1000 at every reading, in every thread for itself.
    const library = buildFakePapi({ EVENT: '"PAPI_SP_OPS"' });
    const speeds = await withLibrary(library, () => {
      const counter = openHardwareFlops();
      return threadSpeeds([2, 3], wasm, { ...briefly(NONE), counter }, [20, 100, 100, 3]);
    });
    // A worker reads once per divided call: 3 forward, 2 backward, 3 updates.
    assert.deepEqual(
      speeds.map(({ threads, flops }) => [threads, flops.hardware, flops.event]),
      [1, 2, 3].map((threads) => [threads, 1000 * (1 + 8 * (threads - 1)), "PAPI_SP_OPS"]),
    );
  },
});
