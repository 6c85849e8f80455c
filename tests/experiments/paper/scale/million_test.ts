import assert from "node:assert/strict";
import {
  BLOCK_SIZES,
  curveConfigs,
  hiddenOf,
  million,
  trainedConfigs,
} from "../../../../lib/experiments/paper/scale/million.ts";
import {
  denseWeights,
  estimatedBytes,
  expectedWeights,
} from "../../../../lib/experiments/paper/scale/million_memory.ts";

const SELECTION = { ...million.defaults, quick: false };
const neuronsOf = ({ hidden }: { readonly hidden: readonly number[] }) =>
  hidden.reduce((sum, size) => sum + size, 0);

Deno.test("the runs have over a million neurons, on tables of more than 400 and of 65,536 columns", () => {
  const trained = trainedConfigs(SELECTION);
  assert.deepEqual(
    new Set(trained.map(({ file }) => file)),
    new Set(["made:wide", "dataset:bioresponse"]),
  );
  assert.deepEqual(new Set(trained.map(({ blockSize = 1 }) => blockSize)), new Set(BLOCK_SIZES));
  for (const config of trained) {
    assert.equal(config.hidden.length, 3);
    assert.ok(neuronsOf(config) >= 1e6);
    assert.equal(config.method, "set");
  }
  const decades = curveConfigs(SELECTION).map((config) =>
    Math.round(Math.log10(neuronsOf(config)))
  );
  assert.deepEqual(decades, [3, 3, 4, 4, 5, 5, 6, 6, 7, 7]);
});

Deno.test("the connections that are expected are ε (inputs + outputs) a layer, as Mocanu et al. have them", () => {
  const sizes = [65_536, ...hiddenOf(1e6), 4];
  const [inputs, width] = sizes;
  const network = { sizes, epsilon: 1, blockSize: 1, batchSize: 32 };
  const expected = (inputs + width) + 2 * (2 * width) + (width + 4);
  assert.ok(Math.abs(expectedWeights(network) / expected - 1) < 1e-9);
  assert.equal(denseWeights(sizes), inputs * width + 2 * width ** 2 + 4 * width);
});

Deno.test("the memory that is expected grows with neurons, connections and batch, and not with their squares", () => {
  const bytes = (neurons: number, epsilon = 1, batchSize = 32, blockSize = 1) =>
    estimatedBytes({ sizes: [64, ...hiddenOf(neurons), 4], epsilon, batchSize, blockSize });
  assert.ok(Math.abs(bytes(1e7) / bytes(1e6) - 10) < 0.01);
  assert.ok(bytes(1e6) < 1e9);
  assert.ok(bytes(1e7) < 8e9);
  assert.ok(bytes(1e6, 10) < 10 * bytes(1e6));
  assert.ok(bytes(1e6, 1, 64) < 2 * bytes(1e6));
  assert.ok(bytes(1e6, 1, 32, 8) < bytes(1e6));
  const network = { sizes: [64, ...hiddenOf(1e6), 4], epsilon: 1, batchSize: 32, blockSize: 1 };
  const parameters = expectedWeights(network) + network.sizes.slice(1).reduce((a, b) => a + b);
  const more = estimatedBytes({ ...network, optimizer: "adam" }) - estimatedBytes(network);
  assert.ok(Math.abs(more / (4 * parameters) - 1) < 1e-9);
});
