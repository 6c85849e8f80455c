/**
 * Exports: a trained model as files that predict without this library.
 *
 * Every format begins with {@linkcode planModel}, which lowers a model to plain steps. The result is files
 * in memory. Nothing here trains, reads or writes.
 *
 * @module
 */
export {
  type CProgram,
  type CWeights,
  exportC,
  type ExportCOptions,
  fitC,
  type FittedC,
  WEIGHTS,
} from "./c/mod.ts";
export { type ExportCost, exportCost } from "./export_cost.ts";
export { exportJavaScript, type ExportJavaScriptOptions } from "./javascript/mod.ts";
export { exportOnnx, type ExportOnnxOptions, LAYER_FORMS, type LayerForm } from "./onnx/mod.ts";
export type { ExportedFile } from "./exported_file.ts";
export { planPredictor } from "./float_predictor.ts";
export { foldPlan } from "./folding.ts";
export { type QuantileKnots, quantileKnots } from "./inputs/mod.ts";
export type { IntegerWeights } from "./integer/mod.ts";
export { bestMembers } from "./best_members.ts";
export {
  type CategoryInputs,
  type ColumnScaling,
  type ExportPlan,
  type Folded,
  type MissingInput,
  type NumberInput,
  planModel,
  type PlannedActivation,
  type PlannedLayer,
  type PlannedMember,
  type PlannedOutput,
  type PlannedShape,
  type TextColumn,
} from "./plan.ts";
