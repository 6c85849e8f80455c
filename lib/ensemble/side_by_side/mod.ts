/**
 * Independent members, trained side by side: each in a worker of its own.
 *
 * @module
 */
export { hasIndependentMembers, openMemberRun } from "./member_run.ts";
export type { MemberTask, WorkItem, WorkMessage } from "./messages.ts";
export { type MembersAtATime, type MemberWorkers, openMembersAtATime } from "./member_workers.ts";
export { type RunState, trainSideBySide } from "./train_side_by_side.ts";
export { sharedProblem, sharedRows } from "./shared_rows.ts";
