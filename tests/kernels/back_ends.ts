/**
 * The back ends that are compared with the reference. One tester, all back ends: a new one is added
 * here and nowhere else.
 *
 * @module
 */
import type { Arena } from "../../lib/kernels/arena.ts";
import { type CompiledBackend, compiledKernels } from "../../lib/kernels/compiled.ts";
import { chooseKernels } from "../../lib/kernels/choose.ts";
import type { Kernels } from "../../lib/kernels/kernels.ts";
import { NATIVE_BUILDS, openNativeLibrary } from "../../lib/kernels/native/native.ts";
import { nativeFile, nativeFolder } from "../../lib/kernels/native/native_builds.ts";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";

/** Back ends that stand in for the usual ones, in a program that tests others. */
let replacement: Kernels[] | null = null;

/** Makes `backEnds` answer others. */
export function replaceBackEnds(others: Kernels[]): void {
  replacement = others;
}

/**
 * WebAssembly always; every native build that this processor runs, where they have been built from
 * the present source and may be loaded.
 */
export function backEnds(): Kernels[] {
  return replacement ?? [wasmKernels(), ...nativeWhereThere()];
}

function nativeWhereThere(): Kernels[] {
  try {
    chooseKernels("native");
  } catch {
    return [];
  }
  const openArena = () => wasmMemory().openArena();
  return nativeBackEnds(nativeFolder()!, openArena).map(compiledKernels);
}

/** Every build in a folder that this processor runs. */
export function nativeBackEnds(folder: string, openArena: () => Arena): CompiledBackend[] {
  const { processorLevel } = openNativeLibrary(nativeFile(folder, "baseline"));
  return NATIVE_BUILDS.slice(0, processorLevel + 1).map((build) => ({
    name: "native",
    description: `native (${build})`,
    ...openNativeLibrary(nativeFile(folder, build)),
    openArena,
    workerStart: () => ({ wasm: null, library: nativeFile(folder, build) }),
  }));
}
