import {
  type Arena,
  type CompiledBackend,
  compiledKernels,
  type KernelName,
  type Kernels,
} from "../../kernels/mod.ts";
import { openNativeBackend } from "../../kernels/native/mod.ts";
import { wasmBackend, wasmMemory } from "../../kernels/wasm/mod.ts";
import { alignedArena } from "./aligned_arena.ts";

/** A back end that can be measured. */
export interface MeasuredBackEnd {
  /** Its short name. */
  readonly name: KernelName;
  /** The kernels. */
  readonly kernels: Kernels;
  /** The compiled code, where the yardstick is. */
  readonly compiled: CompiledBackend;
  /** Opens an arena that holds as much as the machine, where the back end can reach it. */
  readonly openLargeArena: () => Arena;
  /** The bytes such an arena can hold. */
  readonly reach: number;
}

/** The back ends of this machine, and why others are left out. */
export interface BackEnds {
  /** In the order they are reported. */
  readonly present: readonly MeasuredBackEnd[];
  /** Those that cannot be measured here. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

/** What a 32-bit address reaches, less some room. */
const WASM_REACH = 4e9;

/** Opens WebAssembly, and native code where it is built and may be loaded. */
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
