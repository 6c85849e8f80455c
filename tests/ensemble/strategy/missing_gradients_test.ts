import assert from "node:assert/strict";
import { noFlops } from "../../../lib/counters/flops.ts";
import { changeLayers } from "../../../lib/ensemble/strategy/layer_changes.ts";
import { openMissingGradients } from "../../../lib/ensemble/strategy/missing_gradients.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels, wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import { csrFromBlocks } from "../../../lib/sparse/blocks.ts";
import { csrToDense } from "../../../lib/sparse/csr.ts";
import { positionsOf } from "../../../lib/sparse/positions.ts";
import type { TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { largestScores } from "../../../lib/topology/largest_scores.ts";
import { pruneMagnitude } from "../../../lib/topology/prune.ts";
import { epochOrder } from "../../../lib/training/batches.ts";
import { backEnds } from "../../kernels/back_ends.ts";
import { blobs, finish, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

/** A run that is to grow its first connections next. */
function beforeAnUpdate(kernels = referenceKernels({ precision: 64 }), changes: Partial<Settings>) {
  const settings = tinySettings("rigl", { hidden: [8, 7], dropout: 0.3, ...changes });
  const run = openRun(PROBLEM, settings, kernels);
  for (const event of train(run)) {
    if (event.type === "batch" && event.batch === event.batches) break;
  }
  return run;
}

/** The weights of a layer as a matrix. */
function denseWeights(layer: SparseLayer): number[] {
  const { rows, columns, blockSize, indptr, indices, weights: data } = layer;
  const shape = [rows, columns] as const;
  return [...csrToDense(csrFromBlocks({ shape, blockSize, indptr, indices, data }))];
}

/** The mean loss of the epoch's first batch, by plain loops over dense matrices. */
function lossOf(run: TrainingRun, weights: number[][]): number {
  const { stage: { network: { layers }, rowWeights, memberSettings: settings }, problem } = run;
  const { training, classes } = problem;
  const order = epochOrder(training.rows, settings.seed, run.progress.epoch);
  let [total, sum] = [0, 0];
  for (const row of order.subarray(0, settings.batchSize)) {
    let x = [...training.features.subarray(row * training.columns, (row + 1) * training.columns)];
    layers.forEach(({ rows, columns, bias }, l) => {
      x = Array.from({ length: rows }, (_, j) => {
        const z = x.reduce((sum, value, i) => sum + weights[l][j * columns + i] * value, bias[j]);
        if (l === layers.length - 1 || z >= 0) return z;
        // All-ReLU: the sign of the slope alternates.
        return (l % 2 === 0 ? -settings.alpha : settings.alpha) * z;
      });
    });
    const logTotal = Math.log(x.reduce((sum, z) => sum + Math.exp(z), 0));
    const smoothing = settings.labelSmoothing;
    const target = x.map((_, c) =>
      smoothing / classes + (c === training.labels[row] ? 1 - smoothing : 0)
    );
    const loss = x.reduce((sum, z, c) => sum + target[c] * (logTotal - z), 0);
    const weight = rowWeights?.values[row] ?? 1;
    total += loss * weight;
    sum += weight;
  }
  return total / sum;
}

/** The gradient of a whole layer, missing connections included, by central differences. */
function denseGradient(run: TrainingRun, layer: number): Float64Array {
  const weights = run.stage.network.layers.map((it) => denseWeights(it as SparseLayer));
  const step = 1e-5;
  return Float64Array.from(weights[layer], (weight, position) => {
    const at = (value: number) => {
      weights[layer][position] = value;
      return lossOf(run, weights);
    };
    const slope = (at(weight + step) - at(weight - step)) / (2 * step);
    weights[layer][position] = weight;
    return slope;
  });
}

const every = (length: number) => Float64Array.from({ length }, (_, position) => position);

for (
  const [name, changes] of [
    ["plain", {}],
    ["smoothed", { labelSmoothing: 0.1 }],
    ["smoothed by the member's candidate", {
      trials: 2,
      candidates: [{ labelSmoothing: 0.3 }, {}],
      memberSelection: "last",
    }],
    ["weighted", { classWeights: "balanced" }],
  ] as const
) {
  Deno.test(`the gradient of missing connections is that of finite differences: ${name}`, () => {
    using run = beforeAnUpdate(undefined, changes);
    using gradients = openMissingGradients(run, noFlops());
    for (const l of [0, 1]) {
      const { rows, columns } = run.stage.network.layers[l];
      const found = gradients.at(l, every(rows * columns));
      const expected = denseGradient(run, l);
      assert.ok(expected.some((value) => Math.abs(value) > 1e-3));
      found.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-8, `${l}, ${k}`));
    }
  });
}

