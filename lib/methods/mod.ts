/**
 * The methods of sparse training, one per file: which connections are pruned, and where new ones grow.
 *
 * @module
 */
export { type Setting, type SettingTable } from "../setting.ts";
export * from "./dense_to_sparse/mod.ts";
export * from "./ensembles/mod.ts";
export * from "./fixed/mod.ts";
export { type GrowthSettings, type StepSettings } from "./growth.ts";
export * from "./members.ts";
export * from "./method.ts";
export * from "./methods.ts";
export * from "./sparse_to_sparse/mod.ts";
