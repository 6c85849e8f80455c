/** What docs/methods.md says of distilled members beside its table. */
import assert from "node:assert/strict";
import { mean } from "../../../lib/statistics/mod.ts";
import { readPage } from "../markdown.ts";
import { distillationRuns, distillationTable, gainShare } from "./distillation_scores.ts";

Deno.test("a distilled member has the size of one member, and most of the ensemble's gain", () => {
  const runs = distillationRuns();
  assert.equal(runs.length, 30);
  for (const { dataset, scores: { member, ensemble, distilled } } of runs) {
    const size = distilled.weights / member.weights;
    assert.ok(size > 0.93 && size < 1.07, `${dataset}: ${size}`);
    assert.ok(ensemble.weights > 7 * distilled.weights);
  }
  const tables = [...new Set(runs.map(({ dataset }) => dataset))];
  assert.equal(tables.length, 6);
  const ofTable = (table: string) => runs.filter(({ dataset }) => dataset === table);
  const few = { accuracy: ["eye-movements"], logLoss: [] };
  for (const measure of ["accuracy", "logLoss"] as const) {
    assert.deepEqual(
      tables.filter((table) => gainShare(ofTable(table), measure) < 0.7),
      few[measure],
    );
    assert.ok(gainShare(runs, measure) >= 0.7);
  }
  const least = Math.min(...tables.map((table) => gainShare(ofTable(table), "logLoss")));
  const eyes = ofTable("eye-movements").map(({ scores: { member, ensemble } }) =>
    ensemble.accuracy - member.accuracy
  );
  const fresh = runs.filter(({ seed }) => seed > 3);
  assert.equal(fresh.length, 12);
  const page = readPage("docs/methods.md").replaceAll(/\s+/g, " ");
  // The one table of an earlier record that kept little.
  assert.doesNotMatch(page, /`gesture-phase`, keeps less/);
  for (
    const claim of [
      `keeps at least ${least.toFixed(2)} of the gain on every table`,
      `keeps ${gainShare(fresh, "accuracy").toFixed(2)} of the gain in accuracy and ` +
      `${gainShare(fresh, "logLoss").toFixed(2)} of that in log loss`,
      `where the ensemble gains ${(100 * mean(eyes)).toFixed(1)} points`,
    ]
  ) assert.ok(page.includes(claim), claim);
});

Deno.test("the interval of a share is that of data sets, whose runs depend on each other", () => {
  // By NumPy, of 20,000 samples of the six tables: 0.67 to 1.02, and 0.90 to 1.00. Of the 30 runs, as if
  // they were independent: 0.71 to 1.02, and 0.91 to 1.00.
  const expected = [[0.67, 1.02], [0.9, 1]];
  const cells = distillationTable().at(-1)!.slice(-2);
  cells.forEach((cell, c) => {
    const [low, high] = /\((.*) to (.*)\)/.exec(cell)!.slice(1).map(Number);
    assert.ok(Math.abs(low - expected[c][0]) < 0.02, cell);
    assert.ok(Math.abs(high - expected[c][1]) < 0.02, cell);
  });
});
