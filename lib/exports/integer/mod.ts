/**
 * Integer weights and the integer arithmetic of exported programs, with its reference.
 *
 * @module
 */
export { LOGARITHMS, POWERS, SINES } from "./fixed_point.ts";
export {
  inverseTemperature,
  LOG2E,
  predictIntegers,
  slopeFactor,
  spareBits,
} from "./integer_predictor.ts";
export {
  type IntegerLayer,
  type IntegerMember,
  type IntegerPlan,
  INTEGERS,
  type IntegerWeights,
  quantizePlan,
} from "./quantize.ts";
