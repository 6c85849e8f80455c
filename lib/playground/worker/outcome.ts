/**
 * The outcome of training: the score on the test rows, and the rows that can be tried.
 *
 * @module
 */
import { droppedColumns } from "../../data/preprocessing/mod.ts";
import type { Dataset } from "../../data/table/mod.ts";
import { type Model, predictValues, scoreMembers, scoreRegression } from "../../model/mod.ts";
import { quantile } from "../../statistics/mod.ts";
import type { Cell, Score, TestRow, TriedColumn } from "../messages.ts";

/** The largest number of points of a figure, and of rows to try. */
const [MOST_POINTS, MOST_ROWS] = [600, 200];

/** The score of an ensemble on the test rows. */
export function scoreOn(model: Model, test: Dataset): Score {
  if (model.targetScaling === undefined) {
    const { accuracy, logLoss, members, assessment } = scoreMembers(model, test);
    const { interval, baseline, classes, confusion } = assessment;
    return {
      kind: "classes",
      ...{ accuracy, interval, baseline, logLoss, members, classes, confusion },
    };
  }
  const { r2, rmse, mae, assessment } = scoreRegression(model, test);
  const predicted = predictValues(model, rowsOf(model, test).map(({ cells }) => cells));
  return {
    kind: "numbers",
    ...{ r2, rmse, mae, baseline: assessment.baseline.rmse },
    points: Array.from(
      predicted.subarray(0, MOST_POINTS),
      (value, row) => ({ truth: test.targets![row], predicted: value }),
    ),
  };
}

/** Some of the test rows, in the form that the model takes. */
export function testRows(model: Model, test: Dataset): TestRow[] {
  return rowsOf(model, test).slice(0, MOST_ROWS);
}

function rowsOf({ targetScaling, classes }: Model, test: Dataset): TestRow[] {
  const count = Math.min(test.rows, Math.max(MOST_POINTS, MOST_ROWS));
  return Array.from({ length: count }, (_, row) => ({
    cells: test.featureNames.map((_, column) => cellOf(test, row, column)),
    truth: targetScaling === undefined ? classes[test.labels[row]] : test.targets![row],
  }));
}

function cellOf({ features, columns, categories }: Dataset, row: number, column: number): Cell {
  const value = features[row * columns + column];
  if (Number.isNaN(value)) return null;
  const own = categories?.[column] ?? null;
  return own === null ? value : own[value] ?? null;
}

/** The columns as controls; `null` for one that the model does not use. */
export function triedColumns(
  { preprocessing }: Model,
  { features, rows, columns, featureNames, categories, notations }: Dataset,
): (TriedColumn | null)[] {
  const unused = new Set(droppedColumns(preprocessing));
  return featureNames.map((name, column) => {
    if (unused.has(name)) return null;
    const own = categories?.[column] ?? null;
    if (own !== null) return { kind: "categories", name, categories: own };
    const values: number[] = [];
    for (let row = 0; row < rows; row++) {
      const value = features[row * columns + column];
      if (!Number.isNaN(value)) values.push(value);
    }
    return {
      kind: "number",
      name,
      least: values.reduce((least, value) => Math.min(least, value), Infinity),
      most: values.reduce((most, value) => Math.max(most, value), -Infinity),
      median: quantile(values, 0.5),
      isWhole: values.every(Number.isInteger),
      notation: notations?.[column] ?? null,
    };
  });
}
