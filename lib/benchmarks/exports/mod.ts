/**
 * The study of exports: programs in C on a Cortex-M4 and on an AVR, beside emlearn's and m2cgen's, and every
 * form of an ensemble on the machine that measures, beside the same peers.
 *
 * @module
 */
export { ARM_PROGRAMS, type BinarySize, compileForM4, rowsFile, runOnM4 } from "./cortex_m4.ts";
export { avrTable, exportsTable } from "./exports_table.ts";
export { withDensePeers } from "./dense_peers.ts";
export { withEqual } from "./equal_accuracy.ts";
export { keepIn, keepNothing } from "./kept_steps.ts";
export { withForest } from "./forest_peer.ts";
export { measureExports } from "./measure_table.ts";
export type {
  DenseNetwork,
  ExportMeasurement,
  ExportStudy,
  Forest,
  OnBoards,
} from "./measurement.ts";
export { type OnAvr, onAvr } from "./on_avr.ts";
export type { OnM4 } from "./on_m4.ts";
export { openTable, type TableStudy } from "./table_study.ts";
export { versionsOf, withHostSpeeds } from "./with_host_speeds.ts";
