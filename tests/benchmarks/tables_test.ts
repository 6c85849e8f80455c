import assert from "node:assert/strict";
import { digits, peerTable, stepTable } from "../../lib/benchmarks/tables.ts";
import { workFlops } from "../../lib/benchmarks/measuring/work_flops.ts";

const spread = (median: number) => ({
  least: median / 2,
  lower: median * 0.75,
  median,
  upper: median * 2,
});

/** Two million operations by our count, and perhaps three million by the hardware's. */
const flopsIn = (ms: number, hardware: number | null = null) =>
  workFlops({ forward: 2e6 }, {
    median: ms,
    hardware: hardware === null
      ? { hardware, event: null, reason: "no counter" }
      : { hardware, event: "PAPI_SP_OPS", reason: null },
  });

Deno.test("digits shows three significant ones", () => {
  const shown = [0, 0.00123456, 0.0123456, 0.5, 1, 9.996, 12.345, 123.4, 123456].map(digits);
  assert.deepEqual(shown, [
    "0",
    "0.00123",
    "0.0123",
    "0.500",
    "1.00",
    "10.00",
    "12.3",
    "123",
    "123456",
  ]);
});

Deno.test("stepTable holds every network against the dense one of its back end", () => {
  const { head, rows } = stepTable([
    {
      backEnd: "wasm",
      epsilon: null,
      weights: 2055000,
      ms: spread(40),
      flops: flopsIn(40),
      overDense: spread(1),
    },
    {
      backEnd: "wasm",
      epsilon: 20,
      weights: 106000,
      ms: spread(4),
      flops: flopsIn(4, 3e6),
      overDense: spread(10),
    },
  ]);
  assert.deepEqual(head.slice(6), ["FLOPs, counted", "FLOPs, hardware", "GFLOP/s"]);
  assert.deepEqual(rows, [
    ["wasm", "dense", "2055000", "40.0", "30.0 – 80.0", "", "2.000e+6", "none", "0.0500"],
    ["wasm", "ε = 20", "106000", "4.00", "3.00 – 8.00", "10.0", "2.000e+6", "3.000e+6", "0.500"],
  ]);
});

Deno.test("peerTable puts the same work together and names what is left out", () => {
  const { head, rows, notes } = peerTable({
    speeds: [
      { library: "wasm", work: "sparse forward", ms: spread(1), flops: flopsIn(1), ours: {} },
      { library: "wasm", work: "dense forward", ms: spread(9), flops: flopsIn(9), ours: {} },
      {
        library: "SciPy 1",
        work: "sparse forward",
        ms: spread(5),
        flops: flopsIn(5),
        ours: { wasm: spread(5) },
      },
    ],
    missing: [{ name: "PyTorch", reason: "No module named 'torch'" }],
  });
  assert.equal(head[4], "wasm is × as fast");
  assert.deepEqual(rows.map(([work, library, , , ratio]) => [work, library, ratio]), [
    ["dense forward", "wasm", ""],
    ["sparse forward", "wasm", ""],
    ["sparse forward", "SciPy 1", "5.00"],
  ]);
  assert.deepEqual(notes, ["Left out: PyTorch (No module named 'torch')"]);
});
