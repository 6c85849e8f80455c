/**
 * Rows and lessons of the member in training: the rows that it draws, their targets and their weights.
 *
 * @module
 */
export { hasLessons, type MemberLesson, memberLesson, repulsionOf, rowOrder } from "./lesson.ts";
export { outputsOf } from "./member_outputs.ts";
export {
  balancedWeights,
  openRowWeights,
  type RowWeights,
  weightedBy,
  weightsAfter,
} from "./row_weights.ts";
