/** The source of the compiled kernels: `kernels.c` with the files that it includes. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The path of `kernels.c`. */
export const KERNELS_C: string = fileURLToPath(
  new URL("../lib/kernels/kernels.c", import.meta.url),
);

/** The whole text, as the compiler reads it. */
export function kernelSource(): string {
  const folder = dirname(KERNELS_C);
  return readFileSync(KERNELS_C, "utf8").replaceAll(
    /^#include "(.+)"$/gm,
    (_, name: string) => readFileSync(join(folder, name), "utf8"),
  );
}