Deno.test("every back end gives the gradient, in any selection of positions", () => {
  for (const kernels of backEnds()) {
    using run = beforeAnUpdate(kernels, {});
    using gradients = openMissingGradients(run, noFlops());
    for (const l of [0, 1]) {
      const { rows, columns } = run.stage.network.layers[l];
      const expected = denseGradient(run, l);
      for (const share of [1, 3, 11]) {
        const positions = every(rows * columns).filter((position) => position % share === 0);
        gradients.at(l, positions).forEach((value, k) =>
          assert.ok(Math.abs(value - expected[positions[k]]) < 1e-5, kernels.description)
        );
      }
      assert.equal(gradients.at(l, new Float64Array()).length, 0);
    }
  }
});

Deno.test("an update by gradient grows exactly the largest gradients of the dense layer", () => {
  using run = beforeAnUpdate(undefined, { growthCandidates: null });
  const layers = run.stage.network.layers.slice(0, 2) as SparseLayer[];
  const expected = layers.map((layer, l) => {
    const { rows, columns, indptr, indices } = layer;
    const shape = [rows, columns] as const;
    const removed = new Set(
      pruneMagnitude({ layer: l, layers: 3, shape, indptr, indices, weights: layer.weights }, 0.3),
    );
    const survivors = positionsOf({ shape, indptr, indices }).filter((_, e) => !removed.has(e));
    const gradient = denseGradient(run, l);
    const free = every(rows * columns).filter((position) => !survivors.includes(position));
    const scores = free.map((position) => gradient[position]);
    assert.ok(removed.size > 3);
    return { survivors, grown: [...largestScores(free, scores, removed.size)] };
  });
  changeLayers(run, "update", run.method.topology.update!, 0.3);
  layers.forEach(({ rows, columns, indptr, indices, weights }, l) => {
    const { survivors, grown } = expected[l];
    const found = positionsOf({ shape: [rows, columns], indptr, indices });
    assert.deepEqual([...found].filter((position) => !survivors.includes(position)), grown);
    found.forEach((position, e) => {
      if (!survivors.includes(position)) assert.equal(weights[e], 0);
    });
  });
});

for (const blockSize of [2, 8]) {
  Deno.test(`in blocks of ${blockSize} a position's gradient is the norm of those of its connections`, () => {
    using run = beforeAnUpdate(undefined, { hidden: [16, 8], blockSize, growthCandidates: null });
    using gradients = openMissingGradients(run, noFlops());
    const layers = run.stage.network.layers.slice(0, 2) as SparseLayer[];
    const wanted = layers.map((layer, l) => {
      const { rows, columns, indptr, indices } = layer;
      assert.equal(layer.blockSize, blockSize);
      const gradient = denseGradient(run, l);
      const ofBlock = (position: number) => {
        const first = Math.floor(position / columns) * blockSize * columns + position % columns;
        return Array.from({ length: blockSize }, (_, g) => gradient[first + g * columns]);
      };
      const all = every(rows / blockSize * columns);
      const norms = all.map((position) => Math.hypot(...ofBlock(position)));
      gradients.at(l, all).forEach((norm, k) => assert.ok(Math.abs(norm - norms[k]) < 1e-8));
      const shape = [rows / blockSize, columns] as const;
      const found = gradients.stored(l);
      assert.equal(found.length, layer.weights.length);
      positionsOf({ shape, indptr, indices }).forEach((position, entry) =>
        ofBlock(position).forEach((slope, g) =>
          assert.ok(Math.abs(found[entry * blockSize + g] - slope) < 1e-8)
        )
      );
      assert.equal(gradients.signals(l).outputs.length, rows / blockSize);
      const { weights } = layer;
      const seen = { layer: l, layers: 3, shape, indptr, indices, weights, blockSize };
      const removed = new Set(pruneMagnitude(seen, 0.4));
      const kept = positionsOf(seen).filter((_, entry) => !removed.has(entry));
      const free = all.filter((position) => !kept.includes(position));
      const scores = free.map((position) => norms[position]);
      return { kept, grown: [...largestScores(free, scores, removed.size)], shape };
    });
    assert.ok(wanted.some(({ grown }) => grown.length > 1));
    changeLayers(run, "update", run.method.topology.update!, 0.4);
    wanted.forEach(({ kept, grown, shape }, l) => {
      const { indptr, indices } = run.stage.network.layers[l] as SparseLayer;
      const now = positionsOf({ shape, indptr, indices });
      assert.deepEqual([...now].filter((position) => !kept.includes(position)), grown);
    });
  });
}

