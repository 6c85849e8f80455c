/**
 * The kernels: the bulk arithmetic of the library, in WebAssembly, native code, or plain TypeScript.
 *
 * Every back end gives the results of `reference.ts`, within rounding.
 *
 * @module
 */
export type { Arena } from "./arena.ts";
export { checkConnections } from "./check_arguments.ts";
export * from "./choose.ts";
export * from "./compiled.ts";
export * from "./float_array.ts";
export {
  activationIndex,
  type AdamStep,
  type BackwardKernel,
  BLOCK_SIZES,
  type DenseArrays,
  type ForwardKernel,
  type Gate,
  type KernelName,
  type Kernels,
  type PerWeight,
  type RowKernel,
  type SgdStep,
  type SparseArrays,
  strideOf,
} from "./kernels.ts";
export * from "./reference.ts";
export type { WorkerStart } from "./worker_start.ts";
export type { ThreadCounts } from "./threads/mod.ts";
export { wasmKernels } from "./wasm/mod.ts";
