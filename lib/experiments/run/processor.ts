import { node } from "../../node.ts";

/**
 * The name that the processor gives itself; `undefined` if it gives none, or without `--allow-sys=cpus`.
 * It never asks for a permission. It names a kind of machine, not one machine.
 */
export function processorName(): string | undefined {
  if (Deno.permissions.querySync({ name: "sys", kind: "cpus" }).state !== "granted") {
    return undefined;
  }
  const name = node.os.cpus()[0]?.model.trim() ?? "";
  return name === "" ? undefined : name;
}
