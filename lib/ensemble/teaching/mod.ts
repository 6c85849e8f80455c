/**
 * Rows and lessons of the member in training: the rows that it draws, what it learns from them, and how
 * much each counts.
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
