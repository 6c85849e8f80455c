/** What docs/methods.md says of distilled members beside its table. */
import assert from "node:assert/strict";
import { distillationRuns, distillationTable, gainShare } from "./distillation_scores.ts";

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

Deno.test("the interval of a share is that of data sets, whose runs depend on each other", () => {
  // By NumPy, of 20,000 samples of the six tables: 0.54 to 1.05, and 0.66 to 0.97. Of the 18 runs, as if
  // they were independent: 0.55 to 0.99, and 0.67 to 0.91.
  const expected = [[0.54, 1.05], [0.66, 0.97]];
  const cells = distillationTable().at(-1)!.slice(-2);
  cells.forEach((cell, c) => {
    const [low, high] = /\((.*) to (.*)\)/.exec(cell)!.slice(1).map(Number);
    assert.ok(Math.abs(low - expected[c][0]) < 0.02, cell);
    assert.ok(Math.abs(high - expected[c][1]) < 0.02, cell);
  });
});
