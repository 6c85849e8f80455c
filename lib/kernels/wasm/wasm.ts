import { type CompiledBackend, type CompiledFunctions, compiledKernels } from "../compiled.ts";
import type { Kernels } from "../kernels.ts";
import { KERNELS_WASM } from "./kernels_wasm.ts";
import { createWasmMemory, type WasmMemory } from "./wasm_memory.ts";

let memory: WasmMemory | undefined;
let instance: WebAssembly.Instance | undefined;

/** As the build sets it (`-z stack-size`). */
const STACK_BYTES = 65536;

/** The memory that the WebAssembly kernels and every array in it share; made on first use. */
export function wasmMemory(): WasmMemory {
  wasmInstance();
  return memory!;
}

/** The functions of `kernels.c` as WebAssembly; for benchmarks, which time them one by one. */
export function wasmFunctions(): CompiledFunctions {
  return wasmInstance().exports as unknown as CompiledFunctions;
}

/** The kernels, compiled but not instantiated. */
export function compileWasm(): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (byte) => byte.charCodeAt(0)));
}

function wasmInstance(): WebAssembly.Instance {
  if (instance === undefined) {
    memory = createWasmMemory();
    instance = new WebAssembly.Instance(compileWasm(), { env: { memory: memory.memory } });
    memory.setBase((instance.exports.__heap_base as WebAssembly.Global).value);
  }
  return instance;
}

/**
 * The WebAssembly kernels. They run everywhere and need no permission.
 *
 * @example Usage
 * ```ts
 * import { wasmKernels } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * using arena = wasmKernels().openArena();
 * assert.equal(arena.floats(3).length, 3);
 * ```
 */
export function wasmKernels(): Kernels {
  return compiledKernels(wasmBackend());
}

/** The WebAssembly back end. */
export function wasmBackend(): CompiledBackend {
  return {
    name: "wasm",
    description: "WebAssembly (SIMD128, relaxed SIMD)",
    functions: wasmFunctions(),
    address: (array) => array.byteOffset,
    openArena: () => wasmMemory().openArena(),
    workerStart(arena) {
      // A stack goes down from its end.
      const stack = arena.integers(STACK_BYTES / 4);
      const stackTop = stack.byteOffset + STACK_BYTES;
      return { wasm: { memory: wasmMemory().memory, stackTop }, library: null };
    },
  };
}
