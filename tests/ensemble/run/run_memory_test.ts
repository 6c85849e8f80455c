import assert from "node:assert/strict";
import { ensembleOutputs, openEnsemble } from "../../../lib/prediction/prediction.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun } from "../../../lib/ensemble/training_run.ts";
import { wasmKernels, wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import { METHODS, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

Deno.test("fifty models trained one after the other take no more memory than two", () => {
  const { used } = wasmMemory();
  let afterSecond = 0;
  for (let i = 0; i < 50; i++) {
    const settings = tinySettings(METHODS[i % 2 === 0 ? 0 : METHODS.length - 1], {
      seed: i,
      hidden: [120, 120],
      epochs: 4,
      explore: 0,
      batchSize: 200,
    });
    const { members } = trained(settings);
    using ensemble = openEnsemble(members, { kind: "relu" }, wasmKernels());
    ensembleOutputs(ensemble, PROBLEM.validation!.features, 60);
    ensemble.dispose();
    assert.equal(wasmMemory().used, used, `after model ${i + 1}`);
    const { byteLength } = wasmMemory().memory.buffer;
    if (i === 1) afterSecond = byteLength;
    if (i > 1) assert.ok(byteLength <= afterSecond, `${byteLength} bytes after model ${i + 1}`);
  }
});

Deno.test("a run gives its memory back where it is left, whenever that is, once", () => {
  const { used } = wasmMemory();
  for (const method of METHODS) {
    for (const events of [0, 1, 100, 1000]) {
      const run = openRun(PROBLEM, tinySettings(method), wasmKernels());
      assert.ok(wasmMemory().used > used);
      const some = train(run);
      for (let i = 0; i < events; i++) some.next();
      run.dispose();
      run.dispose();
      assert.equal(wasmMemory().used, used, `${method} after ${events} events`);
    }
  }
});

Deno.test("an independent member's network is given back when the next one begins", () => {
  const settings = tinySettings("dense-ensemble", { members: 4, epochs: 2 });
  const during = new Set<number>();
  trained(settings, { onEvent: () => during.add(wasmMemory().used) });
  assert.equal(during.size, 1);
});
