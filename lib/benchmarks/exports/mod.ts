/**
 * The study of exports: programs in C on a Cortex-M4, beside emlearn's and m2cgen's.
 *
 * @module
 */
export { ARM_PROGRAMS, type BinarySize, compileForM4, rowsFile, runOnM4 } from "./cortex_m4.ts";
export { exportsTable } from "./exports_table.ts";
export { withDensePeers } from "./dense_peers.ts";
export { withEqual } from "./equal_accuracy.ts";
export { keepIn, keepNothing } from "./kept_steps.ts";
export { withForest } from "./forest_peer.ts";
export { measureExports } from "./measure_table.ts";
export type { DenseNetwork, ExportMeasurement, Forest } from "./measurement.ts";
export type { OnM4 } from "./on_m4.ts";
