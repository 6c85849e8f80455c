/**
 * Kernel calls divided among threads. The number of threads does not change the result.
 *
 * @module
 */
export * from "./threads.ts";
