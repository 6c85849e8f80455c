import { mean, standardDeviation } from "../statistics/mod.ts";

/** The cell of a missing run. */
export const NOT_RUN = "not run";

/** The text of a value; `nothing` if there is no value. */
export function textOr<Value>(
  nothing: string,
  value: Value | null | undefined,
  text: (value: Value) => string,
): string {
  return value === null || value === undefined ? nothing : text(value);
}

/** Mean ± standard deviation (count). A single value has no deviation. */
export function meanText(values: readonly number[], digits: number): string {
  if (values.length === 0) return NOT_RUN;
  const spread = values.length > 1 ? ` ± ${standardDeviation(values).toFixed(digits)}` : "";
  return `${mean(values).toFixed(digits)}${spread} (${values.length})`;
}

/** A mean with its deviation, if there is one; `nothing` if there is no mean. */
export function publishedText(
  value: number | null | undefined,
  deviation: number | null | undefined,
  digits = 1,
  nothing = "–",
): string {
  const spread = textOr("", deviation, (deviation) => ` ± ${deviation.toFixed(digits)}`);
  return textOr(nothing, value, (value) => value.toFixed(digits) + spread);
}

/** A number with its sign. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return `${Number(text) === 0 ? "±" : value < 0 ? "−" : "+"}${text}`;
}

/** Formats a multiple of the dense network. */
export function multiple(value: number): string {
  return `${value.toFixed(value < 0.1 ? 3 : 2)}x`;
}

/** A p-value. */
export function pText(value: number): string {
  return value < 0.001 ? value.toExponential(1) : value.toFixed(3);
}

/** The standard deviation, or `null` for fewer than two values. */
export function deviationOrNull(values: readonly number[]): number | null {
  return values.length > 1 ? standardDeviation(values) : null;
}

/** The mean, or `null` without values. */
export function meanOrNull(values: readonly number[]): number | null {
  return values.length > 0 ? mean(values) : null;
}
