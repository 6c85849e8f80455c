/**
 * One network, trained by several workers on shares of its rows.
 *
 * @module
 */
export { averagedLayers } from "./averaged_layers.ts";
export { type OpenTeam, openTeam } from "./open_team.ts";
export { ownThread } from "./own_thread.ts";
export { retainValidUpdates } from "./retained_updates.ts";
export { type FolderState, folderTeam, type FolderWork, workInFolder } from "./shared_folder.ts";
export type { ApartEpoch, Team, WorkerBatch, WorkerGradient } from "./team.ts";
export { type TogetherOptions, trainTogether } from "./train_together.ts";
export { workerThreads } from "./worker_threads.ts";
