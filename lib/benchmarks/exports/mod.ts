/**
 * The study of exports: programs in C on a Cortex-M4, beside emlearn's.
 *
 * @module
 */
export { ARM_PROGRAMS, type BinarySize, compileForM4, rowsFile, runOnM4 } from "./cortex_m4.ts";
export { exportsTable } from "./exports_table.ts";
export {
  type DenseNetwork,
  type ExportMeasurement,
  measureExports,
  type OnM4,
  withAlone,
  withDensePeers,
} from "./measure_table.ts";
