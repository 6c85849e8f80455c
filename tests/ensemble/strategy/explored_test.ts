/** The share of positions that a network ever connected. */
import assert from "node:assert/strict";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/ensemble/training_checkpoint.ts";
import {
  copyState,
  openRun,
  saveRun,
  type TrainingRun,
} from "../../../lib/ensemble/training_run.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../lib/files/safetensors.ts";
import { Buffer } from "node:buffer";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { positionsOf } from "../../../lib/sparse/positions.ts";
import type { TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { finish, openBreakingRun, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

const CONTEXT = {
  data: "",
  kernels: "wasm",
  seconds: { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 },
};

/** Positions of neurons, each as often as it has a connection. */
const positions = (run: TrainingRun) =>
  (run.stage.network.layers.slice(0, -1) as SparseLayer[]).map(
    (
      { rows, columns, blockSize, indptr, indices },
    ) => [...positionsOf({ shape: [rows / blockSize, columns], indptr, indices })],
  );

const explored = (run: TrainingRun) => run.progress.history.map(({ explored }) => explored!);

for (const method of ["set", "deep-r", "edst", "granet", "snip"] as const) {
  for (const blockSize of [1, 8]) {
    const settings = tinySettings(method, { countTried: true, blockSize, hidden: [48, 32] });

    Deno.test(`${method}, G = ${blockSize}: what is told to be explored was ever connected`, () => {
      using run = openRun(PROBLEM, settings, wasmKernels());
      const ever = positions(run).map((own) => new Set(own));
      const shares: number[] = [];
      let { network } = run.stage;
      const seen = () =>
        positions(run).forEach((own, l) => own.forEach((position) => ever[l].add(position)));
      const saves: Uint8Array[] = [];
      let events = 0;
      finish(run, (event) => {
        if (event.type === "epoch") {
          shares.push(blockSize * (ever[0].size + ever[1].size) / (48 * 6 + 32 * 48));
        }
        if (network !== run.stage.network) {
          ({ network } = run.stage);
          for (const own of ever) own.clear();
        }
        seen();
        if (events++ % 37 !== 11) return;
        const { tensors, metadata } = encodeCheckpoint(saveRun(run), settings, CONTEXT);
        saves.push(new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata))));
      });
      assert.deepEqual(explored(run), shares);
      assert.ok(shares.at(-1)! >= shares[0]);
      for (const bytes of saves) {
        const { saved } = decodeCheckpoint(decodeSafetensors(bytes, "bytes"), "bytes");
        using resumed = openRun(PROBLEM, settings, wasmKernels(), { saved });
        finish(resumed);
        assert.deepEqual(explored(resumed), shares);
        assert.deepEqual(copyState(resumed), copyState(run));
      }
    });
  }
}

Deno.test("each connection is counted once, by hand", () => {
  // Two connections grow at the first update, one of which was there before.
  let back = -1;
  const strategy: TopologyStrategy = {
    name: "by hand",
    when: { every: 10, unit: "steps" },
    update: ({ layers: [layer] }, { step }) => {
      if (step > 20) return [];
      const all = positionsOf(layer);
      if (step === 10) {
        back = all[0];
        return [{ layer: 0, remove: Int32Array.of(0) }];
      }
      const free = Array.from({ length: 180 }, (_, at) => at)
        .find((at) => at !== back && !all.includes(at))!;
      return [{ layer: 0, grow: Float64Array.of(back, free).sort() }];
    },
  };
  const settings = tinySettings("set", { countTried: true });
  const { run } = trained(settings, { strategy });
  const [first, , third] = explored(run).map((share) => Math.round(share * 1080));
  assert.equal(third, first + 1);
  assert.ok(explored(run).slice(3).every((share) => Math.round(share * 1080) === third));
});

Deno.test("runs that do not ask for it tell nothing, and are what they were", () => {
  for (const changes of [{}, { countTried: false }]) {
    const states: unknown[] = [];
    // At its end the network is closed.
    const { run, members } = trained(tinySettings("set", changes), {
      onEvent: (_, own) => states.push(copyState(own).strategy),
    });
    assert.ok(run.progress.history.every((record) => !("explored" in record)));
    assert.ok(states.length > 0 && states.every((own) => own === undefined));
    const counted = trained(tinySettings("set", { countTried: true }));
    assert.deepEqual(counted.members, members);
    assert.deepEqual(counted.run.progress.flops, run.progress.flops);
  }
  const dense = trained(tinySettings("dense", { countTried: true } as Partial<Settings>));
  assert.ok(dense.run.progress.history.every((record) => !("explored" in record)));
});

Deno.test("a rollback takes back what was explored since the epoch's beginning", () => {
  const settings = tinySettings("deep-r", {
    countTried: true,
    onDivergence: "rollback",
    epochs: 6,
  });
  const breaks = ({ epoch, batch, rollbacks }: TrainingRun["progress"]) =>
    epoch === 3 && batch === 8 && rollbacks.length === 0;
  using run = openBreakingRun(settings, breaks);
  let rollbacks = 0;
  finish(run, ({ type }) => {
    if (type !== "rollback") return;
    rollbacks++;
    assert.deepEqual(run.stage.memory.tried, run.anchor!.strategy!.tried);
  });
  assert.equal(rollbacks, 1);
});
