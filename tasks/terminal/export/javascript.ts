import type { Model } from "../../../mod.ts";
import { exportJavaScript, foldPlan, planModel } from "../../../lib/exports/mod.ts";
import type { Exported, ExportOptions } from "./format.ts";

/** A model as an ES module. */
export function exportedJavaScript(
  model: Model,
  name: string,
  _options: ExportOptions,
  members: readonly number[] | undefined,
): Exported {
  const plan = planModel(model, members);
  const files = exportJavaScript(foldPlan(plan), { name });
  return { plan, files, remarks: [], facts: { bytes: files[0].content.length } };
}
