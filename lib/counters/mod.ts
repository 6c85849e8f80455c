/**
 * Floating-point operations, counted by formulas and, with libpapi, by the processor.
 *
 * @module
 */
export * from "./counter_advice.ts";
export * from "./flops.ts";
export * from "./hardware_count.ts";
export * from "./hardware_flops.ts";
export * from "./meters.ts";
export * from "./papi.ts";
export { PapiError } from "./papi_library.ts";
export * from "./processor_time.ts";
export * from "./self_check.ts";
export * from "./software_event.ts";
