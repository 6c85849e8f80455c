import type { ExportedFile } from "../exported_file.ts";
import type { ExportPlan } from "../plan.ts";

/** The options of {@linkcode exportC}. */
export interface ExportCOptions {
  /** The files' name before `.c` and `.h`. Left out: `model`. */
  readonly name?: string | undefined;
}

/** A model in C: the source and its header. */
export function exportC(plan: ExportPlan, options: ExportCOptions = {}): ExportedFile[] {
  const { name = "model" } = options;
  return [{ name: `${name}.c`, content: `/* ${plan.members.length} members */\n` }];
}
