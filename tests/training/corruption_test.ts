import assert from "node:assert/strict";
import { activationIndex } from "../../lib/kernels/kernels.ts";
import { randomStream } from "../../lib/random.ts";
import { corruptInputs } from "../../lib/training/corruption.ts";

const [COLUMNS, BATCH, STRIDE] = [50, 40, 48];

/** Inputs of 3, corrupted. */
function corrupted(kind: "gaussian" | "mask", amount: number, seed = 1) {
  const input = new Float32Array(COLUMNS * STRIDE).fill(3);
  corruptInputs({ input }, COLUMNS, BATCH, { kind, amount }, randomStream(seed, "corruption"));
  const values = Array.from({ length: COLUMNS * BATCH }, (_, i) => {
    return input[activationIndex(COLUMNS, STRIDE, i % COLUMNS, Math.floor(i / COLUMNS))];
  });
  return { input, values };
}

Deno.test("a mask sets its share of the inputs to 0 and leaves the others", () => {
  const { values } = corrupted("mask", 0.3);
  assert.deepEqual([...new Set(values)].sort(), [0, 3]);
  const share = values.filter((value) => value === 0).length / values.length;
  // Four standard deviations of a share of 2,000 draws.
  assert.ok(Math.abs(share - 0.3) < 4 * Math.sqrt(0.3 * 0.7 / 2000), `${share}`);
});

Deno.test("normal noise has its standard deviation and no bias", () => {
  const { values } = corrupted("gaussian", 0.5);
  const noise = values.map((value) => value - 3);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
  assert.ok(Math.abs(mean) < 4 * 0.5 / Math.sqrt(2000), `${mean}`);
  assert.ok(Math.abs(deviation - 0.5) < 4 * 0.5 / Math.sqrt(4000), `${deviation}`);
});

Deno.test("the padding of a batch stays, and equal streams make equal noise", () => {
  const { input } = corrupted("gaussian", 0.5);
  for (let b = BATCH; b < STRIDE; b++) {
    assert.equal(input[activationIndex(COLUMNS, STRIDE, 7, b)], 3);
  }
  assert.deepEqual(corrupted("gaussian", 0.5).input, input);
  assert.notDeepEqual(corrupted("gaussian", 0.5, 2).input, input);
});
