/** Runs whose neighbouring neurons share their inputs, with every method and size of blocks. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { plannedFlops } from "../../lib/experiments/run/planned_flops.ts";
import { totalFlops } from "../../lib/counters/flops.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/ensemble/training_checkpoint.ts";
import { checkSavedRun, type SavedRun } from "../../lib/ensemble/saved_run.ts";
import { copyState, openRun, saveRun, type TrainingRun } from "../../lib/ensemble/training_run.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import { openKernels } from "../../lib/kernels/choose.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { methodNamed, methodOf, METHODS } from "../../lib/methods/mod.ts";
import type { SparseLayer } from "../../lib/nn/layer.ts";
import { completeSettings, defaultSettings, type Settings } from "../../lib/settings/mod.ts";
import { validatePattern } from "../../lib/sparse/mod.ts";
import { backEnds } from "../kernels/back_ends.ts";
import {
  finish,
  openBreakingRun,
  PROBLEM,
  SEQUENTIAL,
  tinySettings,
  trained,
} from "./tiny_runs.ts";

const BLOCKED = [2, 4, 8, 16] as const;
const SPARSE = METHODS.filter((name) => methodNamed(name).layers === "sparse");

/** Widths of which 16 divides the first, 4 the second, 2 the third and 1 alone the last. */
const HIDDEN = [32, 100, 30, 17];
const SIZES: Readonly<Record<number, readonly number[]>> = {
  2: [2, 2, 2, 1, 1],
  4: [4, 4, 2, 1, 1],
  8: [8, 4, 2, 1, 1],
  16: [16, 4, 2, 1, 1],
};

/** A state as the bytes of a checkpoint. */
function bytesOf(saved: SavedRun, { settings }: TrainingRun): Uint8Array {
  const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
  const context = { data: "", kernels: "wasm", seconds };
  const { tensors, metadata } = encodeCheckpoint(saved, settings, context);
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

const sparseLayers = (run: TrainingRun) => run.stage.network.layers as readonly SparseLayer[];

/** Methods under which the number of a layer's weights changes. */
const MOVING = [
  ...["dsr", "snfs", "srigl", "importance"],
  ...["granet", "gradual", "lottery", "snip", "synflow"],
];

/** Tells whether a network's topology changes while it trains, or before its first step. */
function changesTopology(settings: Settings): boolean {
  const { update, start } = methodOf(settings).topology;
  return (update ?? start) !== undefined;
}

for (const method of SPARSE) {
  for (const blockSize of BLOCKED) {
    const learningRate = 0.02;
    const settings = tinySettings(method, { blockSize, hidden: HIDDEN, epochs: 8, learningRate });

    Deno.test(`${method} in blocks of ${blockSize}: as many weights, canonical, saved and gone on with`, () => {
      const saves: Uint8Array[] = [];
      let [events, changes] = [0, 0];
      using whole = openRun(PROBLEM, settings, wasmKernels());
      assert.deepEqual(sparseLayers(whole).map((layer) => layer.blockSize), SIZES[blockSize]);
      const counts = () => sparseLayers(whole).map(({ weights }) => weights.length);
      let [{ network }, before] = [whole.stage, counts()];
      finish(whole, (event, run) => {
        // An independent member has a network of its own.
        if (network !== run.stage.network) [{ network }, before] = [run.stage, counts()];
        if (event.type === "topology" || event.type === "updates") changes++;
        if (!MOVING.includes(method)) assert.deepEqual(counts(), before);
        for (const { rows, columns, blockSize, indptr, indices, weights } of sparseLayers(whole)) {
          validatePattern({ shape: [rows / blockSize, columns], indptr, indices });
          assert.equal(weights.length, indices.length * blockSize);
        }
        if (events++ % 29 === 17) saves.push(bytesOf(saveRun(run), run));
      });
      assert.equal(changes > 0, changesTopology(settings));
      const expected = bytesOf(copyState(whole), whole);
      assert.ok(saves.length > 2);
      for (const bytes of saves) {
        const { saved } = decodeCheckpoint(decodeSafetensors(bytes, "bytes"), "bytes");
        using run = openRun(PROBLEM, settings, wasmKernels(), { saved });
        finish(run);
        assert.equal(Buffer.compare(bytesOf(copyState(run), run), expected), 0);
      }
    });
  }
}

/** A run of few steps: threads wait for each other several times in each, long ones on a busy machine. */
function shortSettings(method: typeof SPARSE[number], blockSize: number): Settings {
  const explore = Math.min(2, defaultSettings(method).explore);
  return tinySettings(method, { blockSize, hidden: HIDDEN, epochs: 6, explore, batchSize: 50 });
}

[...new Set(backEnds().map(({ name }) => name))].forEach((name, n) => {
  Deno.test(`every method in blocks (${name}): any number of threads gives the same bytes`, async () => {
    using one = await openKernels(name, 1);
    using two = await openKernels(name, 2);
    SPARSE.forEach((method, m) => {
      const settings = shortSettings(method, [4, 8][(n + m) % 2]);
      let changes = 0;
      const [members, divided] = [one, two].map(({ kernels }) =>
        trained(settings, {
          kernels,
          onEvent: ({ type }) => changes += type === "topology" || type === "updates" ? 1 : 0,
        }).members
      );
      assert.deepEqual(divided, members, method);
      assert.equal(changes > 0, changesTopology(settings), method);
    });
  });
});

Deno.test("a method in blocks is learning: nearly all rows are told apart", () => {
  for (const method of SPARSE) {
    const { members } = trained(tinySettings(method, { blockSize: 8, hidden: [64, 32] }));
    // A member of random subspaces sees half of the inputs.
    const least = method === "subspaces" ? 0.6 : 0.9;
    for (const { validationAccuracy } of members) assert.ok(validationAccuracy! > least, method);
  }
});

Deno.test("layers that are full anyway are full in blocks too, and dense ones have none", () => {
  const full = { blockSize: 8, hidden: [32, 20], epsilon: 50 };
  const { members: [{ layers, validationAccuracy }] } = trained(tinySettings("set", full));
  assert.ok(validationAccuracy! > 0.9);
  for (const layer of layers) {
    assert.ok(layer.kind === "sparse");
    assert.equal(layer.data.length, layer.shape[0] * layer.shape[1]);
  }
  assert.deepEqual(layers.map((layer) => "blockSize" in layer && layer.blockSize), [8, 4, false]);
  const dense = (blockSize: number) =>
    trained(tinySettings("dense", { blockSize, hidden: [32] })).members;
  assert.deepEqual(dense(8), dense(1));
});

Deno.test("the modern recipe in blocks: an embedding without, trials, and the same bytes resumed", () => {
  const settings = completeSettings({
    ...{ recipe: "modern", hidden: [32, 20], epsilon: 2, epochs: 4, members: 2, trials: 2 },
    ...{ adaptToRows: false, batchSize: 32, frequencies: 4, blockSize: 8 },
  });
  const saves: Uint8Array[] = [];
  let events = 0;
  using whole = openRun(PROBLEM, settings, wasmKernels());
  finish(whole, (_, run) => {
    if (events++ % 41 === 20) saves.push(bytesOf(saveRun(run), run));
  });
  assert.deepEqual(sparseLayers(whole).map((layer) => layer.blockSize), [1, 8, 4, 1]);
  const expected = bytesOf(copyState(whole), whole);
  for (const bytes of saves) {
    const { saved } = decodeCheckpoint(decodeSafetensors(bytes, "bytes"), "bytes");
    using run = openRun(PROBLEM, settings, wasmKernels(), { saved });
    finish(run);
    assert.equal(Buffer.compare(bytesOf(copyState(run), run), expected), 0);
  }
  assert.ok(saves.length > 2);
});

Deno.test("a run in blocks goes back to the blocks of the epoch's beginning", () => {
  const changes = { blockSize: 8, hidden: [32, 48], onDivergence: "rollback" } as const;
  const breaks = ({ epoch, batch, rollbacks }: TrainingRun["progress"]) =>
    epoch === 9 && batch === 3 && rollbacks.length === 0;
  using run = openBreakingRun(tinySettings("fd", changes), breaks);
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
  });
  assert.equal(rollbacks, 1);
});

