/**
 * Predictions of ensembles: mean probabilities, their calibration and scores, and members' diversity.
 *
 * @module
 */
export * from "./calibration.ts";
export * from "./conformal.ts";
export * from "./diversity.ts";
export { type LayerConnections, nnstd, type NnstdLayer } from "./nnstd.ts";
export * from "./prediction.ts";
export * from "./probability_scores.ts";
export * from "./raw_rows.ts";
export * from "./regression_errors.ts";
