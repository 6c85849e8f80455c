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

/** The first message to a thread. Its rows lie in shared memory: no thread has a copy. */
export interface TeamBeginning {
  readonly kind: "begin";
  readonly problem: Problem;
  readonly settings: Settings;
  readonly schedule: Schedule;
  readonly kernels: KernelName;
}

/** The plan of a member without its rows: those of the problem's training part, or all of them. */
export interface KnownPlan extends Pick<MemberPlan, "memberSettings" | "trialScores"> {
  /** `true` if the member learns from the held-out rows too. */
  readonly learnsAll: boolean;
}

/** A network that a worker has not seen yet, or not with these connections. */
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
  /** The member in training with its rows, and the network's layers, if they are others than before. */
  readonly network: NetworkNews | null;
  /** Weights and biases of the network as the worker fetches it, layer by layer. */
  readonly weights: Float32Array;
  /** Shared memory that receives the gradient in the same order; `null`: the answer has it. */
  readonly gradient: Float32Array | null;
}

/** A copy that is to be trained for an epoch. */
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
    /** The gradient, where memory is not shared. */
    readonly gradient?: Float32Array;
  }
  /** So many batches of a worker's epoch are done. */
  | { readonly kind: "batches"; readonly worker: number; readonly batches: number }
  | { readonly kind: "apart"; readonly epoch: ApartEpoch }
  | { readonly kind: "failure"; readonly name: string; readonly message: string };
