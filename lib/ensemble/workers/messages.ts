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

/** A batch whose gradient is to be computed. */
export interface GradientTask {
  readonly kind: "gradient";
  readonly batch: WorkerBatch;
  /** The member in training with its rows, and the network's layers, if they are others than before. */
  readonly network: {
    readonly member: number;
    readonly plan: MemberPlan;
    readonly layers: readonly StoredLayer[];
  } | null;
  /** Shared: weights and biases of the network as the worker fetches it, layer by layer. */
  readonly weights: Float32Array;
  /** Shared: receives the gradient in the same order. */
  readonly gradient: Float32Array;
}

/** A message to a thread. */
export type TeamTask = TeamBeginning | GradientTask | ({ readonly kind: "apart" } & ApartTask);

/** A thread's answer. */
export type TeamAnswer =
  | { readonly kind: "ready" }
  | {
    readonly kind: "gradient";
    readonly worker: number;
    readonly loss: number;
    readonly correct: number;
  }
  /** So many batches of a worker's epoch are done. */
  | { readonly kind: "batches"; readonly worker: number; readonly batches: number }
  | { readonly kind: "apart"; readonly epoch: ApartEpoch }
  | { readonly kind: "failure"; readonly name: string; readonly message: string };
