import { node } from "../../node.ts";

/** The source of the compiled kernels: `kernels.c` with the files that it includes. */

/** The path of `kernels.c`. */
export const KERNELS_C: string = node.url.fileURLToPath(
  new URL("../c/kernels.c", import.meta.url),
);

/** The whole text, as the compiler reads it. */
export function kernelSource(): string {
  const folder = node.path.dirname(KERNELS_C);
  return node.fs.readFileSync(KERNELS_C, "utf8").replaceAll(
    /^#include "(.+)"$/gm,
    (_, name: string) => node.fs.readFileSync(node.path.join(folder, name), "utf8"),
  );
}
