import {
  type Arena,
  type CompiledBackend,
  compiledKernels,
  type KernelName,
  type Kernels,
} from "../../kernels/mod.ts";
import { openNativeBackend, openNativeBuilds } from "../../kernels/native/mod.ts";
import { wasmBackend, wasmMemory } from "../../kernels/wasm/mod.ts";
import { alignedArena } from "./aligned_arena.ts";

/** A back end to measure. */
export interface MeasuredBackEnd {
  readonly name: KernelName;
  readonly kernels: Kernels;
  /** The compiled code. It has the function `stream` that measures the limits. */
  readonly compiled: CompiledBackend;
  /** Opens an arena with as much memory as the back end can reach. */
  readonly openLargeArena: () => Arena;
  /** The bytes in reach. */
  readonly reach: number;
}

/** The back ends of this machine. */
export interface BackEnds {
  /** The available back ends, in the order of reports. */
  readonly present: readonly MeasuredBackEnd[];
  /** Other back ends, with the reason why they are not available. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Opens WebAssembly and every native build that this processor runs, such as AVX2 as well as AVX-512. All
 * reach WebAssembly's memory.
 */
export function openEveryBuild({ present }: BackEnds): MeasuredBackEnd[] {
  const native = present.find(({ name }) => name === "native");
  if (native === undefined) return [...present];
  const builds = openNativeBuilds(() => wasmMemory().openArena());
  return [
    ...present.filter(({ name }) => name !== "native"),
    ...builds.map((compiled) => ({ ...native, compiled, kernels: compiledKernels(compiled) })),
  ];
}

/** A little less than a 32-bit address reaches. */
const WASM_REACH = 4e9;

/** Opens WebAssembly, and native code if it is built and may be loaded. */
export function openBackEnds(): BackEnds {
  const wasm = wasmBackend();
  const present: MeasuredBackEnd[] = [{
    name: "wasm",
    kernels: compiledKernels(wasm),
    compiled: wasm,
    openLargeArena: wasm.openArena,
    reach: WASM_REACH,
  }];
  try {
    const native = openNativeBackend(() => wasmMemory().openArena());
    present.push({
      name: "native",
      kernels: compiledKernels(native),
      compiled: native,
      openLargeArena: () => alignedArena(native.address),
      reach: Infinity,
    });
  } catch (error) {
    return { present, missing: [{ name: "native", reason: (error as Error).message }] };
  }
  return { present, missing: [] };
}
