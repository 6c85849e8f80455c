/**
 * The messages between a run and the workers that train its members.
 *
 * @module
 */
import type { WorkSeconds } from "../../counters/mod.ts";
import type { KernelName } from "../../kernels/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Schedule } from "../../training/mod.ts";
import type { Problem } from "../problem.ts";
import type { MemberPlace, PlacedEvent, SavedRun } from "../saved_run.ts";
import type { MemberPlan } from "../stage.ts";

/** Indices of the shared 32-bit words. With them a run reaches its workers while they train. */
export const Word = {
  /** The number of the last request for states. The run raises it. */
  ROUND: 0,
  /** The number of the request after which the workers must stop; 0 for none. */
  LAST_ROUND: 1,
} as const;

/** The first message to a worker. Its arrays lie in shared memory: no worker has a copy. */
export interface WorkerBeginning {
  readonly problem: Problem;
  readonly settings: Settings;
  readonly schedule: Schedule;
  readonly kernels: KernelName;
  /** See {@linkcode Word}. */
  readonly words: SharedArrayBuffer;
  /** `true` if operations are to be counted in hardware. */
  readonly counting: boolean;
}

/** The worker's answer: the counted event, or the reason why it cannot count; `null` without counting. */
export type WorkerReady = { readonly event: string } | { readonly unavailable: string } | null;

/** A member to be trained. */
export interface MemberTask {
  /** The member's number, counted from 0. */
  readonly member: number;
  /** Its rows and settings. */
  readonly plan: MemberPlan;
  /** The state from which it continues. Left out: the member begins. */
  readonly saved: SavedRun | undefined;
  /** Seconds of earlier work on the member. */
  readonly seconds: WorkSeconds;
  /** The last request that this member need not answer. */
  readonly round: number;
}

/** A part of a worker's report on its member. */
export type WorkItem =
  | { readonly kind: "event" } & PlacedEvent
  | {
    readonly kind: "state";
    readonly saved: SavedRun;
    readonly at: MemberPlace;
    readonly round: number;
  }
  /** The member is finished. */
  | { readonly kind: "end"; readonly saved: SavedRun; readonly at: MemberPlace }
  | { readonly kind: "failure"; readonly name: string; readonly message: string };

/** The parts of a report since the previous message, in order. */
export interface WorkMessage {
  /** The member's number. */
  readonly member: number;
  /** The parts. */
  readonly items: readonly WorkItem[];
}
