import type { ColumnImportance, Importance } from "../../model/mod.ts";
import { type FigureSpec, importanceFigure } from "../../plots/mod.ts";
import { type Report, type Table, tableOf } from "../../reports/mod.ts";
import { countOf, numberText } from "./run_labels.ts";

/** The largest number of bars in the figure. */
const MOST_BARS = 40;

/** Sorts the columns by the loss of score without them, the most important first. */
export function byImportance({ columns }: Importance): ColumnImportance[] {
  return columns.toSorted((a, b) => b.loss - a.loss || b.strength - a.strength);
}

/** The name of the lost score, with its unit. */
function lossTitle({ measure }: Importance): string {
  return measure === "accuracy" ? "loss of accuracy (points)" : "loss of R²";
}

/** A loss in the unit of {@linkcode lossTitle}. */
function lossText({ measure }: Importance, loss: number): string {
  const text = measure === "accuracy" ? (100 * loss).toFixed(1) : loss.toFixed(3);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** A table of importance, the most important columns first. */
export function importanceTable(importance: Importance, most: number = Infinity): Table {
  return tableOf(byImportance(importance).slice(0, most), [
    ["column", ({ column }) => column],
    [
      importance.measure === "accuracy" ? "loss (points)" : "loss of R²",
      ({ loss }) => lossText(importance, loss),
    ],
    [
      "95 % interval",
      ({ low, high }) => `${lossText(importance, low)} to ${lossText(importance, high)}`,
    ],
    [
      "strength (%)",
      ({ strength, inputs }) => inputs === 0 ? "not used" : (100 * strength).toFixed(1),
    ],
  ]);
}

/**
 * The most important columns as a figure: the losses in percentage points of accuracy, or in R².
 *
 * @param most The number of columns to draw. Left out: 40.
 *
 * @example Usage
 * ```ts
 * import { importanceBars } from "@sparsemble/sparsemble/experiments";
 * import { renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const hue = { loss: 0.3, low: 0.25, high: 0.35, losses: [0.3], strength: 1, inputs: 1 };
 * const columns = [{ column: "hue", ...hue }];
 * const found = { measure: "accuracy", score: 0.9, rows: 100, repeats: 10, columns } as const;
 * assert.match(await renderSvg(importanceBars(found)), />hue</);
 * ```
 */
export function importanceBars(importance: Importance, most: number = MOST_BARS): FigureSpec {
  const scale = importance.measure === "accuracy" ? 100 : 1;
  const bars = byImportance(importance).slice(0, most).map((
    { column, loss, low, high, strength },
  ) => ({
    column,
    drop: scale * loss,
    low: scale * low,
    high: scale * high,
    strength,
  }));
  return importanceFigure(bars, { quantity: lossTitle(importance) });
}

/** The meaning of the numbers in the table. */
export function importanceSentences(
  { measure, score, rows, repeats, weighted }: Importance,
): string {
  const whole = measure === "accuracy"
    ? `Accuracy ${(100 * score).toFixed(1)} %`
    : `R² ${numberText(score)}`;
  return `${whole} on ${countOf(rows)}${
    weighted ? " weighted" : ""
  } rows. Loss: of ${repeats} permutations of the column, the ` +
    "mean with its 95 % interval. Strength: the column's share of the |w| of all connections that " +
    "leave input neurons.";
}

/** The importance of a model's columns as a document. */
export function importanceReport(importance: Importance, title: string): Report {
  const drawn = importance.columns.length === 0
    ? []
    : [{ kind: "figure", spec: importanceBars(importance) } as const];
  return {
    title,
    lead: importanceSentences(importance),
    sections: [{
      title: "Columns",
      blocks: [...drawn, { kind: "table", table: importanceTable(importance) }],
    }],
  };
}
