import assert from "node:assert/strict";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/ensemble/training_checkpoint.ts";
import { openRun, saveRun } from "../../../lib/ensemble/training_run.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import { pruneThenGrow } from "../../../lib/topology/change.ts";
import { growRandom } from "../../../lib/topology/placement.ts";
import { pruneMagnitude } from "../../../lib/topology/prune.ts";
import { StrategyError } from "../../../lib/topology/strategy_call.ts";
import type { Moment, NetworkView, TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { finish, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";
import { CONTEXT, freePosition, none, SET } from "./tiny_strategies.ts";

Deno.test("a strategy that throws or answers nonsense stops the run before any layer changes", () => {
  const wrong: [update: unknown, message: RegExp, more?: Partial<TopologyStrategy>][] = [
    [() => JSON.parse("{"), /the strategy "wrong" failed: Expected property name/],
    [() => null, /failed: Cannot use its answer: need a list of changes/],
    [
      ({ layers: [a] }: NetworkView) => [none(a), none(a)],
      /a change of layer 0, need each of 0, 1/,
    ],
    [({ layers: [a] }: NetworkView) => [none(a, { layer: 2 })], /found a change of layer 2/],
    [
      ({ layers: [a, b] }: NetworkView) => [
        none(a, { remove: Int32Array.of(0) }),
        none(b, { remove: Int32Array.of(-1) }),
      ],
      /failed: Cannot rewire layer 1: the strategy removed entry -1/,
    ],
    [
      ({ layers: [a] }: NetworkView) => [none(a, { flops: NaN })],
      /found NaN, need a number from 0/,
    ],
    [
      (
        { layers: [a] }: NetworkView,
      ) => [none(a, { grow: Float64Array.of(freePosition(a)), values: new Float32Array(0) })],
      /found 0 values for 1 grown connections/,
    ],
    [
      ({ layers: [a] }: NetworkView) => [none(a, { weights: new Float32Array(3) })],
      /found 3 values for \d+ stored connections/,
    ],
    [
      (
        { layers: [a] }: NetworkView,
      ) => [none(a, { weights: new Float64Array(a.weights).fill(1e39) })],
      /value 0 of the stored connections is 1e\+39, need a finite number/,
    ],
    [
      ({ layers: [a] }: NetworkView) => [none(a, { own: { sign: new Float64Array(0) } })],
      /failed: Cannot use its answer: it has no array "sign"/,
    ],
    [
      ({ layers: [a] }: NetworkView) => [none(a, { own: { sign: new Float64Array(2) } })],
      /found 2 values for 0 grown connections/,
      { own: ["sign"] },
    ],
    [
      ({ layers: [a] }: NetworkView, { pruneRate }: Moment) => [
        none(a, { remove: pruneMagnitude(a, pruneRate) }),
      ],
      /failed: Cannot prune a fraction of 2: need a number from 0 to 1/,
      { when: { every: 1, unit: "steps", pruneRate: () => 2 } },
    ],
    [
      () => [],
      /failed: null has no rate/,
      {
        when: {
          every: 1,
          unit: "steps",
          pruneRate: () => {
            throw new Error("null has no rate");
          },
        },
      },
    ],
    [() => [], /found Map at memory\.a\[0\], need JSON values/, {
      begin: () => ({ a: [new Map()] }),
    }],
  ] as unknown as [unknown, RegExp, Partial<TopologyStrategy>][];
  for (const [update, message, more] of wrong) {
    const strategy = { name: "wrong", update, ...more } as TopologyStrategy;
    using run = openRun(PROBLEM, SET, wasmKernels(), { strategy });
    const before = (run.stage.network.layers as SparseLayer[]).map(({ indices }) =>
      indices.slice()
    );
    assert.throws(() => finish(run), (error) => {
      assert.ok(error instanceof StrategyError && error.cause instanceof Error);
      assert.match(error.message, /^Cannot change the topology: the strategy "wrong" failed: /);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(
      (run.stage.network.layers as SparseLayer[]).map(({ indices }) => indices),
      before,
    );
    assert.equal(run.progress.history.length, run.progress.epoch);
  }
});

Deno.test("a run whose strategy failed ends, with a sound strategy, as one that never failed", () => {
  let updates = 0;
  const sometimes = (fails: boolean): TopologyStrategy<{ updates: number }> => ({
    name: "sometimes",
    own: ["age"],
    begin: () => ({ updates: 0 }),
    update({ layers }, _, memory) {
      // What it kept by then must not stay: the update is made again.
      memory.updates++;
      for (const { own } of layers) own.age.forEach((age, entry) => own.age[entry] = age + 1);
      if (fails && ++updates === 4) throw new Error("out of luck");
      return layers.map((layer) => {
        const weights = layer.weights.map((weight, entry) => weight * layer.own.age[entry]);
        const prune = () => pruneMagnitude({ ...layer, weights }, 0.1 + memory.updates / 50);
        return pruneThenGrow(layer, { prune, grow: growRandom }, 0);
      });
    },
  });
  const [sound, failing] = [sometimes(false), sometimes(true)];
  for (
    const settings of [SET, tinySettings("edst"), tinySettings("set", { members: 2, epochs: 6 })]
  ) {
    updates = 0;
    using broken = openRun(PROBLEM, settings, wasmKernels(), { strategy: failing });
    assert.throws(() => finish(broken), /the strategy "sometimes" failed: out of luck$/);
    using run = openRun(PROBLEM, settings, wasmKernels(), {
      strategy: sound,
      saved: saveRun(broken),
    });
    finish(run);
    const whole = trained(settings, { strategy: sound }).run;
    assert.deepEqual(run.progress.members, whole.progress.members);
    assert.deepEqual(run.progress.history, whole.progress.history);
    assert.deepEqual(run.progress.flops, whole.progress.flops);
  }
});

Deno.test("a run whose strategy failed between two members goes on as one that never failed", () => {
  const settings = tinySettings("edst", { memberWeighting: 2, members: 3 });
  let failures = 1;
  const strategy = (fails: boolean): TopologyStrategy => ({
    name: "sometimes",
    update: { prune: pruneMagnitude, grow: growRandom },
    reinitialize: {
      prune: (layer, fraction) => {
        if (fails && failures-- > 0) throw new Error("out of luck");
        return pruneMagnitude(layer, fraction);
      },
      grow: growRandom,
    },
  });
  using run = openRun(PROBLEM, settings, wasmKernels(), { strategy: strategy(true) });
  assert.throws(() => finish(run), /out of luck$/);
  finish(run);
  const whole = trained(settings, { strategy: strategy(false) }).run;
  assert.deepEqual(run.progress, whole.progress);
});

Deno.test("a memory of every kind of value survives a checkpoint, and another strategy refuses it", () => {
  const memory = {
    text: "a",
    list: [1.5, -2, null, true, { deep: Float64Array.of(1e-300, NaN, -0) }],
    arrays: [
      Float32Array.of(1),
      Int32Array.of(-1),
      Uint32Array.of(2 ** 32 - 1),
      Uint8Array.of(255),
    ],
    none: new Float32Array(0),
  };
  const strategy: TopologyStrategy = { name: "full", own: ["b", "a"], begin: () => memory };
  using run = openRun(PROBLEM, SET, wasmKernels(), { strategy });
  train(run).next();
  (run.stage.memory.own[0].b as Float64Array).fill(-0.1);
  const { saved } = decodeCheckpoint(encodeCheckpoint(saveRun(run), SET, CONTEXT), "bytes");
  const { own, updates } = run.stage.memory;
  assert.deepEqual(saved.strategy, { name: "full", memory, own, updates });
  using resumed = openRun(PROBLEM, SET, wasmKernels(), { strategy, saved });
  assert.deepEqual(resumed.stage.memory, run.stage.memory);
  for (const other of [{ ...strategy, name: "other" }, { ...strategy, own: ["a"] }, undefined]) {
    assert.throws(
      () => openRun(PROBLEM, SET, wasmKernels(), { strategy: other, saved }),
      /^Error: Cannot resume the run: found a state of the strategy "full", need one of "/,
    );
  }
  const { strategy: _, ...without } = saved;
  assert.throws(
    () => openRun(PROBLEM, SET, wasmKernels(), { strategy, saved: without }),
    /found a state of another strategy, need one of "full"/,
  );
  // Without a memory there is nothing to miss: the updates of the epoch were not counted before.
  const simple: TopologyStrategy = { name: "simple", when: { every: 3, unit: "steps" } };
  openRun(PROBLEM, SET, wasmKernels(), { strategy: simple, saved: without }).dispose();
});
