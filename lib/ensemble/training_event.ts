import type { Member } from "../nn/mod.ts";
import type { Candidate } from "../settings/mod.ts";
import type { Phase } from "../training/mod.ts";

/** What is known after an epoch. */
export interface EpochRecord {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** The member that was trained, counted from 0. */
  readonly member: number;
  /** The phase of the schedule. */
  readonly phase: Phase["name"];
  /**
   * The mean loss over the epoch's batches, with dropout: the cross-entropy, or the squared error of
   * standardised numbers.
   */
  readonly loss: number;
  /**
   * The share of its rows that were classified correctly, with dropout; `null` where numbers are
   * predicted.
   */
  readonly accuracy: number | null;
  /** Floating-point operations of training since the run began, as counted. */
  readonly flops: number;
  /** The mean loss on the held-out rows, or `null` where there are none. */
  readonly validationLoss: number | null;
  /** The share of held-out rows that were classified correctly, or `null`. */
  readonly validationAccuracy: number | null;
}

/** What a training run tells while it goes on. */
export type TrainingEvent =
  /** A batch is done. */
  | {
    readonly type: "batch";
    /** The epoch it belongs to, counted from 0. */
    readonly epoch: number;
    /** Batches of the epoch that are done. */
    readonly batch: number;
    /** Batches of the epoch in all. */
    readonly batches: number;
  }
  /** The loss exploded; the run is back at the beginning of the epoch, its learning rate halved. */
  | {
    readonly type: "rollback";
    /** The epoch, counted from 1. */
    readonly epoch: number;
    /** The batch, counted from 1. */
    readonly batch: number;
    /** The batch's mean loss, as text. */
    readonly loss: string;
    /** The learning rate that was too large. */
    readonly learningRate: number;
  }
  /** An epoch is done. */
  | ({
    readonly type: "epoch";
    /** Epochs of the run in all. */
    readonly epochs: number;
  } & EpochRecord)
  /** The topology of a layer has changed. */
  | {
    readonly type: "topology";
    /** Within a member, or between two. */
    readonly kind: "update" | "reinitialize";
    /** The epoch after which it happened, counted from 1. */
    readonly epoch: number;
    /** The layer, counted from 0. */
    readonly layer: number;
    /** How many connections were replaced. */
    readonly grown: number;
    /** What the strategy has to tell. */
    readonly notes: Readonly<Record<string, number | string>>;
  }
  /** The trials are over, and candidates are chosen. */
  | {
    readonly type: "choice";
    /** How every candidate and every pair of them did on the held-out rows; the first is chosen. */
    readonly scores: readonly {
      readonly candidates: readonly Candidate[];
      readonly accuracy: number | null;
      readonly loss: number;
    }[];
  }
  /** A member is complete. */
  | {
    readonly type: "member";
    /** Its number, counted from 0. */
    readonly index: number;
    /** The member. */
    readonly member: Member;
  };
