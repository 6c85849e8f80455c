/** What the publications of methods say of numbers, and what runs of them do. */
import assert from "node:assert/strict";
import { deepRTopology, snfsTopology } from "../../lib/methods/mod.ts";
import { randomStream } from "../../lib/random.ts";
import { patternFromPositions } from "../../lib/sparse/positions.ts";
import type {
  LayerChange,
  LayerView,
  Moment,
  NetworkUpdate,
  TopologyStrategy,
} from "../../lib/topology/strategy.ts";
import { tinySettings, trained } from "../ensemble/tiny_runs.ts";

Deno.test("RigL drops α/2 (1 + cos(π t / T)) of a layer's connections at step t, until T", () => {
  const settings = tinySettings("rigl", { updateSteps: 10 });
  assert.deepEqual([settings.pruneRate, settings.evolveUntil], [0.3, 0.75]);
  const nnz: number[] = [];
  const found: [step: number, layer: number, grown: number][] = [];
  trained(settings, {
    onEvent: (event, run) => {
      run.stage.network.layers.forEach(({ weights }, l) => nnz[l] = weights.length);
      if (event.type === "topology") found.push([event.step!, event.layer, event.grown]);
    },
  });
  // 120 steps: the last update is at step 90, where the share is 0.
  const expected = [10, 20, 30, 40, 50, 60, 70, 80, 90].flatMap((step) =>
    [0, 1].map((layer) => {
      const share = 0.3 / 2 * (1 + Math.cos(Math.PI * step / 90));
      return [step, layer, Math.floor(share * nnz[layer] + 1e-9)];
    })
  );
  assert.deepEqual(found, expected);
});

Deno.test("GraNet has d + (d₀ − d) (1 − t / T)³ of all positions at step t", () => {
  const settings = tinySettings("granet", {
    ...{ updateSteps: 10, evolveUntil: 0.75, firstDensity: 0.6 },
  });
  const totals = new Map<number, number>();
  let first = 0;
  trained(settings, {
    onEvent: (event, run) => {
      const total = run.stage.network.layers.slice(0, -1)
        .reduce((sum, { weights }) => sum + weights.length, 0);
      if (event.type === "batch" && run.progress.step === 1) first = total;
      if (event.type === "topology") totals.set(event.step!, total);
    },
  });
  // ε = 2: 72 and 120 connections at last.
  assert.ok(Math.abs(first - 0.6 * 1080) < 5 * Math.sqrt(0.24 * 1080));
  for (const [step, total] of totals) {
    const left = Math.max(0, 1 - step / 90);
    assert.equal(total, Math.round(192 + (first - 192) * left ** 3), `step ${step}`);
  }
  assert.equal(totals.get(90), 192);
});

Deno.test("SNFS grows in each layer the share that its mean momentum has of all layers'", () => {
  const strategy = snfsTopology({ rate: 0.5, candidatePool: 20 });
  let [checked, moved] = [0, 0];
  const watched: TopologyStrategy = {
    ...strategy,
    update(network, moment, memory) {
      const changes = (strategy.update as NetworkUpdate)(network, moment, memory);
      if (changes.every(({ remove }) => remove === undefined)) return changes;
      const means = network.layers.map(({ state: [momentum] }) =>
        Array.from(momentum, Math.abs).reduce((sum, value) => sum + value, 0) / momentum.length
      );
      const counts = changes.map(({ grow }: LayerChange) => grow!.length);
      const removed = changes.map(({ remove }: LayerChange) => remove!.length);
      const total = removed[0] + removed[1];
      assert.equal(counts[0] + counts[1], total);
      const share = total * means[0] / (means[0] + means[1]);
      const free = 180 - network.layers[0].indices.length + removed[0];
      assert.ok(Math.abs(counts[0] - Math.min(share, free)) <= 1, `${counts} of ${share}`);
      moved += Math.abs(counts[0] - removed[0]);
      checked++;
      return changes;
    },
  };
  trained(tinySettings("set"), { strategy: watched });
  assert.equal(checked, 11);
  assert.ok(moved > 0);
});

Deno.test("Deep R removes what crosses 0 on its walk of η α against its sign, and grows as many", () => {
  const strategy = deepRTopology({ walkDecay: 10, temperature: 0 });
  const layer = {
    ...patternFromPositions(Float64Array.of(0, 1, 2, 3), [2, 4]),
    ...{ layer: 0, layers: 2, blockSize: 1, random: randomStream(1) },
    weights: Float64Array.of(0.5, -0.05, 0.09, -0.2),
    own: { sign: Float64Array.of(1, -1, 1, 1) },
  } as unknown as LayerView;
  // η α = 0.1: 0.4 and −0.05 + 0.1, 0.09 − 0.1, and −0.3, which had lost its sign before.
  const [change] = (strategy.update as NetworkUpdate)(
    { layers: [layer] },
    { learningRate: 0.01 } as Moment,
    null,
  );
  assert.deepEqual([...change.remove!], [1, 2, 3]);
  assert.equal(change.grow!.length, 3);
  assert.ok(change.own!.sign.every((sign) => Math.abs(sign) === 1));
  assert.deepEqual([change.values, change.weights![0]], [0, 0.4]);
});

Deno.test("MEST replaces a fifth every five epochs, a tenth from 90 of 160 epochs on, none from 120 on", () => {
  const settings = tinySettings("mest", { epochs: 160 });
  assert.deepEqual([settings.pruneRate, settings.interval, settings.evolveUntil], [0.2, 5, 0.75]);
  const nnz: number[] = [];
  const found = new Map<number, number>();
  trained(settings, {
    onEvent: (event, run) => {
      run.stage.network.layers.forEach(({ weights }, l) => nnz[l] = weights.length);
      if (event.type === "topology" && event.layer === 0) found.set(event.epoch, event.grown);
    },
  });
  const [fifth, tenth] = [Math.floor(nnz[0] / 5), Math.floor(nnz[0] / 10)];
  // With an interval the first update comes after the first epoch.
  const epochs = Array.from({ length: 24 }, (_, i) => 1 + 5 * i);
  assert.deepEqual([...found], epochs.map((epoch) => [epoch, epoch < 90 ? fifth : tenth]));
});
