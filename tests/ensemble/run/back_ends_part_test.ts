/**
 * Two back ends side by side. They sum in different orders, so their weights differ by rounding. The
 * difference stays that small until a pre-activation of one sample has one sign here and the other there:
 * then a derivative jumps, and from there on the runs go their own ways. A difference that grows before
 * that is a fault of a kernel.
 */
import assert from "node:assert/strict";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { backEnds } from "../../kernels/back_ends.ts";
import { PROBLEM, tinySettings } from "../tiny_runs.ts";

const RUNS: Readonly<Record<string, Settings>> = {
  "SET": tinySettings("set"),
  "SET grown by strength": tinySettings("set", { growth: "strength" }),
  "RigL with Adam": tinySettings("rigl", { interval: 1, optimizer: "adam", learningRate: 0.01 }),
  "SET in blocks of 8": tinySettings("set", { blockSize: 8, hidden: [64, 32] }),
  "RigL in blocks of 4": tinySettings("rigl", { interval: 1, blockSize: 4, hidden: [64, 32] }),
  "dense": tinySettings("dense"),
};

/** The norm of the difference of all weights, over the norm of the weights. */
function difference(a: TrainingRun, b: TrainingRun): number {
  let [squares, norm] = [0, 0];
  a.stage.network.layers.forEach(({ weights }, l) => {
    const others = b.stage.network.layers[l].weights;
    for (let k = 0; k < weights.length; k++) {
      squares += (weights[k] - others[k]) ** 2;
      norm += weights[k] ** 2;
    }
  });
  return Math.sqrt(squares / norm);
}

/** The pre-activations, gated, of the samples whose derivative differs. */
function jumps(a: TrainingRun, b: TrainingRun): number[] {
  return a.stage.workspace.factors.flatMap((factors, l) => {
    const [here, there] = [a.stage.workspace.outputs[l], b.stage.workspace.outputs[l]];
    return Array.from(factors.keys()).filter((k) => factors[k] !== b.stage.workspace.factors[l][k])
      .map((k) => Math.max(Math.abs(here[k]), Math.abs(there[k])));
  });
}

const sameTopology = (a: TrainingRun, b: TrainingRun) =>
  a.stage.network.layers.every((layer, l) => {
    const other = b.stage.network.layers[l];
    if (layer.kind === "dense" || other.kind === "dense") return true;
    return layer.indices.every((column, k) => column === other.indices[k]);
  });

for (const kernels of [referenceKernels(), ...backEnds().slice(1)]) {
  for (const [name, settings] of Object.entries(RUNS)) {
    Deno.test(`${name}: WebAssembly and ${kernels.description} differ by rounding alone`, () => {
      using a = openRun(PROBLEM, settings, wasmKernels());
      using b = openRun(PROBLEM, settings, kernels);
      // Adam divides by the gradient's own size, and so passes on the relative error of the smallest.
      const limit = settings.optimizer === "adam" ? 1e-5 : 1e-6;
      const runs = [train(a), train(b)];
      let [steps, updates] = [0, 0];
      for (;;) {
        const [event, same] = runs.map((run) => run.next());
        if (event.done) break;
        assert.equal(event.value.type, (same.value as { type: string }).type);
        if (event.value.type === "batch") {
          steps++;
          const found = jumps(a, b);
          for (const z of found) assert.ok(z < 1e-5, `step ${steps}: a derivative jumps at ${z}`);
          if (found.length > 0) break;
        }
        if (event.value.type === "topology") updates++;
        assert.ok(sameTopology(a, b), `step ${steps}`);
        assert.ok(difference(a, b) < limit, `step ${steps}: ${difference(a, b)}`);
      }
      assert.ok(updates > 0 || settings.method === "dense", "no update was compared");
    });
  }
}
