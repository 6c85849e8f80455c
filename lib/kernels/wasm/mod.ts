/**
 * The kernels in WebAssembly, which run everywhere and need no permission.
 *
 * @module
 */
export { compileWasm, wasmBackend, wasmKernels, wasmMemory } from "./wasm.ts";
