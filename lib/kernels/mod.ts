/**
 * The kernels: the bulk arithmetic of the library, in WebAssembly, native code, or plain TypeScript.
 *
 * Every back end gives the results of `reference.ts`, within rounding.
 *
 * @module
 */
export type { Arena } from "./arena.ts";
export {
  chooseKernels,
  type ChosenKernels,
  type KernelChoice,
  type OpenKernels,
  openKernels,
} from "./choose.ts";
export {
  type CompiledBackend,
  type CompiledFunctions,
  compiledKernels,
  type KernelArray,
} from "./compiled.ts";
export { type FloatArray, floatsLike } from "./float_array.ts";
export {
  activationIndex,
  type AdamStep,
  type BackwardKernel,
  type DenseArrays,
  type ForwardKernel,
  type Gate,
  type KernelName,
  type Kernels,
  type PerWeight,
  type SgdStep,
  type SparseArrays,
  strideOf,
} from "./kernels.ts";
export { referenceKernels } from "./reference.ts";
export * from "./native/mod.ts";
export * from "./threads/mod.ts";
export * from "./wasm/mod.ts";
export type { WorkerStart } from "./worker_start.ts";