Deno.test("a new member of FD-TSE begins in blocks that no earlier member has", () => {
  for (const blockSize of BLOCKED) {
    const settings = tinySettings("fd", { blockSize, hidden: [64, 96, 64], epsilon: 3 });
    let checked = 0;
    trained(settings, {
      onEvent: (event) => {
        if (event.type !== "topology" || event.layer === 0 || event.kind !== "reinitialize") return;
        assert.deepEqual(event.notes, { overlapping: 0 });
        assert.equal(event.grown % blockSize, 0);
        checked++;
      },
    });
    assert.equal(checked, 2);
  }
});

Deno.test("blocks cost no operation more while the topology stays", () => {
  const table = { rows: 200, columns: 6, classes: 3 };
  const held = tinySettings("static", {
    ...{ blockSize: 8, hidden: [64, 32] },
    ...{ memberSelection: "last", validationFraction: 0 },
  });
  const { run, members } = trained(held, { problem: { ...PROBLEM, validation: null } });
  const counted = totalFlops(run.progress.flops);
  assert.equal(plannedFlops(held, table).counted, counted);
  const weights = members[0].layers.reduce(
    (sum, layer) => sum + (layer.kind === "sparse" ? layer.data : layer.weights).length,
    0,
  );
  assert.equal(plannedFlops(held, table).weights, weights);
});

Deno.test("a saved run in other blocks than the settings ask for is refused", () => {
  const settings = tinySettings("set", { blockSize: 8, hidden: [64, 32] });
  using run = openRun(PROBLEM, settings, wasmKernels());
  const saved = saveRun(run);
  checkSavedRun(saved, PROBLEM, settings, run.schedule);
  for (const blockSize of [1, 4, 16]) {
    const others = completeSettings({ ...settings, blockSize }) as Settings;
    assert.throws(
      () => checkSavedRun(saved, PROBLEM, others, run.schedule),
      /found layers sparse 64 × 6 in blocks of 8, .*need sparse ones of 64, 32, 3 neurons/,
    );
  }
});

Deno.test("members that come one after the other keep their blocks", () => {
  for (const method of SEQUENTIAL) {
    const { members } = trained(tinySettings(method, { blockSize: 8, hidden: [32, 48] }));
    for (const { layers } of members) {
      assert.deepEqual(layers.map((layer) => "blockSize" in layer && layer.blockSize), [
        8,
        8,
        false,
      ]);
    }
  }
});
