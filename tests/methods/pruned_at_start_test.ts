/** Pruning before the first step: SNIP and SynFlow, and the hook that they have for it. */
import assert from "node:assert/strict";
import { type Meters, openMeters } from "../../lib/counters/meters.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/ensemble/training_checkpoint.ts";
import { copyState, openRun, saveRun, type TrainingRun } from "../../lib/ensemble/training_run.ts";
import { train } from "../../lib/ensemble/train.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { snipTopology } from "../../lib/methods/mod.ts";
import type { SparseLayer } from "../../lib/nn/layer.ts";
import { randomStream } from "../../lib/random.ts";
import { neuronPattern } from "../../lib/sparse/blocks.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { synapticFlow } from "../../lib/topology/synaptic_flow.ts";
import type { LayerView, TopologyStrategy } from "../../lib/topology/strategy.ts";
import { finish, PROBLEM, tinySettings, trained } from "../ensemble/tiny_runs.ts";

const hidden = (run: TrainingRun) => run.stage.network.layers.slice(0, -1) as SparseLayer[];
const nnz = (run: TrainingRun) => hidden(run).reduce((sum, { weights }) => sum + weights.length, 0);
const CONTEXT = {
  data: "",
  kernels: "wasm",
  seconds: { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 },
};

for (const method of ["snip", "synflow"] as const) {
  for (const blockSize of [1, 8]) {
    Deno.test(`${method}, G = ${blockSize}: dense before the first step, then as sparse as asked`, () => {
      const hiddenSizes = [48, 32];
      const settings = tinySettings(method, { hidden: hiddenSizes, blockSize });
      using run = openRun(PROBLEM, settings, wasmKernels());
      assert.equal(nnz(run), 48 * 6 + 32 * 48);
      const events = train(run);
      const first = [events.next().value, events.next().value];
      assert.deepEqual(
        first.map((event) => [(event as { type: string }).type, run.progress.step]),
        [
          ["topology", 0],
          ["topology", 0],
        ],
      );
      // ε = 2: 2 (48 + 6) and 2 (32 + 48), in whole blocks.
      assert.equal(nnz(run), Math.floor((108 + 160) / blockSize) * blockSize);
      const started = hidden(run).map(({ indices }) => indices.slice());
      const saved = encodeCheckpoint(saveRun(run), settings, CONTEXT);
      finish(run);
      assert.deepEqual(hidden(run).map(({ indices }) => indices.slice()), started);
      using resumed = openRun(PROBLEM, settings, wasmKernels(), {
        saved: decodeCheckpoint(saved, "bytes").saved,
      });
      finish(resumed);
      assert.deepEqual(copyState(resumed), copyState(run));
    });
  }
}

Deno.test("the time of a run has the pruning before its first step", () => {
  const inner = openMeters();
  let measured: string | undefined;
  const meters: Meters = {
    ...inner,
    hardwareFlops: 0,
    measure(kind, work) {
      measured = kind;
      try {
        return inner.measure(kind, work);
      } finally {
        measured = undefined;
      }
    },
  };
  const starts: (string | undefined)[] = [];
  const strategy: TopologyStrategy = {
    name: "starts",
    start: () => {
      starts.push(measured);
      return [];
    },
  };
  const settings = tinySettings("set", { epochs: 2, members: 1 });
  using run = openRun(PROBLEM, settings, wasmKernels(), { strategy, meters });
  finish(run);
  assert.deepEqual(starts, ["topology"]);
});

Deno.test("SNIP keeps the connections with the largest |weight × gradient| of all layers", () => {
  const strategy = snipTopology();
  let checked = 0;
  const watched: TopologyStrategy = {
    ...strategy,
    start(network, moment, memory) {
      const changes = strategy.start!(network, moment, memory);
      const scores = network.layers.map((layer) => {
        const gradient = layer.gradientOf();
        return Array.from(layer.weights, (weight, k) => Math.abs(weight * gradient[k]));
      });
      const gone = changes.map(({ remove }) => new Set(remove));
      const kept = scores.flatMap((own, l) => own.filter((_, entry) => !gone[l].has(entry)));
      const least = Math.min(...kept);
      scores.forEach((own, l) => {
        for (const entry of gone[l]) assert.ok(own[entry] <= least);
      });
      checked += kept.length;
      assert.deepEqual([moment.step, moment.epoch, moment.progress], [0, 0, 0]);
      return changes;
    },
  };
  trained(tinySettings("set", { epochs: 1 }), { strategy: watched });
  assert.equal(checked, Math.round(2 * 36 + 2 * 60));
});

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

