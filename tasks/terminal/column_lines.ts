import {
  type Preprocessing,
  type UnusualValues,
  unusualValues,
} from "../../lib/data/preprocessing/mod.ts";
import { printable } from "../../lib/messages.ts";

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
