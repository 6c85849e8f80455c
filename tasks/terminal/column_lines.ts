import {
  type ColumnSummary,
  type Preprocessing,
  type UnusualValues,
  unusualValues,
} from "../../lib/data/preprocessing/mod.ts";
import { printable, quoted } from "../../lib/messages.ts";

/** Lines about the categories and missing values of a training table. */
export function columnLines(preprocessing: Preprocessing, features: Float32Array): string[] {
  const { featureNames, categorical = [] } = preprocessing;
  const columns = categorical.map(({ column, categories, inputs, shared }) => {
    const inputsOf = `${inputs} inputs${shared ? ", one shared by rare categories" : ""}`;
    return `${printable(featureNames[column])} (${categories.length}, ${inputsOf})`;
  });
  const ofCategories = new Set(categorical.map(({ column }) => featureNames[column]));
  const unusual = unusualValues(preprocessing, features);
  const missing = countsOf(unusual.filter(({ column }) => !ofCategories.has(column)), "missing");
  const without = countsOf(unusual.filter(({ column }) => ofCategories.has(column)), "missing");
  return [
    ...columns.length === 0 ? [] : [`Categories: ${columns.join(", ")}`],
    ...missing === null
      ? []
      : [`Missing values: ${missing}; the median of the training rows takes their place`],
    ...without === null ? [] : [`Missing categories: ${without}; an input tells where`],
  ];
}

/** The most columns that are named one by one. */
const MOST_NAMED = 20;

/** Lines about the columns of a training table: of what kinds they are, and which say nothing. */
export function summaryLines(columns: readonly ColumnSummary[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, inputs } of columns) {
    const name = inputs === 0 ? "left out" : /categor/.test(kind) ? "categories" : kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kinds = Array.from(counts, ([kind, count]) => `${count} ${kind}`).join("; ");
  const odd = columns.filter(({ remark }) => remark !== "");
  const lines = odd.slice(0, MOST_NAMED).map(({ column, inputs, remark }) =>
    `Column ${quoted(column)}${inputs === 0 ? " is left out" : ""}: ${remark}`
  );
  const more = odd.length - lines.length;
  if (more > 0) lines.push(`${more} more columns of such kinds: deno task inspect lists them`);
  return [`Columns: ${kinds}`, ...lines];
}

/** Lines about missing values and unknown categories in rows to predict. */
export function unusualLines(preprocessing: Preprocessing, features: Float32Array): string[] {
  const unusual = unusualValues(preprocessing, features);
  const missing = countsOf(unusual, "missing");
  const unseen = countsOf(unusual, "unseen");
  return [
    ...missing === null ? [] : [`Missing values: ${missing}`],
    ...unseen === null ? [] : [`Categories that no training row had: ${unseen}`],
  ];
}

function countsOf(unusual: readonly UnusualValues[], kind: "missing" | "unseen"): string | null {
  const columns = unusual.filter((counts) => counts[kind] > 0);
  if (columns.length === 0) return null;
  const total = columns.reduce((sum, counts) => sum + counts[kind], 0);
  const shown = columns.slice(0, 20).map((counts) => `${printable(counts.column)} ${counts[kind]}`);
  const more = columns.length > 20 ? `, and ${columns.length - 20} more columns` : "";
  return `${total} (${shown.join(", ")}${more})`;
}
