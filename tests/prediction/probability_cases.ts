/** Probabilities with what scikit-learn and SciPy say of them. */
import { readJsonFile } from "../files.ts";

/** Rows of probabilities, and what they are worth. */
export interface ProbabilityCase {
  readonly classes: number;
  readonly labels: number[];
  readonly probabilities: number[];
  readonly logLoss: number;
  readonly brier: number;
  readonly calibrationError: number;
  /** The temperature with the least cross-entropy to Platt's targets, and the log loss with it. */
  readonly temperature: number;
  readonly scaledLogLoss: number;
  /** The first three rows at a temperature of 0.7. */
  readonly scaled: number[];
}

/** The cases of `make_probability_scores.py`. */
export const PROBABILITY_CASES: readonly ProbabilityCase[] = readJsonFile(
  new URL("fixtures/probability_scores.json", import.meta.url),
);
