/**
 * Measuring: timers, counted work, the machine.
 *
 * @module
 */
export * from "./back_ends.ts";
export * from "./log_log_slope.ts";
export { type Cache, describeMachine, type Machine, machineLine, peakMemory } from "./machine.ts";
export * from "./measure.ts";
export * from "./square_layer.ts";
export { addTimesSince, type KernelTimes, noTimes, timeKernels } from "./timed_kernels.ts";
export { type PassFlops, passFlops, type WorkFlops, workFlops } from "./work_flops.ts";
