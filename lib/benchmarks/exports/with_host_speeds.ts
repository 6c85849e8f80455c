import { isInstalled, shell } from "./cortex_m4.ts";
import { hostSpeeds } from "./host/mod.ts";
import type { ExportMeasurement } from "./measurement.ts";
import type { TableStudy } from "./table_study.ts";

/** The programs of which the study tells the version, with a line of shell that prints it. */
const VERSIONS: Readonly<Record<string, string>> = {
  cc: "cc -dumpfullversion",
  "arm-none-eabi-gcc": "arm-none-eabi-gcc -dumpfullversion",
  "avr-gcc": "avr-gcc -dumpfullversion",
  "qemu-system-arm": "qemu-system-arm --version | head -1",
  node: "node --version",
  ...Object.fromEntries(
    ["onnxruntime", "scikit-learn", "emlearn", "m2cgen"].map((name) => [
      name,
      `python3 -c 'from importlib.metadata import version; print(version("${name}"))'`,
    ]),
  ),
};

/** The versions of the programs that are installed. */
export function versionsOf(): Record<string, string> {
  const found: Record<string, string> = { deno: Deno.version.deno };
  for (const [name, line] of Object.entries(VERSIONS)) {
    try {
      found[name] = shell(line, ".").replace(/^\D*/, "").replace(/\s.*$/, "");
    } catch {
      // It is not installed.
    }
  }
  return found;
}

/**
 * Times all forms of the ensemble, and all programs and peers that were measured before, on this machine.
 *
 * @returns The measurement with the speeds, or unchanged if a program is not installed.
 */
export async function withHostSpeeds(
  table: TableStudy,
  measured: ExportMeasurement,
  rounds: number,
): Promise<ExportMeasurement> {
  if (!isInstalled("cc", "deno", "node") || versionsOf().onnxruntime === undefined) {
    table.tell("left out speeds on this machine (need cc, deno, node and onnxruntime)");
    return measured;
  }
  table.tell("speeds on this machine");
  const { model } = await table.teacher("training");
  const { test } = table.sets;
  const host = await hostSpeeds(model, test.features, test.columns, table.timed, rounds);
  return { ...measured, host };
}
