import assert from "node:assert/strict";
import { logLogSlope } from "../../../lib/benchmarks/measuring/log_log_slope.ts";

Deno.test("logLogSlope finds the exponent of a power law", () => {
  for (const exponent of [0, 0.5, 1, 1.1, 2]) {
    const points = [1e4, 1e5, 3e6, 1e8].map((x) => ({ x, y: 7e-5 * x ** exponent }));
    assert.ok(Math.abs(logLogSlope(points) - exponent) < 1e-9);
  }
});

Deno.test("logLogSlope fits the least squares of the logarithms", () => {
  // numpy.polyfit(numpy.log([1, 10, 100]), numpy.log([2, 10, 300]), 1)[0] of NumPy 2.4
  const points = [{ x: 1, y: 2 }, { x: 10, y: 10 }, { x: 100, y: 300 }];
  assert.ok(Math.abs(logLogSlope(points) - 1.0880456295278407) < 1e-9);
});

Deno.test("logLogSlope refuses what has no slope", () => {
  assert.throws(() => logLogSlope([{ x: 5, y: 1 }, { x: 5, y: 2 }]), RangeError);
  assert.throws(() => logLogSlope([{ x: 1, y: 0 }, { x: 5, y: 2 }]), RangeError);
});
