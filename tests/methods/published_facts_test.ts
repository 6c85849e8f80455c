/** What the publications of methods say of numbers, and what runs of them do. */
import assert from "node:assert/strict";
import {
  deepRTopology,
  guidedTopology,
  snfsTopology,
  synflowTopology,
} from "../../lib/methods/mod.ts";
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

Deno.test("gradual pruning leaves d + (1 − d) (1 − t / T)³ of a layer's positions at step t", () => {
  const settings = tinySettings("gradual", { updateSteps: 10, evolveUntil: 0.75 });
  const found: [step: number, layer: number, left: number][] = [];
  trained(settings, {
    onEvent: (event, run) => {
      if (event.type !== "topology") return;
      found.push([event.step!, event.layer, run.stage.network.layers[event.layer].weights.length]);
    },
  });
  // 120 steps, so that T = 90. ε = 2: 72 of 180 and 120 of 900 connections at last.
  const expected = [10, 20, 30, 40, 50, 60, 70, 80, 90].flatMap((step) =>
    [[180, 72], [900, 120]].map(([all, last], layer) => [
      ...[step, layer, Math.round(last + (all - last) * (1 - step / 90) ** 3)],
    ])
  );
  // The first layer has 72.15 at step 80: nothing is left to go at 90.
  assert.deepEqual(found, expected.filter(([step, layer]) => step < 90 || layer === 1));
});

Deno.test("SynFlow keeps what the paper's algorithm keeps of dense matrices, in 100 rounds and in one", () => {
  const random = randomStream(7);
  const shapes = [[9, 6], [8, 9], [5, 8]];
  const weights = shapes.map(([rows, columns]) =>
    Float64Array.from({ length: rows * columns }, () => random.normal())
  );
  const kept = [100, 1].map((rounds) => {
    const layers = shapes.map(([rows, columns], layer) => ({
      ...patternFromPositions(Float64Array.from(weights[layer].keys()), [rows, columns]),
      ...{ layer, layers: 4, blockSize: 1, density: 0.2, weights: weights[layer], random },
    }));
    const changes = synflowTopology({ pruneRounds: rounds }).start!(
      { layers: layers as unknown as LayerView[] },
      {} as Moment,
      null,
    );
    const found = changes.map(({ remove }, l) => {
      const gone = new Set(remove);
      return [...weights[l].keys()].filter((entry) => !gone.has(entry));
    });
    assert.deepEqual(found, denseSynflow(shapes, weights, 0.2, rounds));
    return found;
  });
  // The rounds are what the paper is about: at once, other connections stay.
  assert.notDeepEqual(kept[0], kept[1]);
});

/** Algorithm 1 of the paper on dense matrices and masks: ρ^(−k / n) of the weights are left after round k. */
function denseSynflow(
  shapes: readonly number[][],
  weights: readonly Float64Array[],
  density: number,
  rounds: number,
): number[][] {
  const total = shapes.reduce((sum, [rows, columns]) => sum + rows * columns, 0);
  const masked = weights.map((own) => own.map(Math.abs));
  for (let round = 1; round <= rounds; round++) {
    // R is the sum of the outputs for an input of ones; a score is |w| times its derivative.
    const scores = masked.map((own, l) =>
      own.map((weight, entry) => {
        if (weight === 0) return 0;
        const only = own.map((other, i) => i === entry ? other : 0);
        return flowThrough(shapes, masked.with(l, only));
      })
    );
    const ascending = scores.flatMap((own) => [...own]).sort((a, b) => b - a);
    const threshold = ascending[Math.floor(total * density ** (round / rounds) + 1e-9) - 1];
    scores.forEach((own, l) =>
      own.forEach((score, entry) => {
        if (score < threshold) masked[l][entry] = 0;
      })
    );
  }
  return masked.map((own) => [...own.keys()].filter((entry) => own[entry] > 0));
}

/** The sum of the outputs of some matrices, one after the other, for an input of ones. */
function flowThrough(shapes: readonly number[][], matrices: readonly Float64Array[]): number {
  let flow: number[] = Array(shapes[0][1]).fill(1);
  matrices.forEach((matrix, l) => {
    const [rows, columns] = shapes[l];
    flow = Array.from(
      { length: rows },
      (_, row) => flow.reduce((sum, value, c) => sum + matrix[row * columns + c] * value, 0),
    );
  });
  return flow.reduce((sum, value) => sum + value, 0);
}

Deno.test("GSE draws a missing connection in proportion to the signals of its two neurons", () => {
  const [inputs, outputs] = [Float64Array.of(0.5, 0.3, 0.2), Float64Array.of(0.6, 0.4)];
  const counts = new Float64Array(6);
  const layer = {
    ...patternFromPositions(Float64Array.of(0), [2, 3]),
    ...{ layer: 0, layers: 2, blockSize: 1, random: randomStream(3) },
    weights: Float64Array.of(1),
    signals: () => ({ inputs, outputs }),
    gradientAt(positions: Float64Array) {
      for (const position of positions) counts[position]++;
      return positions;
    },
  } as unknown as LayerView;
  const strategy = guidedTopology({ subset: 1 });
  const times = 20_000;
  for (let i = 0; i < times; i++) {
    // One connection, so that one position is drawn.
    (strategy.update as NetworkUpdate)({ layers: [layer] }, { pruneRate: 0 } as Moment, null);
  }
  for (const [position, count] of counts.entries()) {
    const p = position === 0 ? 0 : outputs[Math.floor(position / 3)] * inputs[position % 3];
    assert.ok(Math.abs(count - times * p) <= 5 * Math.sqrt(times * p * (1 - p)), `${position}`);
  }
});
