import { node } from "../../node.ts";

/** The path of `kernels.c`. */
export function kernelsC(): string {
  return node.url.fileURLToPath(new URL("../c/kernels.c", import.meta.url));
}

/** The text of `kernels.c`, with its included files inserted. */
export function kernelSource(): string {
  const { readFileSync } = node.fs;
  const path = kernelsC();
  return readFileSync(path, "utf8").replaceAll(
    /^#include "(.+)"$/gm,
    (_, name: string) => readFileSync(node.path.join(node.path.dirname(path), name), "utf8"),
  );
}
