/** What every method of dynamic sparse training needs of the interface, for several of them. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { topology, type TopologyStrategy } from "../../mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/ensemble/training_checkpoint.ts";
import type { SavedRun } from "../../lib/ensemble/saved_run.ts";
import { copyState, openRun, saveRun, type TrainingRun } from "../../lib/ensemble/training_run.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../lib/nn/layer.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { density } from "../../lib/sparse/erdos_renyi.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { transposeIndex } from "../../lib/sparse/transpose_index.ts";
import { namesIn, readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { finish, openBreakingRun, PROBLEM, tinySettings } from "../ensemble/tiny_runs.ts";
import { mean } from "../../lib/statistics/summary.ts";
import { STRATEGIES } from "./all_strategies.ts";
import { deepRTopology, snfsTopology } from "../../lib/methods/mod.ts";

/** Two layers in blocks of eight neurons. */
const BLOCKS = { blockSize: 8, hidden: [48, 32] } as const;

/** One member with momentum, one with Adam, two members one after the other, two each alone, and blocks. */
const PROTOCOLS: [string, Settings][] = [
  ["a network", tinySettings("set", { dropLastBatch: false, batchSize: 45 })],
  ["a network with Adam", tinySettings("set", { optimizer: "adam", learningRate: 0.01 })],
  ["members of one run", tinySettings("edst")],
  ["a network with an embedding", tinySettings("set", { embedding: "periodic", frequencies: 3 })],
  [
    "members each alone, with rollbacks",
    tinySettings("set", {
      members: 2,
      epochs: 6,
      onDivergence: "rollback",
    }),
  ],
  ["a network in blocks", tinySettings("set", BLOCKS)],
  [
    "members of one run in blocks, with Adam",
    tinySettings("edst", { ...BLOCKS, optimizer: "adam", learningRate: 0.01 }),
  ],
];

/** The layers that a strategy may change. */
const changing = (run: TrainingRun) =>
  run.stage.network.layers.slice(run.settings.embedding === "none" ? 0 : 1, -1) as SparseLayer[];
/** Connections, or blocks of them. */
const connections = (run: TrainingRun) => changing(run).map(({ indices }) => indices.length);

/** The transpose indices that training uses, and those that follow from the connections. */
const stored = (run: TrainingRun) => changing(run).map(({ transpose }) => transpose.entries);
const fresh = (run: TrainingRun) =>
  changing(run).map(({ rows, columns, indptr, indices }) =>
    transposeIndex({ shape: [rows, columns], indptr, indices }).entries
  );

/** A connection's numbers, or a block's, G of each: its weight, the optimiser's, and the strategy's own. */
type Numbers = Map<number, number[]>;

/** An array's numbers of one entry. */
const ofEntry = (array: ArrayLike<number>, entry: number, blockSize: number) =>
  Array.from({ length: blockSize }, (_, g) => array[entry * blockSize + g]);

function numbersOf(layer: topology.LayerView): Numbers {
  const arrays = [layer.weights, ...layer.state, ...Object.values(layer.own)];
  const entries = [...positionsOf(layer)].map((position, entry): [number, number[]] => [
    position,
    arrays.flatMap((array) => ofEntry(array, entry, layer.blockSize)),
  ]);
  return new Map(entries);
}

/** The second moment of a grown connection: the mean over those that its neuron, or the layer, kept. */
function meanSquares(
  kept: Expected["kept"],
  columns: number,
  blockSize: number,
): (position: number, g: number) => number {
  const neuron = (position: number, g: number) => Math.floor(position / columns) * blockSize + g;
  const all = [...kept].flatMap(([position, numbers]) =>
    Array.from({ length: blockSize }, (_, g) => ({
      row: neuron(position, g),
      square: numbers[2 * blockSize + g]!,
    }))
  );
  const mean = (of: typeof all) => of.reduce((sum, { square }) => sum + square, 0) / of.length;
  return (position, g) => {
    const own = all.filter(({ row }) => row === neuron(position, g));
    return Math.fround(mean(own.length > 0 ? own : all));
  };
}

/** A layer's connections after a change; a number that cannot be known before is `undefined`. */
interface Expected {
  readonly kept: Map<number, (number | undefined)[]>;
  readonly grown: Map<number, (number | undefined)[]>;
}

