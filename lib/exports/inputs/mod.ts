/**
 * The steps from a raw row to a network's inputs, as in an exported program.
 *
 * @module
 */
export { roundToEven } from "./float32.ts";
export {
  type InputSteps,
  inputSteps,
  linearly,
  type NumberStep,
  rowInputs,
  type ScalingStep,
} from "./input_steps.ts";
export { LEAST_ERROR, type QuantileKnots, quantileKnots, SCORE_UNITS } from "./quantile_knots.ts";
