/**
 * Training one network: batches, learning rates, the schedule of an ensemble, evaluation.
 *
 * @module
 */
export { batchesPerEpoch, epochOrder, gatherBatch, type Rows } from "./batches.ts";
export { addOutputs, evaluate, type Evaluation } from "./evaluate.ts";
export { learningRateAt, type LearningRateCurve } from "./learning_rate.ts";
export {
  edstSchedule,
  endsMember,
  independentSchedule,
  memberSpan,
  type Phase,
  phaseAt,
  type Schedule,
  type ScheduleOptions,
  updatesTopology,
} from "./schedule.ts";
