/**
 * Models in ONNX: one file for onnxruntime and other runtimes.
 *
 * @module
 */
export { exportOnnx, type ExportOnnxOptions } from "./export_onnx.ts";
export { LAYER_FORMS, type LayerForm } from "./layers.ts";