function expectedOf(layer: topology.LayerView, change?: topology.LayerChange): Expected {
  const kept: Expected["kept"] = numbersOf(layer);
  const { remove = [], grow = [], weights, values, own = {} } = change ?? {};
  const before = [...positionsOf(layer)];
  const { blockSize } = layer;
  weights?.forEach((weight, k) => {
    kept.get(before[Math.floor(k / blockSize)])![k % blockSize] = Math.fround(weight);
  });
  for (const entry of remove) kept.delete(before[entry]);
  const square = layer.state.length === 2
    ? meanSquares(kept, layer.shape[1], blockSize)
    : undefined;
  const each = (numberOf: (g: number) => number | undefined) =>
    Array.from({ length: blockSize }, (_, g) => numberOf(g));
  const grown = [...grow].map((position, i): [number, (number | undefined)[]] => [
    position,
    [
      ...each((g) => typeof values === "object" ? Math.fround(values[i * blockSize + g]) : values),
      ...layer.state.flatMap((_, slot) => each((g) => slot === 1 ? square!(position, g) : 0)),
      ...Object.keys(layer.own).flatMap((name) => each((g) => own[name]?.[i * blockSize + g] ?? 0)),
    ],
  ]);
  return { kept, grown: new Map(grown) };
}

/** The same strategy, whose changes are seen before they are made. */
function watched(
  strategy: TopologyStrategy,
  see: (layers: readonly topology.LayerView[], changes: readonly topology.LayerChange[]) => void,
  notes?: topology.LayerChange["notes"],
): TopologyStrategy {
  const { update } = strategy;
  return {
    ...strategy,
    update(network, moment, memory) {
      const changes = typeof update === "function"
        ? update(network, moment, memory)
        : network.layers.map((layer) => topology.pruneThenGrow(layer, update!, moment.pruneRate));
      see(network.layers, changes);
      return notes === undefined ? changes : changes.map((change) => ({ ...change, notes }));
    },
  };
}

