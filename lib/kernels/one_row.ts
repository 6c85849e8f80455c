import type { SparseArrays } from "./kernels.ts";

/** The number of output neurons of a block, which share their inputs. Layers without blocks have 1. */
export function blockOf(layer: SparseArrays & { readonly blockSize?: number | undefined }): number {
  return layer.blockSize ?? 1;
}
