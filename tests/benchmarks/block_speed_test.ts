import assert from "node:assert/strict";
import { blockSpeeds } from "../../lib/benchmarks/block_speed.ts";
import { openBackEnds, openEveryBuild } from "../../lib/benchmarks/measuring/back_ends.ts";
import { blockTable } from "../../lib/benchmarks/tables.ts";
import { BLOCK_SIZES } from "../../lib/kernels/kernels.ts";
import { wasmMemory } from "../../lib/kernels/wasm/wasm.ts";

const BRIEFLY = { warmUp: 0, sample: 0.1, budget: 0, minRounds: 3 };

Deno.test("blockSpeeds measures every kernel with every size of blocks on every build", () => {
  const builds = openEveryBuild(openBackEnds());
  assert.equal(builds[0].name, "wasm");
  const before = wasmMemory().used;
  const speeds = blockSpeeds(160, 10, 64, builds, BRIEFLY);
  assert.equal(wasmMemory().used, before);
  assert.equal(speeds.speeds.length, 3 * BLOCK_SIZES.length * builds.length);
  const descriptions = new Set(speeds.speeds.map(({ backEnd }) => backEnd));
  assert.equal(descriptions.size, builds.length);
  for (const { kernel, blockSize, nnz, ms, gflops, overOne } of speeds.speeds) {
    assert.equal(nnz % blockSize, 0);
    // ε (n + n) weights are asked for.
    assert.ok(Math.abs(nnz / 3200 - 1) < 0.3, `${nnz} weights`);
    // Of three samples, the one with the median time has the median speed.
    assert.ok(Math.abs(gflops.median * ms.median * 1e6 / (2 * nnz * 64) - 1) < 1e-9, kernel);
    if (blockSize === 1) assert.equal(overOne.median, 1);
    else assert.ok(overOne.median > 0);
  }
  const { head, rows } = blockTable(speeds);
  assert.equal(rows.length, speeds.speeds.length);
  assert.deepEqual(head.slice(0, 4), ["back end", "", "G", "weights"]);
  for (const row of rows) {
    assert.equal(row.length, head.length);
    assert.equal(row[7] === "", row[2] === "1", row.join(" "));
  }
});
