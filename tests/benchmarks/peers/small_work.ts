import { compiledKernels } from "../../../lib/kernels/mod.ts";
import { wasmBackend } from "../../../lib/kernels/wasm/mod.ts";

export const kernels = compiledKernels(wasmBackend());

/** Small work of every kind. */
export const SMALL = { neurons: 64, epsilon: 4, batch: 48, layers: [5, 24, 32, 16, 3] };
