/**
 * The progress of a run: all counts and results that a checkpoint stores. A progress is never changed. The
 * functions of this file make the next progress from it.
 *
 * @module
 */
import { addFlops, type FlopCount, noFlops } from "../counters/mod.ts";
import { type Member, type Network, storeNetwork } from "../nn/mod.ts";
import { epochsInTurn, type Settings } from "../settings/mod.ts";
import type { Evaluation } from "../training/mod.ts";
import type { EpochRecord, Rollback } from "./training_event.ts";

/** The progress of a run. A resumed run needs it, the network's weights and the optimiser's state. */
export interface Progress {
  /** The current epoch, counted from 0. */
  readonly epoch: number;
  /** Finished batches of this epoch. */
  readonly batch: number;
  /** Finished batches of the whole run. */
  readonly step: number;
  /** The summed loss of the epoch's batches so far. */
  readonly loss: number;
  /** The number of their rows that were classified correctly, with dropout. */
  readonly correct: number;
  /** Floating-point operations of all steps, topology changes and validation so far. */
  readonly flops: Readonly<FlopCount>;
  /** The rollbacks so far, oldest first. Each halved the learning rate. */
  readonly rollbacks: readonly Rollback[];
  /** The finished members. */
  readonly members: readonly Member[];
  /** The current member's best network so far, if validation rows choose it; else `null`. */
  readonly best: Member | null;
  /** One record per finished epoch. */
  readonly history: readonly EpochRecord[];
  /**
   * The epochs of the members after the trials, which take these numbers in turn. Left out before the
   * choice among candidates, and if all members have the epochs of the settings.
   */
  readonly turns?: readonly number[] | undefined;
  /** `true` if the topology update after the last finished step has not been made yet. */
  readonly updateIsDue: boolean;
}

/** The progress before the first batch. */
export function firstProgress(): Progress {
  return {
    epoch: 0,
    batch: 0,
    step: 0,
    loss: 0,
    correct: 0,
    flops: noFlops(),
    rollbacks: [],
    members: [],
    best: null,
    history: [],
    updateIsDue: false,
  };
}

/** The progress after one more batch. */
export function afterBatch(
  progress: Progress,
  { loss, correct }: { readonly loss: number; readonly correct: number },
  flops: FlopCount,
): Progress {
  return {
    ...withFlops(progress, flops),
    batch: progress.batch + 1,
    step: progress.step + 1,
    loss: progress.loss + loss,
    correct: progress.correct + correct,
  };
}

/** The progress with more operations. */
export function withFlops(progress: Progress, more: FlopCount): Progress {
  const flops = { ...progress.flops };
  addFlops(flops, more);
  return { ...progress, flops };
}

/**
 * The progress after an epoch's validation. The network becomes the member's best so far if its score beats
 * all earlier ones. Classifiers are compared by accuracy, other networks by loss.
 */
export function afterScores(
  progress: Progress,
  network: Network,
  { memberSelection }: Settings,
  validation: Evaluation | null,
): Progress {
  if (memberSelection !== "best" || validation === null) return progress;
  const { accuracy, loss } = validation;
  const isBetter = accuracy === null
    ? loss < (progress.best?.validationLoss ?? Infinity)
    : accuracy > (progress.best?.validationAccuracy ?? -1);
  return isBetter ? { ...progress, best: memberOf(progress, network, validation) } : progress;
}

/**
 * The progress after a member. Its best network joins the ensemble, or its current network if there is no
 * best one.
 */
export function afterMember(
  progress: Progress,
  network: Network,
  validation: Evaluation | null,
): Progress {
  const member = progress.best ?? memberOf(progress, network, validation);
  return { ...progress, members: [...progress.members, member], best: null };
}

/** The progress after the choice among candidates. */
export function afterChoice(
  progress: Progress,
  settings: Settings,
  chosen: readonly number[],
): Progress {
  const turns = epochsInTurn(settings, chosen);
  return turns === undefined ? progress : { ...progress, turns };
}

/** The progress at the beginning of the next epoch. */
export function afterEpoch(progress: Progress, record: EpochRecord): Progress {
  return {
    ...progress,
    epoch: progress.epoch + 1,
    batch: 0,
    loss: 0,
    correct: 0,
    history: [...progress.history, record],
  };
}

function memberOf(progress: Progress, network: Network, validation: Evaluation | null): Member {
  const member = {
    layers: storeNetwork(network),
    epoch: progress.epoch + 1,
    validationAccuracy: validation?.accuracy ?? null,
  };
  // Classifiers are judged by accuracy only.
  if (validation === null || validation.accuracy !== null) return member;
  return { ...member, validationLoss: validation.loss };
}
