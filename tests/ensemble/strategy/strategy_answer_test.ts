/** Unusual answers of strategies that are valid, and the limits of what a strategy can reach. */
import assert from "node:assert/strict";
import { openRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import { train } from "../../../lib/ensemble/train.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { LayerView, TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { PROBLEM, tinySettings, trained } from "../tiny_runs.ts";
import { changing, freePositions, SET, wrong } from "./wrong_strategies.ts";

Deno.test("an answer may be parts of the layer's own arrays", () => {
  const runs = [true, false].map((isCopied) =>
    trained(SET, {
      strategy: changing(({ weights, own }) => {
        own.a.forEach((_, entry) => own.a[entry] += entry);
        const [values, ages] = [weights.subarray(5, 6), own.a.subarray(5, 6)];
        return {
          remove: Int32Array.of(0),
          values: isCopied ? values.slice() : values,
          own: { a: isCopied ? ages.slice() : ages },
        };
      }, { own: ["a"] }),
    }).run
  );
  assert.deepEqual(runs[0].progress.members, runs[1].progress.members);
  assert.deepEqual(runs[0].stage.memory, runs[1].stage.memory);
});

Deno.test("an answer is read once", () => {
  const changes: (object | null)[] = [null, { weights: Float64Array.of(NaN) }, { flops: -1 }];
  const [first, ...others] = changes.map((second) => {
    let reads = 0;
    const [[key, later] = ["weights", undefined]] = Object.entries(second ?? {});
    const get = () => reads++ === 0 ? undefined : later;
    return trained(SET, {
      strategy: changing(() => {
        reads = 0;
        return Object.defineProperty({}, key, { get, enumerable: true });
      }),
    }).run.progress;
  });
  for (const other of others) assert.deepEqual(other, first);
});

Deno.test("a layer that lost all connections grows new ones, whatever draws their weights", () => {
  for (const initializer of ["he-uniform", "xavier-normal", "normal"] as const) {
    for (const fan of ["sparse", "dense"] as const) {
      const strategy = wrong({
        update: ({ layers }: { layers: LayerView[] }, { step }: { step: number }) =>
          layers.map((layer) =>
            step === 7
              ? { layer: layer.layer, remove: Int32Array.from(layer.indices.keys()) }
              : { layer: layer.layer, grow: freePositions(layer, 20) }
          ),
      });
      const settings = { ...SET, initializer, fan };
      let lengths: number[] = [];
      // At its end the network is closed.
      const onEvent = (_: TrainingEvent, run: TrainingRun) => {
        lengths = run.stage.network.layers.slice(0, 2).map(({ weights }) => weights.length);
      };
      trained(settings, { strategy, onEvent });
      assert.deepEqual(lengths, [80, 80]);
    }
  }
});

Deno.test("a strategy may be an object of a class, whose functions know it", () => {
  class Mine implements TopologyStrategy {
    readonly name = "mine";
    calls = 0;
    begin(): object {
      return { name: this.name };
    }
    update(): [] {
      this.calls++;
      return [];
    }
    reinitialize(): [] {
      return this.update();
    }
  }
  const strategy = new Mine();
  trained(tinySettings("edst"), { strategy });
  assert.ok(strategy.calls > 2);
});

Deno.test("a strategy cannot reach the networks of finished members", () => {
  const settings = tinySettings("edst");
  const run = (writes: boolean) => {
    const events: TrainingEvent[] = [];
    using run = openRun(PROBLEM, settings, wasmKernels(), {
      strategy: wrong({
        update: ({ layers }: { layers: LayerView[] }) => {
          for (const { predecessors } of layers) {
            if (writes) predecessors.forEach(({ indices }) => indices.fill(1e6));
          }
          return [];
        },
      }),
    });
    for (const event of train(run)) events.push(event);
    return run.progress.members;
  };
  assert.deepEqual(run(true), run(false));
});
