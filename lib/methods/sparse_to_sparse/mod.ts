/**
 * Dynamic sparse training from sparse to sparse: connections are replaced, and a network never has more
 * than the settings say.
 *
 * @module
 */
export * from "./deep_r.ts";
export * from "./guided_exploration.ts";
export * from "./mest.ts";
export * from "./rigl.ts";
export * from "./set.ts";
export * from "./snfs.ts";
