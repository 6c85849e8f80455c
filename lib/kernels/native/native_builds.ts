import { node } from "../../node.ts";
import type { Arena } from "../arena.ts";
import type { CompiledBackend } from "../compiled.ts";
import {
  NATIVE_BUILDS,
  type NativeBuild,
  type NativeLibrary,
  openNativeLibrary,
} from "./native.ts";

/**
 * The folder into which `deno task native` builds, next to the library's own files. `null` if the
 * library was imported from the network.
 */
export function nativeFolder(): string | null {
  const folder = new URL("../../../.cache/native", import.meta.url);
  return folder.protocol === "file:" ? node.url.fileURLToPath(folder) : null;
}

/** The file of a build. */
export function nativeFile(folder: string, build: NativeBuild): string {
  const ending = { darwin: "dylib", windows: "dll" }[Deno.build.os as string] ?? "so";
  return `${folder}/sparsemble-${build}.${ending}`;
}

/**
 * Opens the widest build that this processor runs.
 *
 * @throws {Error} If there is no build, it is stale or broken, or permission to load it is missing.
 */
export function openNativeBackend(openArena: () => Arena): CompiledBackend {
  const folder = nativeFolder();
  if (folder === null) {
    throw new Error(
      "Cannot use the native kernels: the library was imported from the network; " +
        "clone it to build them",
    );
  }
  if (globalThis.Deno === undefined) {
    throw new Error("Cannot use the native kernels: found no Deno, which alone loads them");
  }
  const path = nativeFile(folder, "baseline");
  const permission = Deno.permissions.querySync({ name: "ffi", path });
  if (permission.state !== "granted") {
    throw new Error(
      `Cannot use the native kernels: permission to load them is missing (--allow-ffi=${folder})`,
    );
  }
  let library: NativeLibrary;
  try {
    library = openNativeLibrary(path);
  } catch (cause) {
    if (!(cause as Error).message.startsWith("Cannot open")) throw cause;
    // The library is missing or broken. Both errors have the same remedy: build it.
    throw new Error(
      'Cannot use the native kernels: need "deno task native", once; they take a third to half ' +
        "of the time",
      { cause },
    );
  }
  const level = Math.min(library.processorLevel, NATIVE_BUILDS.length - 1);
  const build = NATIVE_BUILDS[level];
  const file = nativeFile(folder, build);
  return backendOf(build, file, level === 0 ? library : openNativeLibrary(file), openArena);
}

/**
 * Opens every build that this processor runs, the widest last.
 *
 * @throws {Error} If there is none, one is stale or broken, or permission to load it is missing.
 */
export function openNativeBuilds(openArena: () => Arena): CompiledBackend[] {
  const folder = nativeFolder()!;
  const { processorLevel } = openNativeLibrary(nativeFile(folder, "baseline"));
  return NATIVE_BUILDS.slice(0, processorLevel + 1).map((build) => {
    const file = nativeFile(folder, build);
    return backendOf(build, file, openNativeLibrary(file), openArena);
  });
}

function backendOf(
  build: NativeBuild,
  file: string,
  { functions, address }: NativeLibrary,
  openArena: () => Arena,
): CompiledBackend {
  return {
    name: "native",
    description: `native (${build})`,
    functions,
    address,
    openArena,
    workerStart: () => ({ wasm: null, library: file }),
  };
}
