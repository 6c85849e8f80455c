/**
 * The WebAssembly kernels, which run everywhere and need no permission.
 *
 * @module
 */
export * from "./wasm.ts";
export type { WasmMemory } from "./wasm_memory.ts";
