/**
 * The kernels: the only bulk arithmetic of the library, in WebAssembly, natively, or in plain TypeScript.
 *
 * `reference.ts` is the judge: every back end gives what it gives, within rounding.
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
  type CompiledName,
  type KernelArray,
} from "./compiled.ts";
export type { FloatArray } from "./float_array.ts";
export {
  activationIndex,
  type AdamStep,
  type DenseArrays,
  type Gate,
  type KernelName,
  type Kernels,
  PANEL,
  type PerWeight,
  type SgdStep,
  type SparseArrays,
  strideOf,
} from "./kernels.ts";
export { referenceKernels } from "./reference.ts";
export type { WorkerStart } from "./worker_start.ts";
export type { ThreadCounts } from "./threads/mod.ts";
export { wasmKernels } from "./wasm/mod.ts";