Deno.test("FD by gradient grows no position of an earlier member in the hidden layer, in no update", () => {
  const settings = tinySettings("fd", { growth: "sampled-gradient", members: 3, epochs: 28 });
  let before = new Set<number>();
  let changes = 0;
  trained(settings, {
    onEvent: (event, { stage: { network }, progress }) => {
      const { rows, columns, indptr, indices } = network.layers[1] as SparseLayer;
      const now = new Set(positionsOf({ shape: [rows, columns], indptr, indices }));
      if (event.type === "topology" && event.layer === 1) {
        for (const { layers: [, hidden] } of progress.members) {
          assert.ok(hidden.kind === "sparse");
          const blocked = new Set(positionsOf(hidden));
          assert.equal(now.difference(before).intersection(blocked).size, 0);
          changes += now.difference(before).size > 0 ? 1 : 0;
        }
      }
      if (event.type === "batch") before = now;
    },
  });
  assert.ok(changes > 5);
});

Deno.test("a strategy of one's own may ask for gradients, and one that does not costs nothing", () => {
  const asked: number[] = [];
  const strategy: TopologyStrategy = {
    name: "every free position of two rows",
    update: {
      prune: (layer) => pruneMagnitude(layer, 0.1),
      grow: ({ before, survivors, count, gradientAt }) => {
        const taken = new Set(positionsOf(survivors));
        const free = every(before.shape[0] * before.shape[1]).filter((p) => !taken.has(p));
        asked.push(free.length);
        return { positions: largestScores(free, gradientAt!(free), count) };
      },
    },
  };
  const settings = tinySettings("set");
  const { members, run } = trained(settings, { strategy });
  assert.ok(asked.length > 4 && members[0].validationAccuracy! > 0.8);
  const plain = trained(settings).run.progress.flops;
  assert.ok(run.progress.flops.topology > 10 * plain.topology);
});

Deno.test("a layer of ten billion positions grows by gradient in memory for its connections and neurons", () => {
  const wide = 100_000;
  const { used } = wasmMemory();
  const settings = tinySettings("rigl", {
    growth: "sampled-gradient",
    growthCandidates: 5,
    hidden: [wide],
    epsilon: 0.02,
    epochs: 3,
    interval: 1,
    batchSize: 16,
    memberSelection: "last",
    validationFraction: 0,
  });
  const training = blobs(16, wide, 2, 1);
  using run = openRun({ training, validation: null, classes: 2 }, settings, wasmKernels());
  const grown: number[] = [];
  finish(run, (event) => event.type === "topology" && grown.push(event.grown));
  assert.equal(grown.length, 2);
  assert.ok(grown.every((count) => count > 500), `${grown}`);
  run.dispose();
  assert.equal(wasmMemory().used, used);
});

Deno.test("a strategy cannot ask for gradients outside its layer", () => {
  using run = beforeAnUpdate(wasmKernels(), {});
  using gradients = openMissingGradients(run, noFlops());
  for (const positions of [[-1], [48], [0.5], [NaN], [Infinity], [3, 2]]) {
    assert.throws(() => gradients.at(0, Float64Array.from(positions)), {
      name: "RangeError",
      message: /^Cannot find gradients in layer 0/,
    });
  }
});
