/**
 * Exports: a trained model as files that predict without this library.
 *
 * Every format begins with {@linkcode planModel}, which lowers a model to plain steps, and gives files in
 * memory. Nothing here trains, reads or writes.
 *
 * @module
 */
export { type CProgram, type CWeights, exportC, type ExportCOptions, WEIGHTS } from "./c/mod.ts";
export { exportJavaScript, type ExportJavaScriptOptions } from "./javascript/mod.ts";
export { exportOnnx, type ExportOnnxOptions, type LayerForm } from "./onnx/mod.ts";
export type { ExportedFile } from "./exported_file.ts";
export { foldPlan } from "./folding.ts";
export {
  type InputSteps,
  inputSteps,
  type NumberStep,
  type QuantileKnots,
  quantileKnots,
  type ScalingStep,
} from "./inputs/mod.ts";
export {
  type IntegerLayer,
  type IntegerMember,
  type IntegerPlan,
  type IntegerWeights,
  predictIntegers,
  quantizePlan,
} from "./integer/mod.ts";
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
} from "./plan.ts";
