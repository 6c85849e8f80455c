/**
 * Programs in C, compiled by gcc without a warning, beside the library's own predictions and the reference
 * of the integer arithmetic: thousands of rows with missing values, unseen categories and extreme numbers.
 */
import assert from "node:assert/strict";
import { type Model, predictProba, predictValues } from "../../../mod.ts";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { type Kind, KINDS, modelOf, oddRows } from "../varied_models.ts";
import { runProgram } from "./compiled.ts";

const ROWS = 3000;

/** The library's answers, row by row: `null` where it refuses the row. */
function libraryAnswers(model: Model, rows: Float32Array): (Float32Array | null)[] {
  const columns = model.preprocessing.featureNames.length;
  const predict = model.targetScaling === undefined ? predictProba : predictValues;
  return Array.from({ length: rows.length / columns }, (_, row) => {
    try {
      return predict(model, rows.subarray(row * columns, (row + 1) * columns));
    } catch (error) {
      assert.ok(error instanceof RangeError);
      return null;
    }
  });
}

/** The largest difference of two answers: of probabilities, or of numbers as a share of their deviation. */
function difference(model: Model, a: Float32Array, b: Float32Array): number {
  const unit = model.targetScaling === undefined
    ? 1
    : Math.max(model.targetScaling.deviation, Math.abs(a[0]));
  return a.reduce((most, value, c) => Math.max(most, Math.abs(value - b[c]) / unit), 0);
}

function best(answer: Float32Array): number {
  return answer.indexOf(answer.reduce((most, value) => Math.max(most, value)));
}

for (const kind of Object.keys(KINDS) as Kind[]) {
  Deno.test(`a program answers as the library does: ${kind}`, async () => {
    const model = await modelOf(kind);
    const columns = model.preprocessing.featureNames.length;
    const width = Math.max(1, model.classes.length);
    const rows = oddRows(model, ROWS);
    const ours = libraryAnswers(model, rows);
    assert.ok(ours.some((answer) => answer === null) && ours.some((answer) => answer !== null));
    const plan = planModel(model);

    const { files, predict } = exportC(plan);
    const floats = runProgram(files, rows, width);
    ours.forEach((own, row) => {
      const answer = floats.answers.subarray(row * width, (row + 1) * width);
      assert.equal(own === null, floats.status[row] !== 0, `row ${row}`);
      if (own === null) return;
      assert.ok(difference(model, own, answer) < 1e-5, `row ${row}: ${own}, ${answer}`);
      if (row % 10 !== 0) return;
      const reference = predict(rows.subarray(row * columns, (row + 1) * columns));
      assert.ok(typeof reference !== "number" && difference(model, own, reference) < 1e-5);
    });

    for (const [weights, likeness] of [["int8", 0.985], ["int16", 0.99]] as const) {
      const { files, predict } = exportC(plan, { weights });
      const program = runProgram(files, rows, width);
      let [ordinary, alike] = [0, 0];
      ours.forEach((own, row) => {
        const answer = program.answers.subarray(row * width, (row + 1) * width);
        const raw = rows.subarray(row * columns, (row + 1) * columns);
        const reference = predict(raw);
        if (typeof reference === "number") return assert.equal(program.status[row], reference);
        assert.equal(program.status[row], 0);
        assert.deepEqual(answer, reference, `row ${row}`);
        // Every eighth row has extreme numbers, and these are held within bounds.
        if (own === null || row % 8 === 0) return;
        ordinary++;
        const isAlike = model.targetScaling === undefined
          ? best(own) === best(answer)
          : difference(model, own, answer) < 0.05;
        if (isAlike) alike++;
      });
      assert.ok(ordinary > 0.8 * ROWS);
      assert.ok(alike > likeness * ordinary, `${weights}: ${alike} of ${ordinary}`);
    }
  });
}
