import assert from "node:assert/strict";
import {
  fillRandom,
  openSquareLayer,
  squareLayerBytes,
  squarePattern,
} from "../../../lib/benchmarks/measuring/square_layer.ts";
import { wasmKernels, wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../../lib/random.ts";
import { validatePattern } from "../../../lib/sparse/pattern.ts";

Deno.test("squarePattern draws about 2 ε connections per neuron", () => {
  const pattern = squarePattern(500, 20);
  validatePattern(pattern);
  assert.deepEqual(pattern.shape, [500, 500]);
  assert.ok(Math.abs(pattern.indices.length - 20_000) < 1000);
});

Deno.test("openSquareLayer indexes the layer both ways, in the memory that was foretold", () => {
  const pattern = squarePattern(300, 20);
  const before = wasmMemory().used;
  using arena = wasmKernels().openArena();
  const { layer, x, dz, out } = openSquareLayer(pattern, 64, arena);
  const used = wasmMemory().used - before;
  const foretold = squareLayerBytes(pattern, 64);
  assert.ok(Math.abs(used / foretold - 1) < 0.01, `${used} of ${foretold}`);
  assert.deepEqual([...layer.indices], [...pattern.indices]);
  const { transpose } = layer;
  for (let column = 0; column < layer.columns; column++) {
    for (let k = transpose.indptr[column]; k < transpose.indptr[column + 1]; k++) {
      assert.equal(layer.indices[transpose.entries[k]], column);
    }
  }
  assert.deepEqual([x, dz, out].map((array) => array.length), [300 * 64, 300 * 64, 300 * 64]);
  assert.notDeepEqual(x.slice(0, 100), dz.slice(0, 100));
});

Deno.test("fillRandom fills every element from U(−0.5, 0.5), whatever the length", () => {
  for (const length of [1, 65535, 65537, 200_001]) {
    const values = new Float32Array(length).fill(9);
    fillRandom(values, randomStream(1, "test"));
    assert.ok(values.every((value) => Math.abs(value) <= 0.5));
    assert.ok(new Set(values).size > 0.9 * Math.min(length, 65536));
  }
});
