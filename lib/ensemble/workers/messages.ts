/**
 * The messages between a master and the threads of its workers.
 *
 * @module
 */
import type { KernelName } from "../../kernels/mod.ts";
import type { StoredLayer } from "../../nn/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Schedule } from "../../training/mod.ts";
import type { Problem } from "../problem.ts";
import type { MemberPlan } from "../stage.ts";
import type { ApartEpoch, WorkerBatch } from "./team.ts";
import type { ApartTask } from "./train_apart.ts";

/** The first message to a thread. The rows are in shared memory, so no thread has a copy. */
export interface TeamBeginning {
  readonly kind: "begin";
  readonly problem: Problem;
  readonly settings: Settings;
  readonly schedule: Schedule;
  readonly kernels: KernelName;
}

/** The plan of a member without its rows. These are either the problem's training part or all rows. */
export interface KnownPlan extends Pick<MemberPlan, "memberSettings" | "trialScores"> {
  /** `true` if the member also learns from the held-out rows. */
  readonly learnsAll: boolean;
}

/** A network that is new to a worker, or has new connections. */
export interface NetworkNews {
  /** The member in training, counted from 0. */
  readonly member: number;
  readonly plan: KnownPlan;
  readonly layers: readonly StoredLayer[];
}

/** A batch whose gradient is to be computed. */
export interface GradientTask {
  readonly kind: "gradient";
  readonly batch: WorkerBatch;
  /** The member in training and the network's layers, if they have changed; otherwise `null`. */
  readonly network: NetworkNews | null;
  /** The current weights and biases of the network, layer by layer. */
  readonly weights: Float32Array;
  /** Shared memory that receives the gradient in the same order. `null`: the answer holds the gradient. */
  readonly gradient: Float32Array | null;
}

/** A copy to train for an epoch. */
export interface CopyTask extends Omit<ApartTask, "plan"> {
  readonly kind: "apart";
  readonly plan: KnownPlan;
}

/** A message to a thread. */
export type TeamTask = TeamBeginning | GradientTask | CopyTask;

/** A thread's answer. */
export type TeamAnswer =
  | { readonly kind: "ready" }
  | {
    readonly kind: "gradient";
    readonly worker: number;
    readonly loss: number;
    readonly correct: number;
    /** The gradient, if memory is not shared. */
    readonly gradient?: Float32Array;
  }
  /** The progress of a worker: the number of finished batches of its epoch. */
  | { readonly kind: "batches"; readonly worker: number; readonly batches: number }
  | { readonly kind: "apart"; readonly epoch: ApartEpoch }
  | { readonly kind: "failure"; readonly name: string; readonly message: string };
