/**
 * Dynamic sparse training from sparse to sparse: connections are replaced, and a network never has more
 * than the settings say.
 *
 * @module
 */
export * from "./cht.ts";
export * from "./chts.ts";
export * from "./deep_r.ts";
export * from "./dsr.ts";
export * from "./guided_exploration.ts";
export * from "./importance_pruning.ts";
export * from "./itop.ts";
export * from "./mest.ts";
export * from "./rigl.ts";
export * from "./set.ts";
export * from "./snfs.ts";
export * from "./srigl.ts";
