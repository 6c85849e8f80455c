import assert from "node:assert/strict";
import { cosineSchedule, cubicSchedule } from "../../lib/topology/schedules.ts";

Deno.test("the schedules are those of RigL and of gradual magnitude pruning", () => {
  const rate = cosineSchedule({ from: 0.3, until: 0.8 });
  const density = cubicSchedule({ from: 1, to: 0.1, until: 0.8 });
  for (let step = 0; step <= 20; step++) {
    const progress = step / 20;
    const t = Math.min(progress, 0.8);
    // Evci et al., section 3: α / 2 (1 + cos(π t / T_end)).
    assert.ok(Math.abs(rate(progress) - 0.3 / 2 * (1 + Math.cos(Math.PI * t / 0.8))) < 1e-15);
    // Zhu and Gupta, equation 1, of the sparsity s from 0 to 0.9.
    const sparsity = 0.9 + (0 - 0.9) * (1 - t / 0.8) ** 3;
    assert.ok(Math.abs(density(progress) - (1 - sparsity)) < 1e-15);
  }
  assert.deepEqual([rate(0.8), rate(1), density(0.8), density(1)], [0, 0, 0.1, 0.1]);
});
