import type { ComparisonScore } from "./comparison.ts";

/** A kind of score, and how it is printed. */
export interface ComparisonMeasure {
  /** Its name in a sentence, such as `"accuracy"`. */
  readonly name: string;
  /** Its name in a table of data. */
  readonly key: "accuracy" | "r2";
  /** The unit, with a space before it; empty if there is none. */
  readonly unit: string;
  /** The unit of differences. */
  readonly difference: string;
  /** The factor by which printed scores are multiplied. */
  readonly factor: number;
  /** Decimals. */
  readonly digits: number;
}

const ACCURACY: ComparisonMeasure = {
  name: "accuracy",
  key: "accuracy",
  unit: " %",
  difference: "points",
  factor: 100,
  digits: 2,
};

const R2: ComparisonMeasure = {
  name: "R²",
  key: "r2",
  unit: "",
  difference: "R²",
  factor: 1,
  digits: 4,
};

/**
 * The measure of some scores.
 *
 * @throws {RangeError} If some scores are for classes and others for numbers.
 */
export function measureOf(scores: readonly ComparisonScore[]): ComparisonMeasure {
  const numbers = scores.filter(({ task }) => task === "regression").length;
  if (numbers > 0 && numbers < scores.length) {
    throw new RangeError(
      `Cannot compare methods: found ${scores.length - numbers} accuracies and ${numbers} R², ` +
        `need one or the other`,
    );
  }
  return numbers > 0 ? R2 : ACCURACY;
}

/** A score as it is printed, without its unit. */
export function scoreText({ factor, digits }: ComparisonMeasure, score: number): string {
  return (factor * score).toFixed(digits);
}
