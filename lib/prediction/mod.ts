/**
 * Predictions of ensembles: mean probabilities, their calibration and scores, and members' diversity.
 *
 * @module
 */
export { ensembleTemperature, fitTemperature, withTemperature } from "./calibration.ts";
export {
  type PairMeasures,
  type PredictionDiversity,
  predictionDiversity,
  topologyOverlaps,
} from "./diversity.ts";
export { type LayerConnections, nnstd, type NnstdLayer } from "./nnstd.ts";
export {
  accuracyOf,
  ensembleOutputs,
  memberOutputs,
  mostProbable,
  type OpenEnsemble,
  openEnsemble,
} from "./prediction.ts";
export {
  LEAST_PROBABILITY,
  type ProbabilityScores,
  scoreProbabilities,
} from "./probability_scores.ts";
export { modelFeatures, rawFeatures, type RawRows } from "./raw_rows.ts";
export { type RegressionErrors, regressionErrors } from "./regression_errors.ts";
