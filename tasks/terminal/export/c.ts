import type { Model } from "../../../mod.ts";
import { exportC, fitC, planModel } from "../../../lib/exports/mod.ts";
import type { Exported, ExportOptions } from "./format.ts";

/** A model as a program in C. */
export function exportedC(
  model: Model,
  name: string,
  { weights, prefix, quantileError, targetSize, sketch }: ExportOptions,
  members: readonly number[] | undefined,
): Exported {
  const options = { name, prefix, weights, quantileError, sketch };
  const fitted = targetSize === undefined ? null : fitC(model, targetSize, options);
  const plan = fitted?.plan ?? planModel(model, members);
  const own = fitted?.options ?? options;
  const program = fitted?.program ?? exportC(plan, options);
  const type = own.weights ?? "float32";
  const isSame = type === "float32" && (own.quantileError ?? 0) === 0 &&
    plan.members.length === model.members.length;
  const { files, tableBytes, flashBytes, bufferBytes, predict } = program;
  return {
    plan,
    files,
    remarks: [
      `Weights: ${type}${isSame ? ", with the model's answers to rounding" : ""}`,
      `Constants: ${tableBytes} bytes; with code, at most ${flashBytes} of flash on a Cortex-M4`,
      `Buffers: ${bufferBytes} bytes of RAM, beside the stack`,
    ],
    facts: { weights: type, tableBytes, flashBytes, bufferBytes },
    predict: isSame ? undefined : predict,
  };
}
