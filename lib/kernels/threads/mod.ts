/**
 * Kernel calls divided among threads. The number of threads does not change the result.
 *
 * @module
 */
export { startThreads, type ThreadCounts, type ThreadedFunctions } from "./threads.ts";
