import type { Model } from "../../../mod.ts";
import { exportOnnx, foldPlan, planModel } from "../../../lib/exports/mod.ts";
import { plural } from "../../../lib/messages.ts";
import type { Exported, ExportOptions } from "./format.ts";

/** A model as a graph of ONNX. */
export function exportedOnnx(
  model: Model,
  name: string,
  { layers = "auto" }: ExportOptions,
  members: readonly number[] | undefined,
): Exported {
  const plan = planModel(model, members);
  const files = exportOnnx(foldPlan(plan), { name, layers });
  const texts = plan.texts.length;
  const numbers = plan.columns.length - texts;
  return {
    plan,
    files,
    remarks: [
      `Inputs: ${plural(numbers, "column")} of numbers${
        texts > 0 ? `, ${plural(texts, "column")} of texts` : ""
      }, in the table's order`,
    ],
    facts: { layers, bytes: files[0].content.length },
  };
}
