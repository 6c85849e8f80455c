/**
 * The WebAssembly kernels, which run everywhere and need no permission.
 *
 * @module
 */
export { compileWasm, wasmBackend, wasmKernels, wasmMemory } from "./wasm.ts";
export type { WasmMemory } from "./wasm_memory.ts";
