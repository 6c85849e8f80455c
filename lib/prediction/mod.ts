/**
 * Predictions of ensembles: mean probabilities, their calibration and scores, and members' diversity.
 *
 * @module
 */
export * from "./assessment.ts";
export * from "./calibration.ts";
export {
  type ClassScores,
  classScores,
  confusionMatrix,
  type MeanClassScores,
  meanClassScores,
} from "./class_scores.ts";
export * from "./conformal.ts";
export * from "./diversity.ts";
export { drawPermutations, inputStrengths, permutationLosses } from "./importance.ts";
export { type LayerConnections, nnstd, type NnstdLayer } from "./nnstd.ts";
export * from "./prediction.ts";
export {
  LEAST_PROBABILITY,
  type ProbabilityScores,
  type ProbabilitySums,
  probabilitySums,
  scoreProbabilities,
} from "./probability_scores.ts";
export * from "./raw_rows.ts";
export * from "./regression_errors.ts";
export {
  type ReliabilityBin,
  reliabilityBins,
  type ReliabilitySums,
  reliabilitySums,
} from "./reliability.ts";
