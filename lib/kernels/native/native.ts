/**
 * The native kernels: `kernels.c` compiled by the machine's C compiler and called through Deno's foreign
 * function interface. They use the same memory as the WebAssembly kernels.
 *
 * @module
 */
import type { CompiledFunctions, KernelArray } from "../compiled.ts";
import { SOURCE_DIGEST } from "./source_digest.ts";

type NativeType = "i32" | "u32" | "f32" | "usize";

/** Addresses are passed as numbers (`usize`), which is fast. They are below 2⁵³. */
function signature(letters: string): { parameters: NativeType[]; result: "void" } {
  const types: Record<string, NativeType> = { i: "i32", u: "u32", f: "f32", p: "usize" };
  return { parameters: [...letters].map((letter) => types[letter]), result: "void" };
}

/** The functions of `kernels.c`: i and u are integers, f floats, p addresses. */
export const SYMBOLS = {
  sparse_forward: signature("iiiiipppppppfuu"),
  sparse_backward: signature("iiiiipppppppp"),
  sparse_gradient: signature("iiiiifpppppp"),
  sparse_gradient_sgd: signature("iiiiifppppppppppffff"),
  block_forward: signature("iiiiiipppppppfuu"),
  block_backward: signature("iiiiiipppppp"),
  block_gradient: signature("iiiiiifpppppp"),
  block_gradient_sgd: signature("iiiiiifppppppppppffff"),
  dense_forward: signature("iiiiipppppfuu"),
  dense_backward: signature("iiiiipppp"),
  dense_gradient: signature("iiiiiifpppp"),
  transpose: signature("iiipp"),
  sparse_row: signature("iiippppppf"),
  dense_row: signature("iiippppf"),
  sine: signature("iiiipp"),
  sgd_update: signature("iipppffff"),
  adam_update: signature("iippppfffffff"),
  softmax: signature("iiipp"),
  softmax_cross_entropy: signature("iiippfppp"),
  stream: signature("iiiiippp"),
  source_digest: { parameters: [], result: "f64" },
  address_of: { parameters: ["buffer"], result: "usize" },
  processor_level: { parameters: [], result: "i32" },
} as const;

/** The builds of the native library, by vector width. Every processor runs the first. */
export const NATIVE_BUILDS = ["baseline", "avx2", "avx512"] as const;

/** The name of a build. */
export type NativeBuild = typeof NATIVE_BUILDS[number];

/** An open native library. */
export interface NativeLibrary {
  /** The functions of the library. */
  readonly functions: CompiledFunctions;
  /** Returns the address of an array's first element. */
  readonly address: (array: KernelArray) => number;
  /** The widest build that this processor runs: an index into `NATIVE_BUILDS`. */
  readonly processorLevel: number;
}

/**
 * Opens a native library. Needs permission to load it.
 *
 * @throws {Error} If the library cannot be loaded, or was built from another version of `kernels.c`.
 */
export function openNativeLibrary(path: string): NativeLibrary {
  let symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  try {
    ({ symbols } = Deno.dlopen(path, SYMBOLS));
  } catch (cause) {
    throw new Error(`Cannot open the native kernels "${path}": ${(cause as Error).message}`, {
      cause,
    });
  }
  const digest = parseInt(SOURCE_DIGEST.slice(0, 12), 16);
  if (symbols.source_digest() !== digest) {
    throw new Error(
      `Cannot use the native kernels "${path}": they were built from another version of the ` +
        `source; "deno task native" builds them anew`,
    );
  }
  /** The address of every array seen. It never changes: a growing memory gets a new buffer. */
  const addresses = new WeakMap<KernelArray, number>();
  const address = (array: KernelArray): number => {
    let place = addresses.get(array);
    if (place === undefined) {
      const bytes = new Uint8Array(array.buffer as ArrayBuffer);
      place = Number(symbols.address_of(bytes)) + array.byteOffset;
      addresses.set(array, place);
    }
    return place;
  };
  return {
    functions: symbols as unknown as CompiledFunctions,
    address,
    processorLevel: symbols.processor_level(),
  };
}
