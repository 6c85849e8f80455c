import assert from "node:assert/strict";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/ensemble/training_checkpoint.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import { openRun, saveRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { topologyFlops } from "../../../lib/counters/flops.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { StoredSparseLayer } from "../../../lib/nn/stored_layer.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import type { Pattern } from "../../../lib/sparse/pattern.ts";
import { pruneMagnitude } from "../../../lib/topology/prune.ts";
import { StrategyError } from "../../../lib/topology/strategy_call.ts";
import type {
  LayerChange,
  LayerView,
  Moment,
  NetworkView,
  TopologyStrategy,
} from "../../../lib/topology/strategy.ts";
import { epochOrder } from "../../../lib/training/batches.ts";
import { PROBLEM, tinySettings, trained } from "../tiny_runs.ts";
import { CONTEXT, freePosition, none, SET } from "./tiny_strategies.ts";

/** The moments of a strategy's updates. */
function momentsOf(when: TopologyStrategy["when"], settings: Settings = SET): Moment[] {
  const moments: Moment[] = [];
  const update = (_: NetworkView, moment: Moment) => {
    moments.push(moment);
    return [];
  };
  trained(settings, { strategy: { name: "watch", ...when === undefined ? {} : { when }, update } });
  return moments;
}

Deno.test("updates come at the times that the strategy names, and never where a member ends", () => {
  // Twelve epochs of ten steps.
  const steps = (when: TopologyStrategy["when"], settings?: Settings) =>
    momentsOf(when, settings).map(({ step }) => step);
  assert.deepEqual(steps({ every: 30, unit: "steps" }), [30, 60, 90]);
  assert.deepEqual(steps({ every: 30, unit: "steps", until: 0.5 }), [30, 60]);
  assert.deepEqual(steps({ every: 4, unit: "epochs" }), [40, 80]);
  assert.deepEqual(steps({ every: 2, unit: "epochs", until: 0.4 }), [20, 40]);
  const alone = tinySettings("set", { members: 2, epochs: 3 });
  assert.deepEqual(steps({ every: 10, unit: "steps" }, alone), [10, 20, 10, 20]);
  // Members of one run share a network: its steps go on, and members end after epochs 8 and 12.
  const shared = steps({ every: 20, unit: "steps" }, tinySettings("edst"));
  assert.deepEqual(shared, [20, 40, 60, 100]);
  assert.deepEqual(steps(undefined, tinySettings("set", { interval: 5 })), [10, 60, 110]);
});

Deno.test("a moment tells where the network in training is", () => {
  const when = { every: 15, unit: "steps", pruneRate: (share: number) => 1 - share } as const;
  const [moment, next] = momentsOf(when, tinySettings("set", { members: 2, epochs: 3 })).slice(-1)
    .concat(momentsOf({ every: 2, unit: "epochs" }));
  assert.deepEqual(moment, {
    epoch: 1,
    epochs: 3,
    step: 15,
    steps: 30,
    progress: 0.5,
    pruneRate: 0.5,
    learningRate: 0.05,
    member: 1,
    phase: "training",
  });
  assert.deepEqual([next.epoch, next.pruneRate], [2, SET.pruneRate]);
});

Deno.test("gradientOf agrees with gradientAt, for the batch that was just trained", () => {
  let compared = 0;
  const strategy: TopologyStrategy = {
    name: "gradients",
    when: { every: 13, unit: "steps" },
    update: ({ layers }) => {
      for (const view of layers) {
        const { shape: [rows, columns], indptr, indices } = view;
        const positions = Float64Array.from(indices);
        for (let row = 0; row < rows; row++) {
          for (let k = indptr[row]; k < indptr[row + 1]; k++) positions[k] += row * columns;
        }
        // The kernel adds in the same order for either.
        assert.deepEqual(view.gradientOf(), view.gradientAt(positions));
        assert.equal(view.gradientOf(), view.gradientOf(), "worked out once");
        compared += view.gradientOf().filter((value) => value !== 0).length;
      }
      return [];
    },
  };
  trained(SET, { strategy });
  assert.ok(compared > 100);
});

Deno.test("the gradient of one row is the product of its neurons' signals", () => {
  const settings = tinySettings("set", { batchSize: 1, epochs: 2, learningRate: 0.001 });
  let compared = 0;
  const strategy: TopologyStrategy = {
    name: "signals",
    when: { every: 61, unit: "steps" },
    update: ({ layers }) => {
      for (const { shape: [rows, columns], gradientAt, signals } of layers) {
        const { inputs, outputs } = signals();
        assert.deepEqual([outputs.length, inputs.length], [rows, columns]);
        const all = Float64Array.from({ length: rows * columns }, (_, position) => position);
        gradientAt(all).forEach((gradient, position) => {
          const product = outputs[Math.floor(position / columns)] * inputs[position % columns];
          assert.ok(Math.abs(Math.abs(gradient) - product) <= 1e-6 * product);
          compared += product > 0 ? 1 : 0;
        });
      }
      return [];
    },
  };
  trained(settings, { strategy });
  assert.ok(compared > 1000, `${compared}`);
});

Deno.test("signals are means over the batch, and counted", () => {
  let means: Float64Array = new Float64Array(0);
  const flopsOf = (look: (layer: LayerView) => void) => {
    const when = { every: 110, unit: "steps" } as const;
    const update = ({ layers: [first] }: NetworkView) => {
      first.gradientOf();
      look(first);
      return [];
    };
    return trained(SET, { strategy: { name: "looks", when, update } }).run.progress.flops.topology;
  };
  const less = flopsOf(() => {});
  const more = flopsOf(({ signals }) => means = signals().inputs);
  // 20 additions and a division for each of 6 inputs and 30 neurons.
  assert.equal(more - less, 36 * 21);
  const { training: { features, columns, rows } } = PROBLEM;
  const batch = epochOrder(rows, SET.seed, 10).subarray(180, 200);
  assert.equal(means.length, columns);
  means.forEach((mean, i) => {
    const sum = batch.reduce((sum, row) => sum + Math.abs(features[row * columns + i]), 0);
    assert.ok(Math.abs(mean - sum / 20) < 1e-6);
  });
});

Deno.test("a change may write weights and its own arrays, in every precision and size", () => {
  for (const more of [0, 1]) {
    let expected: number[] = [];
    const strategy: TopologyStrategy = {
      name: "writes",
      own: ["age", "sign"],
      when: { every: 100, unit: "steps" },
      update: ({ layers: [layer] }) => {
        const weights = Float64Array.from(layer.weights, (_, entry) => 0.1 * entry);
        const grow = Float64Array.of(freePosition(layer));
        const remove = Int32Array.from(
          { length: 1 + more },
          (_, i) => layer.weights.length - 2 + i,
        );
        expected = [...weights].filter((_, entry) => !remove.includes(entry)).map(Math.fround);
        return [
          none(layer, { weights, remove, grow, values: 7, own: { sign: Float64Array.of(-1) } }),
        ];
      },
    };
    using run = openRun(PROBLEM, SET, wasmKernels(), { strategy });
    const events = train(run);
    while (run.progress.step < 100) events.next();
    const { network, memory } = run.stage;
    const { weights } = network.layers[0];
    const { age, sign } = memory.own[0];
    const at = weights.indexOf(7);
    assert.deepEqual([...weights].filter((_, entry) => entry !== at), expected);
    assert.deepEqual([sign[at], age[at]], [-1, 0]);
    assert.equal(sign.filter((value) => value !== 0).length, 1);
  }
});

Deno.test("a strategy draws the connections that every network begins with", () => {
  const asked: [number, number, number][] = [];
  const strategy: TopologyStrategy = {
    name: "one input each",
    initialize: ([rows, columns], density, random) => {
      asked.push([rows, columns, density]);
      return {
        shape: [rows, columns],
        indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row),
        indices: Int32Array.from({ length: rows }, () => random.below(columns)),
      };
    },
  };
  const settings = tinySettings("set", { members: 2, epochs: 2 });
  const { members } = trained(settings, { strategy });
  // ε = 2: 2 (30 + 6) / 180 and 2 (30 + 30) / 900, for both members.
  const layers = [[30, 6, 0.4], [30, 30, 2 * 60 / 900]];
  assert.deepEqual(asked, [...layers, ...layers]);
  const [first, second] = members.map(({ layers: [, layer] }) => layer as StoredSparseLayer);
  assert.deepEqual([first.indices.length, second.indices.length], [30, 30]);
  assert.notDeepEqual(first.indices, second.indices);

  const wrong: [Pattern, RegExp][] = [
    [
      { shape: [2, 2], indptr: new Int32Array(3), indices: new Int32Array(0) },
      /shape \[2,2\], need/,
    ],
    [{ ...first, indices: first.indices.map(() => 30) }, /index 30, need 0 to 29/],
  ];
  for (const [pattern, message] of wrong) {
    const failing = { ...strategy, initialize: () => pattern };
    assert.throws(
      () => openRun(PROBLEM, settings, wasmKernels(), { strategy: failing }),
      (error) => {
        assert.ok(error instanceof StrategyError);
        assert.match(error.message, /the strategy "one input each" failed: /);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

Deno.test("an epoch with updates by steps tells their sums, whatever interrupts it", () => {
  const strategy = (): TopologyStrategy => ({
    name: "counts",
    when: { every: 3, unit: "steps" },
    update: ({ layers: [layer, other] }, { step }) => [
      none(other),
      none(layer, {
        remove: Int32Array.of(0, 1).subarray(0, step % 2 + 1),
        grow: Float64Array.of(freePosition(layer)),
      }),
    ],
  });
  const told = (run: TrainingRun, stop?: number) => {
    const lines: TrainingEvent[] = [];
    const events = train(run);
    for (let next = events.next(); !next.done; next = events.next()) {
      if (next.value.type === "updates") lines.push(next.value);
      if (run.progress.step === stop && next.value.type === "batch") break;
    }
    return lines;
  };
  using whole = openRun(PROBLEM, SET, wasmKernels(), { strategy: strategy() });
  const nnz = whole.stage.network.layers[0].weights.length;
  const expected = told(whole);
  // In the first epoch after steps 3, 6 and 9: two, one and two are removed, and one grown each time.
  const [{ layers }] = expected as Extract<TrainingEvent, { type: "updates" }>[];
  assert.deepEqual(expected[0], { type: "updates", epoch: 1, updates: 3, layers });
  assert.deepEqual(layers, [{ layer: 0, removed: 5, grown: 3, connections: nnz - 2 }]);
  assert.equal(expected.length, 12);
  for (const stop of [4, 10, 17]) {
    using run = openRun(PROBLEM, SET, wasmKernels(), { strategy: strategy() });
    const first = told(run, stop);
    const file = encodeCheckpoint(saveRun(run), SET, CONTEXT);
    const { saved } = decodeCheckpoint(file, "bytes");
    using rest = openRun(PROBLEM, SET, wasmKernels(), { strategy: strategy(), saved });
    assert.deepEqual([...first, ...told(rest)], expected, `${stop}`);
  }
});

Deno.test("weights that are drawn, and the operations that a strategy tells, are counted", () => {
  const count = (update: (network: NetworkView) => LayerChange[]) => {
    const when = { every: 60, unit: "steps" } as const;
    return trained(SET, { strategy: { name: "counted", when, update } }).run.progress.flops
      .topology;
  };
  assert.equal(count(() => []), 0);
  assert.equal(count(({ layers }) => layers.map((layer) => none(layer, { flops: 7 }))), 14);
  const draw = ({ layers: [{ draw, random }] }: NetworkView) => {
    draw(new Float32Array(9), random);
    return [];
  };
  assert.equal(count(draw), topologyFlops(9, SET.initializer).topology);
  const grown = ({ layers: [layer] }: NetworkView) => [
    none(layer, { remove: Int32Array.of(0, 1), grow: Float64Array.of(freePosition(layer)) }),
  ];
  assert.equal(count(grown), topologyFlops(1, SET.initializer).topology);
});

Deno.test("the general form re-initialises, and an independent member begins anew", () => {
  const begun: number[] = [];
  const reinitialized: number[] = [];
  const strategy: TopologyStrategy<{ updates: number }> = {
    name: "both",
    begin: ({ layers }) => {
      begun.push(layers.length);
      return { updates: 0 };
    },
    update: (_, __, memory) => {
      memory.updates++;
      return [];
    },
    reinitialize: ({ layers }, { pruneRate }, memory) => {
      reinitialized.push(memory.updates, pruneRate);
      return layers.map((layer) => none(layer, { remove: pruneMagnitude(layer, pruneRate) }));
    },
  };
  const settings = tinySettings("edst");
  const { members } = trained(settings, { strategy });
  assert.deepEqual(begun, [2]);
  assert.equal(reinitialized.length, 2);
  assert.ok(reinitialized[0] > 0 && reinitialized[1] === settings.reinitializeRate);
  const nnz = members.map(({ layers: [layer] }) => (layer as { data: Float32Array }).data.length);
  assert.equal(nnz[1], nnz[0] - Math.floor(settings.reinitializeRate * nnz[0]));
  trained(tinySettings("set", { members: 3, epochs: 2 }), { strategy });
  assert.deepEqual(begun, [2, 2, 2, 2]);
});