/** A state as the bytes of a checkpoint. */
function bytesOf(saved: SavedRun, { settings }: TrainingRun): Uint8Array {
  const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
  const context = { data: "", kernels: "wasm", seconds };
  const { tensors, metadata } = encodeCheckpoint(saved, settings, context);
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

for (const { strategy: make, budget, wanted, density: atFirst, stops = false } of STRATEGIES) {
  const { name } = make();

  Deno.test(`${name}: every connection has the numbers that it is to have, to the bit`, () => {
    for (const [protocol, settings] of PROTOCOLS) {
      let expected: Expected[] = [];
      let changes = 0;
      const strategy = watched(make(), (layers, changed) => {
        expected = layers.map((layer, i) => {
          const change = changed.find((change) => change.layer === layer.layer);
          assert.equal(i, layer.layer);
          return expectedOf(layer, change);
        });
        changes += changed.reduce((sum, { remove }) => sum + (remove?.length ?? 0), 0);
      });
      using run = openRun(PROBLEM, settings, wasmKernels(), { strategy });
      finish(run, () => {
        const own = run.stage.memory.own.slice(settings.embedding === "none" ? 0 : 1);
        expected.forEach(({ grown, kept }, l) => {
          const layer = changing(run)[l];
          const state = layer.state.map((slot) => slot.weights);
          const arrays = [layer.weights, ...state, ...Object.values(own[l])];
          const { rows, columns, blockSize, indptr, indices } = layer;
          const now = positionsOf({ shape: [rows / blockSize, columns], indptr, indices });
          assert.equal(now.length, kept.size + grown.size, protocol);
          now.forEach((position, entry) => {
            const numbers = arrays.flatMap((array) => ofEntry(array, entry, blockSize));
            const known = kept.get(position) ?? grown.get(position)!;
            known.forEach((number, i) => {
              assert.ok(number === undefined || Object.is(numbers[i], number), protocol);
            });
          });
        });
        expected = [];
      });
      assert.ok(changes > 0, protocol);
    }
  });

  Deno.test(`${name}: a run saved at any moment goes on to the same bytes`, () => {
    for (const [protocol, settings] of PROTOCOLS) {
      const saves: Uint8Array[] = [];
      let events = 0;
      using whole = openRun(PROBLEM, settings, wasmKernels(), { strategy: make() });
      finish(whole, (_, run) => {
        if (events++ % 11 === 5) saves.push(bytesOf(saveRun(run), run));
      });
      const expected = bytesOf(copyState(whole), whole);
      assert.ok(saves.length > 3);
      saves.forEach((bytes, i) => {
        const { saved } = decodeCheckpoint(decodeSafetensors(bytes, "bytes"), "bytes");
        using run = openRun(PROBLEM, settings, wasmKernels(), { strategy: make(), saved });
        finish(run);
        const same = Buffer.compare(bytesOf(copyState(run), run), expected) === 0;
        assert.ok(same, `${protocol}, saved ${i}`);
      });
    }
  });

  for (const changes of [{}, BLOCKS]) {
    const of = changes === BLOCKS ? "blocks" : "connections";
    Deno.test(`${name}: the number of ${of} is what the method says`, () => {
      const settings = tinySettings("set", changes);
      let progress = NaN;
      const strategy = make();
      const update = strategy.update!;
      let moments = 0;
      using run = openRun(PROBLEM, settings, wasmKernels(), {
        strategy: {
          ...strategy,
          update(network, moment, memory) {
            assert.equal(moment.progress, moment.step / moment.steps);
            assert.ok(moment.step < moment.steps && moment.step > 0);
            const changes = typeof update === "function"
              ? update(network, moment, memory)
              : network.layers.map((layer) =>
                topology.pruneThenGrow(layer, update, moment.pruneRate)
              );
            if (changes.length > 0) {
              progress = moment.progress;
              moments++;
            }
            return changes;
          },
        },
      });
      const first = connections(run);
      const layers = changing(run);
      const asked = layers.map(({ rows, columns, blockSize }) =>
        density(settings.epsilon, rows, columns) * rows * columns / blockSize
      );
      if (atFirst !== undefined) {
        layers.forEach(({ rows, columns, weights }) => {
          const error = Math.abs(weights.length / (rows * columns) - atFirst);
          assert.ok(error < (atFirst === 1 ? 1e-9 : 0.1));
        });
      }
      const sum = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
      let moved = false;
      let last = first;
      finish(run, () => {
        if (Number.isNaN(progress)) return;
        const now = connections(run);
        moved ||= now[0] * first[1] !== now[1] * first[0];
        if (budget === "of every layer") {
          const budgets = first.map((first, l) => ({ first, asked: asked[l] }));
          assert.deepEqual(now, budgets.map((budget) => Math.round(wanted(budget, progress))));
        } else if (budget === "falling") {
          now.forEach((count, l) => assert.ok(count <= last[l]));
          last = now;
        } else if (budget === "at most of every layer") {
          now.forEach((count, l) => {
            const most = wanted({ first: first[l], asked: asked[l] }, progress);
            // Less than one a neuron is missing, as all have the same number.
            assert.ok(count <= most + 1e-9 && count > most - layers[l].rows, `${count} of ${most}`);
          });
        } else {
          const whole = { first: sum(first), asked: sum(asked) };
          // The method's number is one of weights, and no block goes beyond it.
          const [{ blockSize }] = layers;
          const weights = Math.round(wanted(whole, progress) * blockSize);
          assert.equal(sum(now), Math.floor(weights / blockSize));
        }
      });
      assert.ok(moved || budget !== "of all layers");
      if (budget === "falling") {
        assert.ok(sum(last) < sum(first));
        last.forEach((count, l) =>
          assert.ok(count <= wanted({ first: first[l], asked: asked[l] }, 1))
        );
      }
      assert.ok(moments >= (stops ? 3 : 11));
    });
  }

  Deno.test(`${name}: a note of any name changes no count`, () => {
    const settings = tinySettings("set");
    const counts = [undefined, { iterations: 1000, flops: 7, strength: 3 }].map((notes) => {
      const strategy = watched(make(), () => {}, notes);
      using run = openRun(PROBLEM, settings, wasmKernels(), { strategy });
      finish(run);
      return run.progress.flops;
    });
    assert.deepEqual(counts[0], counts[1]);
  });

  Deno.test(`${name}: a rollback goes back to the connections of the epoch's beginning`, () => {
    const settings = tinySettings("set", { onDivergence: "rollback", epochs: 6 });
    const breaks = ({ epoch, batch, rollbacks }: TrainingRun["progress"]) =>
      epoch === 3 && batch === 8 && rollbacks.length === 0;
    using run = openBreakingRun(settings, breaks, { strategy: make() });
    let rollbacks = 0;
    finish(run, ({ type }) => {
      if (type !== "rollback") return;
      rollbacks++;
      const { rollbacks: _, ...progress } = run.anchor!.progress;
      const now = copyState(run);
      assert.deepEqual(now, {
        ...run.anchor,
        progress: { ...progress, rollbacks: now.progress.rollbacks },
      });
      assert.deepEqual(stored(run), fresh(run), "the transpose index is that of the connections");
    });
    assert.equal(rollbacks, 1);
    assert.equal(run.progress.rollbacks.length, 1);
  });
}

Deno.test("Deep R: a connection keeps its sign, and its random walk moves all of them", () => {
  const settings = tinySettings("set", { learningRate: 1e-9, momentum: 0, weightDecay: 0 });
  const strategy = deepRTopology({ walkDecay: 1e6, temperature: 1e3 });
  using run = openRun(PROBLEM, settings, wasmKernels(), { strategy });
  const [before] = changing(run).map(({ weights }) => weights.slice());
  let seen = false;
  finish(run, ({ type }) => {
    if (type !== "topology") return;
    changing(run).forEach(({ weights }, l) => {
      const { sign } = run.stage.memory.own[l];
      weights.forEach((weight, entry) => {
        assert.equal(Math.abs(sign[entry]), 1);
        assert.ok(weight * sign[entry] >= 0);
      });
    });
    if (seen) return;
    seen = true;
    // L1 takes 1e-9 × 1e6 of a magnitude, and the noise has a deviation of √(2 × 1e-9 × 1e3).
    const { weights } = changing(run)[0];
    const moves = Array.from(weights, (weight, i) => Math.abs(weight - before[i])).filter(Boolean);
    assert.ok(moves.length > 0.9 * before.length);
    assert.ok(mean(moves) > 5e-4 && mean(moves) < 3e-3, `${mean(moves)}`);
  });
  assert.ok(seen);
});

Deno.test("SNFS: the momentum is the average of the candidates' gradients, and they are few", () => {
  const settings = tinySettings("set", { epochs: 2 });
  const strategy = snfsTopology({ candidatePool: 2, rate: 0.5 });
  type Memory = { candidates: { positions: Float64Array; momentum: Float64Array }[] };
  const averages: number[][] = [];
  const watching: TopologyStrategy = {
    ...strategy,
    update(network, moment, memory: Memory) {
      const changes = (strategy.update as topology.NetworkUpdate)(network, moment, memory);
      if (moment.step < 10) {
        const [layer] = network.layers;
        const [{ positions, momentum }] = memory.candidates;
        // Half of the connections, twice.
        assert.ok(positions.length <= layer.weights.length + 1);
        const gradient = layer.gradientAt(positions);
        const last = averages.at(-1) ?? gradient.map(() => 0);
        averages.push(Array.from(gradient, (value, i) => 0.9 * last[i] + (1 - 0.9) * value));
        assert.deepEqual([...momentum], averages.at(-1));
      }
      return changes;
    },
  };
  using run = openRun(PROBLEM, settings, wasmKernels(), { strategy: watching });
  finish(run);
  assert.equal(averages.length, 9);
});

Deno.test("a strategy needs mod.ts alone", () => {
  const folder = `${ROOT}tests/strategies/methods/`;
  const files = namesIn(folder);
  assert.ok(files.length >= 2);
  for (const file of files) {
    const imports = readText(folder + file).match(/^import .*$/gm)!;
    assert.deepEqual(imports.filter((line) => !line.endsWith('from "../../../mod.ts";')), []);
  }
});

Deno.test("no file of a method has more than eighty lines of code", () => {
  const folder = `${ROOT}lib/methods/`;
  const families = ["dense_to_sparse", "ensembles", "fixed", "sparse_to_sparse"];
  for (
    const path of families.flatMap((name) => namesIn(folder + name).map((f) => `${name}/${f}`))
  ) {
    const lines = readText(folder + path).split("\n").map((line) => line.trim());
    const code = lines.filter((line) =>
      line !== "" && !/^(import|export \*|\/\/|\/?\*)/.test(line)
    );
    assert.ok(code.length <= 80, `${path} has ${code.length} lines`);
  }
});
