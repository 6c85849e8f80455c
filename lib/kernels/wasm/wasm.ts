import { type CompiledBackend, type CompiledFunctions, compiledKernels } from "../compiled.ts";
import type { Kernels } from "../kernels.ts";
import { KERNELS_WASM } from "./kernels_wasm.ts";
import { withoutRelaxedSimd } from "./without_relaxed_simd.ts";
import { createWasmMemory, type WasmMemory } from "./wasm_memory.ts";

let memory: WasmMemory | undefined;
let instance: WebAssembly.Instance | undefined;
let hasRelaxedSimd = true;

/** The size of a stack, as in the build (`-z stack-size`). */
const STACK_BYTES = 65536;

/** The memory of the WebAssembly kernels and their arrays, created on first use. */
export function wasmMemory(): WasmMemory {
  wasmInstance();
  return memory!;
}

/** Compiles the kernels, without an instance of them. */
export function compileWasm(): WebAssembly.Module {
  return compiled().module;
}

/** Compiles the kernels as they are, or without relaxed SIMD where there is none. */
function compiled(): { module: WebAssembly.Module; hasRelaxedSimd: boolean } {
  const bytes = Uint8Array.from(atob(KERNELS_WASM), (byte) => byte.charCodeAt(0));
  try {
    return { module: new WebAssembly.Module(bytes), hasRelaxedSimd: true };
  } catch {
    return { module: new WebAssembly.Module(withoutRelaxedSimd(bytes)), hasRelaxedSimd: false };
  }
}

function wasmInstance(): WebAssembly.Instance {
  if (instance === undefined) {
    memory = createWasmMemory();
    const own = compiled();
    ({ hasRelaxedSimd } = own);
    instance = new WebAssembly.Instance(own.module, { env: { memory: memory.memory } });
    memory.setBase((instance.exports.__heap_base as WebAssembly.Global).value);
  }
  return instance;
}

/**
 * Opens the WebAssembly kernels. They run everywhere and need no permission.
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
  const { holds } = wasmMemory();
  return {
    name: "wasm",
    description: `WebAssembly (SIMD128${hasRelaxedSimd ? ", relaxed SIMD" : ""})`,
    functions: wasmInstance().exports as unknown as CompiledFunctions,
    address(array) {
      if (holds(array)) return array.byteOffset;
      throw new TypeError(
        "Cannot compute with WebAssembly kernels: found an array outside their memory, " +
          "need arrays from an arena (openArena)",
      );
    },
    openArena: () => wasmMemory().openArena(),
    workerStart(arena) {
      // A stack grows downwards from its end.
      const stack = arena.integers(STACK_BYTES / 4);
      const stackTop = stack.byteOffset + STACK_BYTES;
      return { wasm: { memory: wasmMemory().memory, stackTop }, library: null };
    },
  };
}
