/**
 * One call of a kernel, divided among threads. Any number of them gives the same bytes.
 *
 * @module
 */
export { startThreads, type ThreadCounts } from "./threads.ts";
