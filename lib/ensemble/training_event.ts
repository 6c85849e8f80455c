import type { Member } from "../nn/mod.ts";
import type { Candidate } from "../settings/mod.ts";
import type { Phase } from "../training/mod.ts";

/** The results of one epoch. */
export interface EpochRecord {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** The member in training, counted from 0. */
  readonly member: number;
  /** The phase of the schedule. */
  readonly phase: Phase["name"];
  /** The mean training loss, with dropout: cross-entropy, or squared error of standardised numbers. */
  readonly loss: number;
  /** The training accuracy, with dropout; `null` if numbers are predicted. */
  readonly accuracy: number | null;
  /** Floating-point operations of training since the run began, counted by formula. */
  readonly flops: number;
  /** The mean loss on the held-out rows; `null` without held-out rows. */
  readonly validationLoss: number | null;
  /** The accuracy on the held-out rows; `null` without held-out rows, and for predicted numbers. */
  readonly validationAccuracy: number | null;
  /** The share of positions that were ever connected. Left out if `countTried` is not set. */
  readonly explored?: number | undefined;
  /** The staleness of the workers' gradients. Left out without an asynchronous exchange. */
  readonly staleness?: Staleness | undefined;
}

/**
 * The staleness of gradients: the number of updates of the network between the computation of a gradient
 * and its use.
 */
export interface Staleness {
  /** The mean staleness over the gradients of an epoch. */
  readonly mean: number;
  /** The largest staleness. */
  readonly largest: number;
  /** The share of gradient values that were dropped, because their connections had been pruned. */
  readonly dropped: number;
}

/** A divergence after which training went back to the beginning of the epoch. */
export interface Rollback {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** The batch, counted from 1. */
  readonly batch: number;
  /** The batch's mean loss, as text, because JSON has no infinity and no NaN. */
  readonly loss: string;
  /** The learning rate at which the loss exploded. */
  readonly learningRate: number;
}

/** An event of a training run. */
export type TrainingEvent =
  /** A batch is finished. */
  | {
    readonly type: "batch";
    /** The epoch, counted from 0. */
    readonly epoch: number;
    /** Finished batches of the epoch. */
    readonly batch: number;
    /** Batches of the epoch in all. */
    readonly batches: number;
  }
  /** The loss exploded. The run went back to the beginning of the epoch and halved its learning rate. */
  | ({ readonly type: "rollback" } & Rollback)
  /** An epoch is finished. */
  | ({
    readonly type: "epoch";
    /** Epochs of the run in all. */
    readonly epochs: number;
  } & EpochRecord)
  /** The topology of a layer has changed. */
  | {
    readonly type: "topology";
    /** `start`: before the first step. `update`: within a member. `reinitialize`: between two members. */
    readonly kind: "start" | "update" | "reinitialize";
    /** The epoch before the change, counted from 1. */
    readonly epoch: number;
    /** The layer, counted from 0. */
    readonly layer: number;
    /** The number of grown connections. */
    readonly grown: number;
    /** The number of removed connections. Left out: it equals the number of grown connections. */
    readonly removed?: number | undefined;
    /** The finished steps of the run, if updates are counted in steps. */
    readonly step?: number | undefined;
    /** The notes of the strategy. */
    readonly notes: Readonly<Record<string, number | string>>;
  }
  /** An epoch with updates after single steps is finished. Contains the sums of its `topology` events. */
  | {
    readonly type: "updates";
    /** The epoch, counted from 1. */
    readonly epoch: number;
    /** The number of updates that changed connections. */
    readonly updates: number;
    /** The layers that changed. */
    readonly layers: readonly {
      /** The layer, counted from 0. */
      readonly layer: number;
      /** The number of connections that all updates of the epoch removed. */
      readonly removed: number;
      /** The number of connections that they grew. */
      readonly grown: number;
      /** The number of connections after the last of them. */
      readonly connections: number;
    }[];
  }
  /** The trials have ended, and candidates are chosen. */
  | {
    readonly type: "choice";
    /**
     * The scores: first that of the choice (one candidate, or a mixture), then those of all candidates,
     * best first.
     */
    readonly scores: readonly {
      readonly candidates: readonly Candidate[];
      readonly accuracy: number | null;
      readonly loss: number;
    }[];
  }
  /** A member is finished. */
  | {
    readonly type: "member";
    /** The member's number, counted from 0. */
    readonly index: number;
    /** The member. */
    readonly member: Member;
  };
