/** What docs/methods.md says of distilled members beside its table. */
import assert from "node:assert/strict";
import { distillationRuns, gainShare } from "./distillation_scores.ts";

Deno.test("a distilled member has the size of one member, and most of the ensemble's gain", () => {
  const runs = distillationRuns();
  assert.equal(runs.length, 18);
  for (const { dataset, scores: { member, ensemble, distilled } } of runs) {
    const size = distilled.weights / member.weights;
    assert.ok(size > 0.95 && size < 1.05, `${dataset}: ${size}`);
    assert.ok(ensemble.weights > 7 * distilled.weights);
  }
  const tables = [...new Set(runs.map(({ dataset }) => dataset))];
  assert.equal(tables.length, 6);
  for (const measure of ["accuracy", "logLoss"] as const) {
    const few = tables.filter((table) =>
      gainShare(runs.filter(({ dataset }) => dataset === table), measure) < 0.7
    );
    assert.deepEqual(few, ["gesture-phase"], measure);
    assert.ok(gainShare(runs, measure) >= 0.7);
  }
});