function flowLayers(blockSize: number) {
  const random = randomStream(4);
  return [[6, 5], [4, 6 * blockSize], [3, 4 * blockSize]].map(([rows, columns]) => {
    const pattern = erdosRenyi(rows, columns, 0.7, random);
    const magnitudes = Float64Array.from(pattern.indices, () => random.float());
    return { ...pattern, blockSize, magnitudes };
  });
}

Deno.test("synaptic flow is conserved: every layer, and every hidden neuron in and out, has the same", () => {
  const layers = flowLayers(1);
  const flow = synapticFlow(layers);
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-9 * (1 + a), `${a} ${b}`);
  for (let row = 0; row < 6; row++) {
    const into = flow[0].subarray(layers[0].indptr[row], layers[0].indptr[row + 1]);
    close(sumOf(into), sumOf(flow[1].filter((_, entry) => layers[1].indices[entry] === row)));
  }
  // Each layer is a cut of the network.
  for (const own of flow.slice(1)) close(sumOf(flow[0]), sumOf(own));
});

Deno.test("a block's synaptic flow is the sum of its neurons'", () => {
  const layers = flowLayers(2);
  const neurons = layers.map(({ magnitudes, ...blocks }) => {
    const { indptr } = blocks;
    const rows = Array.from({ length: 2 * blocks.shape[0] }, (_, neuron) => neuron >> 1);
    const own = rows.flatMap((row) => [...magnitudes.subarray(indptr[row], indptr[row + 1])]);
    return { ...neuronPattern(blocks, 2), blockSize: 1, magnitudes: Float64Array.from(own) };
  });
  const [found, expected] = [synapticFlow(layers), synapticFlow(neurons)];
  layers.forEach(({ indptr, shape: [rows] }, l) => {
    for (let row = 0; row < rows; row++) {
      const start = neurons[l].indptr[2 * row];
      const length = indptr[row + 1] - indptr[row];
      for (let i = 0; i < length; i++) {
        const sum = expected[l][start + i] + expected[l][start + length + i];
        assert.ok(Math.abs(found[l][indptr[row] + i] - sum) <= 1e-9 * (1 + sum));
      }
    }
  });
});

Deno.test("SynFlow leaves no layer empty where the magnitudes of one are a thousandth of another's", () => {
  // Pruning by magnitude alone would: the paper's layer collapse.
  const collapsed = (method: "synflow" | "snip") => {
    const settings = tinySettings(method, { density: 0.05, hidden: [40, 40] });
    using run = openRun(PROBLEM, settings, wasmKernels());
    hidden(run)[0].weights.forEach((weight, k, all) => all[k] = weight / 1000);
    train(run).next();
    return hidden(run).map(({ weights }) => weights.length);
  };
  const [first, second] = collapsed("synflow");
  assert.ok(first > 0 && second > 0, `${first} and ${second}`);
});

Deno.test("a strategy whose start fails has not begun, and a sound one starts anew", () => {
  let begun = 0;
  const strategy = (fails: boolean): TopologyStrategy<{ begun: number }> => ({
    name: "starts",
    own: ["age"],
    begin: () => ({ begun: ++begun }),
    start: ({ layers }: { layers: readonly LayerView[] }, _, memory) => {
      memory.begun += 10;
      if (fails) throw new Error("not yet");
      return [{ layer: layers[0].layer, remove: Int32Array.of(0) }];
    },
  });
  const settings = tinySettings("set", { epochs: 2 });
  using run = openRun(PROBLEM, settings, wasmKernels(), { strategy: strategy(true) });
  assert.throws(() => finish(run), /the strategy "starts" failed: not yet/);
  assert.equal(run.stage.memory.memory, undefined);
  using sound = openRun(PROBLEM, settings, wasmKernels(), {
    strategy: strategy(false),
    saved: saveRun(run),
  });
  const before = nnz(sound);
  finish(sound);
  assert.deepEqual([nnz(sound), sound.stage.memory.memory], [before - 1, { begun: 12 }]);
  for (const start of [1, {}, null]) {
    const wrong = { name: "wrong", start } as unknown as TopologyStrategy;
    assert.throws(
      () => openRun(PROBLEM, settings, wasmKernels(), { strategy: wrong }),
      /found .* as start, need a function/,
    );
  }
});

Deno.test("a rollback to the beginning of the run starts the strategy anew", () => {
  const settings = tinySettings("snip", { members: 2, epochs: 2 });
  let starts = 0;
  const { members } = trained(settings, {
    onEvent: (event) => {
      if (event.type === "topology" && event.kind === "start") starts++;
    },
  });
  // Two layers of two members.
  assert.deepEqual([starts, members.length], [4, 2]);
});
