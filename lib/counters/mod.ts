/**
 * Floating-point operations, counted by formulas and, with libpapi, by the processor.
 *
 * @module
 */
export { type CounterAccess, counterAdvice } from "./counter_advice.ts";
export {
  addFlops,
  backpropagationFlops,
  evaluationFlops,
  type FlopCount,
  type LayerSize,
  layerSizeOf,
  memberWeightingFlops,
  missingGradientFlops,
  noFlops,
  predictionFlops,
  strengthFlops,
  topologyFlops,
  totalFlops,
  trainingStepFlops,
} from "./flops.ts";
export {
  countHardware,
  type FlopMode,
  type HardwareCount,
  type HardwareCounter,
  noCount,
  NOT_ASKED,
} from "./hardware_count.ts";
export {
  FLOP_EVENTS,
  type HardwareFlops,
  type NoHardwareFlops,
  openHardwareFlops,
  WORKER_COUNTER,
} from "./hardware_flops.ts";
export {
  type EventSet,
  openPapi,
  type Papi,
  type PapiComponent,
  type PapiOptions,
} from "./papi.ts";
export { PapiError } from "./papi_library.ts";
export { processorSeconds } from "./processor_time.ts";
export { type EventCount, SELF_CHECK_TOLERANCE, type SelfCheck, selfCheck } from "./self_check.ts";
export {
  publishSoftwareEvent,
  type SoftwareEvent,
  type SoftwareEventOptions,
} from "./software_event.ts";
