import assert from "node:assert/strict";
import { type CompiledFunctions, compiledKernels } from "../../../lib/kernels/compiled.ts";
import type { Kernels } from "../../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { KERNELS_WASM } from "../../../lib/kernels/wasm/kernels_wasm.ts";
import { createWasmMemory } from "../../../lib/kernels/wasm/wasm_memory.ts";
import { withoutRelaxedSimd } from "../../../lib/kernels/wasm/without_relaxed_simd.ts";
import { fit } from "../../../lib/ensemble/mod.ts";
import { predictProba } from "../../../lib/model/mod.ts";
import { smallDataset } from "../../model/small_model.ts";

const bytes = Uint8Array.fromBase64(KERNELS_WASM);

/** The kernels as a runtime without relaxed SIMD has them. */
function plainKernels(): Kernels {
  const memory = createWasmMemory();
  const module = new WebAssembly.Module(withoutRelaxedSimd(bytes));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
  memory.setBase((exports.__heap_base as WebAssembly.Global).value);
  return compiledKernels({
    name: "wasm",
    description: "WebAssembly (SIMD128)",
    functions: exports as unknown as CompiledFunctions,
    address: (array) => array.byteOffset,
    openArena: () => memory.openArena(),
    workerStart: () => ({ wasm: null, library: null }),
  });
}

/** Bytes of relaxed SIMD: its instructions are 0x100 to 0x11f behind the prefix. */
function relaxedInstructions(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (
      bytes[at] === 0xfd && bytes[at + 1] >= 0x80 && bytes[at + 1] <= 0x9f && bytes[at + 2] === 2
    ) {
      count++;
    }
  }
  return count;
}

Deno.test("the kernels use no instruction of relaxed SIMD but the one that is replaced", () => {
  assert.ok(relaxedInstructions(bytes) > 1000);
  assert.equal(relaxedInstructions(withoutRelaxedSimd(bytes)), 0);
});

Deno.test("without relaxed SIMD, training gives what the reference gives, to rounding", async () => {
  const rows = [[0.1, 1, 7, -50], [1, 2.5, 7, 30], [-1, 2, 8, 0]];
  for (const blockSize of [1, 8]) {
    const settings = {
      ...{ hidden: [24, 16], epsilon: 3, epochs: 6, explore: 2, members: 2, batchSize: 16 },
      blockSize,
      learningRate: 0.01,
      dropout: 0,
      // A choice among candidates could turn a difference in rounding into another network.
      trials: 0,
    };
    const [plain, reference] = [plainKernels(), referenceKernels()];
    const trained = await Promise.all(
      [plain, reference].map((kernels) => fit(smallDataset(), settings, { kernels })),
    );
    const [ours, theirs] = trained.map((model, which) =>
      predictProba(model, rows, [plain, reference][which])
    );
    ours.forEach((p, i) => assert.ok(Math.abs(p - theirs[i]) < 1e-3, `${p}, not ${theirs[i]}`));
  }
});

Deno.test("a module without the function that multiplies and adds is refused", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  assert.throws(
    () => withoutRelaxedSimd(empty),
    { message: 'Cannot replace relaxed SIMD: found no function "multiply_add", need it exported' },
  );
});
