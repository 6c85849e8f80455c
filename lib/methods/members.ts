/**
 * The ways in which a method's members can differ, apart from their topologies: the rows that a member
 * learns from, its targets, its factor in the ensemble's answer, and the network that it begins with.
 *
 * @module
 */
import type { Member, StoredLayer } from "../nn/mod.ts";
import type { Random } from "../random.ts";

/** Rows whose classes or numbers are known. */
export interface KnownRows {
  /** The number of rows. */
  readonly rows: number;
  /** Length rows: the class of every row; 0 if numbers are predicted. */
  readonly labels: Int32Array;
  /** Length rows: the standardised numbers to predict. Left out: classes are predicted. */
  readonly targets?: Float32Array | undefined;
}

/** The lesson of a member: row weights, targets, a teacher or a repulsion of its own. */
export interface Lesson {
  /** Length rows: weights of the rows in the loss. Only their ratios matter. Left out: all equal. */
  readonly weights?: Float64Array;
  /** Length rows: targets that replace those of the rows, such as residuals. */
  readonly targets?: Float32Array;
  /** A teacher, whose probabilities are mixed with the classes of the rows. */
  readonly teacher?: MemberTeacher;
  /** Outputs that the member is driven away from. */
  readonly away?: Away;
}

/** The probabilities that a member learns, beside the classes of the rows. */
export interface MemberTeacher {
  /** Length rows × classes, row by row. */
  readonly probabilities: Float32Array;
  /** Their share of what the member learns, from 0 to 1. The rows' classes are the rest. */
  readonly share: number;
}

/**
 * Outputs that a member is driven away from. A multiple of the squared distance to them is subtracted from
 * the member's loss: `strength` / 2 times for classes, `strength` times for numbers.
 */
export interface Away {
  /** Length rows × outputs, row by row. */
  readonly outputs: Float32Array;
  /** The strength, from 0, below 1. */
  readonly strength: number;
}

/** Members that descend from one common ancestor: a trained network that is no member itself. */
export interface Lineage<Own extends object = object> {
  /**
   * The number of networks that are trained one after the other for each member. The last one is the
   * member.
   */
  rounds(settings: Own): number;
  /** The learning-rate curve of all networks after the ancestor. Left out: that of the settings. */
  readonly learningRateCurve?: "one-cycle" | "cosine" | "constant";
  /** The layers that a network begins with. */
  begin(descent: Descent, settings: Own): readonly StoredLayer[];
}

/** The position of a network in a lineage. */
export interface Descent {
  /** The member that it is trained for, counted from 0. */
  readonly member: number;
  /** The networks trained for this member so far. Empty in round 0. */
  readonly round: number;
  /** All networks before it in the order of training; the first is the common ancestor. */
  readonly before: readonly Member[];
  /**
   * By layer, the number of entries (connections, or blocks of them) that the settings allow a member;
   * `null` for a layer whose topology never changes: an embedding, and the output layer.
   */
  readonly budget: readonly (number | null)[];
  /** A random stream of this name: equal names give the same numbers in all networks of the run. */
  readonly random: (...name: readonly (string | number)[]) => Random;
}
