/**
 * Tables larger than memory: rows in a file of blocks, preprocessing in one pass, training in windows.
 *
 * @module
 */
export {
  type BlockLayout,
  type BlockReader,
  type BlockWriter,
  fileDigest,
  openBlocks,
  type Targets,
  writeBlocks,
} from "./block_file.ts";
export { fitFile, type FitFileOptions } from "./fit_file.ts";
export { checkMemory, memoryBytes, type WindowPlan, windowPlan } from "./memory_plan.ts";
export { prepareStream, type StreamedTable, type StreamRequest } from "./prepare_stream.ts";
export {
  type QuantileSketch,
  quantileSketch,
  type Ranks,
  sketchError,
  type WeightedValue,
} from "./quantile_sketch.ts";
export { openStream, removeStream, streamDigest } from "./stored_stream.ts";
export { checkStreamSettings, streamSettings } from "./stream_settings.ts";
export { type StreamedProblem, streamedProblem } from "./streamed_problem.ts";
export { streamedTestRows } from "./test_rows.ts";
export { openStreamedRows, type StreamedLayout, type StreamedRows } from "./streamed_rows.ts";
