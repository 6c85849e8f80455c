import type { Kernels } from "../kernels/mod.ts";
import { wasmMemory } from "../kernels/wasm/mod.ts";
import { peakMemory } from "./measuring/mod.ts";
import { openStep, PAPER_BATCH, PAPER_SIZES } from "./training_step.ts";

/** Memory in bytes. */
export interface MemoryUse {
  /** The peak of the process, including all earlier sections. */
  readonly peak: number;
  /** The kernel memory of the paper's networks in training. */
  readonly networks: readonly {
    /** ε, which controls the density; `null` for the dense network. */
    readonly epsilon: number | null;
    readonly weights: number;
    /** Bytes of weights, optimiser, transpose index and activations. */
    readonly bytes: number;
  }[];
}

/** Measures the paper's networks one after the other. */
export function memoryUse(kernels: Kernels): MemoryUse {
  const networks = [10, 20, 30, null].map((epsilon) => {
    const before = wasmMemory().used;
    using opened = openStep(kernels, PAPER_SIZES, epsilon, PAPER_BATCH);
    return { epsilon, weights: opened.weights, bytes: wasmMemory().used - before };
  });
  return { peak: peakMemory(), networks };
}
