/**
 * Tables and figures that compare a model's predictions with the truth, for reports and terminals.
 *
 * @module
 */
import { quoted } from "../../messages.ts";
import { confusionFigure, predictionFigure, reliabilityFigure } from "../../plots/mod.ts";
import type { ClassAssessment, NumberAssessment } from "../../prediction/mod.ts";
import { type ReportBlock, type Table, tableOf } from "../../reports/mod.ts";
import { countOf, numberText, rowsText } from "./run_labels.ts";

/** The largest number of classes of a drawn matrix. */
const MOST_DRAWN = 40;

/** A sentence on the baseline: predictions without any feature. */
export function baselineSentence(
  { baseline }: ClassAssessment | NumberAssessment,
): string {
  if ("class" in baseline) {
    return `Baseline: always ${quoted(baseline.class)}, the most frequent class of these rows: ${
      percentText(baseline.accuracy)
    } % right`;
  }
  const { rmse, mae } = baseline;
  return `Baseline: always the training rows' mean: RMSE ${numberText(rmse)}, MAE ${
    numberText(mae)
  }`;
}

/** A table with one row per class, and one for the means. */
export function classTable({ classes, byClass, mean, weighted }: ClassAssessment): Table {
  const own = byClass.map((scores, c) => ({ name: classes[c], ...scores }));
  const all = byClass.reduce((sum, { rows }) => sum + rows, 0);
  return tableOf([...own, { name: "mean of the classes", rows: all, ...mean }], [
    ["class", ({ name }) => name],
    [rowsTitle(weighted), ({ rows }) => rowsText(rows)],
    ["precision (%)", ({ precision }) => percentText(precision)],
    ["recall (%)", ({ recall }) => percentText(recall)],
    ["F1 (%)", ({ f1 }) => percentText(f1)],
  ]);
}

/** The title of the column that counts rows. */
function rowsTitle(weighted: true | undefined): string {
  return weighted ? "weight" : "rows";
}

/** The counts of a confusion matrix: rows are true classes, columns predicted ones. */
export function confusionTable({ classes, confusion }: ClassAssessment): Table {
  return {
    columns: ["true \\ predicted", ...classes],
    rows: confusion.map((own, c) => [classes[c], ...own.map(rowsText)]),
  };
}

/** The most frequent pairs of a true class and a wrong predicted class. */
export function frequentConfusions(
  { classes, confusion, weighted }: ClassAssessment,
  most: number,
): Table {
  const pairs = confusion.flatMap((own, c) => {
    const rows = own.reduce((sum, count) => sum + count, 0);
    return own.flatMap((count, predicted) =>
      count === 0 || predicted === c ? [] : [{ c, predicted, count, share: count / rows }]
    );
  }).sort((a, b) => b.count - a.count).slice(0, most);
  return tableOf(pairs, [
    ["true class", ({ c }) => classes[c]],
    ["predicted class", ({ predicted }) => classes[predicted]],
    [rowsTitle(weighted), ({ count }) => rowsText(count)],
    ["of the class (%)", ({ share }) => percentText(share)],
  ]);
}

/** The quantiles of the residuals. They ignore weights of rows. */
export function residualTable({ residuals, weighted }: NumberAssessment): Table {
  const nameOf = (share: number) =>
    share === 0 ? "least" : share === 1 ? "greatest" : `${percentText(share, 0)} % below`;
  return tableOf(residuals, [
    ["residual (true less predicted)", ({ share }) => nameOf(share)],
    [weighted ? "value (rows not weighted)" : "value", ({ residual }) => numberText(residual)],
  ]);
}

/** The pieces of a report's section on the test rows. */
export function assessmentBlocks(
  assessment: ClassAssessment | NumberAssessment,
  target: string,
): ReportBlock[] {
  const note = assessment.weighted ? " Rows are weighted." : "";
  const text = { kind: "text", text: `${baselineSentence(assessment)}.${note}` } as const;
  return "confusion" in assessment
    ? [text, ...classBlocks(assessment)]
    : [text, ...numberBlocks(assessment, target)];
}

function classBlocks(assessment: ClassAssessment): ReportBlock[] {
  const { classes, confusion, reliability, weighted } = assessment;
  const confused = frequentConfusions(assessment, 5);
  const caption =
    `Mean probability of the predicted class and share of rows predicted right, in bins${
      weighted ? ", rows weighted" : "; bars are Wilson's 95 % intervals"
    }. Below the dashed line, probabilities promise too much.`;
  const drawn: ReportBlock[] = classes.length === 0 || classes.length > MOST_DRAWN
    ? []
    : [{ kind: "figure", spec: confusionFigure(classes, confusion) }];
  const pairs: ReportBlock[] = confused.rows.length === 0 || classes.length <= 2 ? [] : [{
    kind: "table",
    table: { caption: "The most frequent confusions", ...confused },
  }];
  const diagram: ReportBlock[] = reliability.length === 0
    ? []
    : [{ kind: "figure", spec: reliabilityFigure(reliability), caption }];
  return [{ kind: "table", table: classTable(assessment) }, ...drawn, ...pairs, ...diagram];
}

function numberBlocks(assessment: NumberAssessment, target: string): ReportBlock[] {
  const { sample } = assessment;
  const table: ReportBlock = { kind: "table", table: residualTable(assessment) };
  if (sample.length === 0) return [table];
  const spec = predictionFigure(sample, { quantity: target });
  const caption = `${
    countOf(sample.length)
  } of the test rows. Perfect predictions lie on the dashed lines.`;
  return [table, { kind: "figure", spec, caption }];
}

function percentText(share: number, digits?: number): string;
function percentText(share: number | null, digits?: number): string | null;
function percentText(share: number | null, digits = 1): string | null {
  return share === null ? null : (100 * share).toFixed(digits);
}
