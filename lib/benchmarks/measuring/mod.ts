/**
 * Measuring: timers, counted work, the machine.
 *
 * @module
 */
export { type BackEnds, type MeasuredBackEnd, openBackEnds } from "./back_ends.ts";
export { logLogSlope } from "./log_log_slope.ts";
export { type Cache, describeMachine, type Machine, machineLine, peakMemory } from "./machine.ts";
export {
  measure,
  type Measurement,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  speedUp,
} from "./measure.ts";
export {
  fillRandom,
  openSquareDenseLayer,
  openSquareLayer,
  type SquareDenseLayer,
  type SquareLayer,
  squareLayerBytes,
  squarePattern,
} from "./square_layer.ts";
export {
  addTimesSince,
  type KernelFunction,
  type KernelTime,
  noTimes,
  timeKernels,
} from "./timed_kernels.ts";
export { type PassFlops, passFlops, type WorkFlops, workFlops } from "./work_flops.ts";
