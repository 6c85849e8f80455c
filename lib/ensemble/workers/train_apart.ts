/**
 * A worker without a master: it trains its own copy of the network on its own share of the rows.
 *
 * @module
 */
import { addFlops, type FlopCount, type Meters, noFlops } from "../../counters/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";
import { streamKey } from "../../random.ts";
import { shareBatches, shareOrder, workerShares } from "../../training/mod.ts";
import { firstProgress, type Progress, withFlops } from "../progress.ts";
import type { NetworkState } from "../saved_run.ts";
import { openMemberRun } from "../side_by_side/mod.ts";
import type { MemberPlan, Plan } from "../stage.ts";
import { updatesAfterEpoch, updatesAfterStep } from "../strategy/mod.ts";
import { type ChangingRun, trainBatch, update, updateAfterStep } from "../train.ts";
import type { Rollback } from "../training_event.ts";
import { copyState } from "../training_run.ts";
import type { ApartEpoch } from "./team.ts";

/** The task of a worker for one epoch. */
export interface ApartTask {
  /** The worker, counted from 0. */
  readonly worker: number;
  /** The member, counted from 0. */
  readonly member: number;
  /** Its rows and settings. */
  readonly plan: MemberPlan;
  /** The copy before the epoch. */
  readonly copy: NetworkState;
  /** The position of the run. Only epoch, step and rollbacks matter. */
  readonly place: Pick<Progress, "epoch" | "step" | "rollbacks">;
}

/**
 * Trains a worker's copy for one epoch. All its random streams are its own, so its topology changes
 * independently of the others.
 *
 * @returns The epoch. Yields the number of finished batches after each batch.
 */
export function* trainApart(
  plan: Plan,
  { worker, member, plan: memberPlan, copy, place }: ApartTask,
  kernels: Kernels,
  meters: Meters,
): Generator<number, ApartEpoch> {
  const { workers = 1, seed } = plan.settings;
  const { rows } = memberPlan;
  const shares = workerShares(rows.rows, workers, seed, member);
  const batches = shareBatches(rows.rows, plan.settings, worker);
  // The worker makes one step per batch. In synchronous steps all workers make one step together.
  const settings = {
    ...plan.settings,
    exchange: "synchronous",
    seed: ownSeed(seed, worker),
  } as const;
  const progress: Progress = { ...firstProgress(), ...place };
  const before = { ...meters.seconds };
  using run: ChangingRun & Disposable = openMemberRun(
    { ...plan, settings },
    member,
    memberPlan,
    kernels,
    meters,
    { ...copy, progress },
  );
  const order = shareOrder(shares[worker], seed, place.epoch, worker);
  let divergence: Rollback | null = null;
  while (run.progress.batch < batches && divergence === null) {
    divergence = trainBatch(run, { order, batches });
    if (divergence === null && updatesAfterStep(run)) updateAfterStep(run, { order });
    yield run.progress.batch;
  }
  // The epoch is complete, even for a worker with one batch less than others.
  const whole = shareBatches(rows.rows, plan.settings, 0);
  run.progress = { ...run.progress, batch: whole };
  if (divergence === null && updatesAfterEpoch(run)) {
    const { flops } = meters.measure("topology", () => update(run));
    run.progress = withFlops(run.progress, flops);
  }
  const { progress: _, copies: __, ...after } = copyState(run);
  const { loss, correct, flops } = run.progress;
  const seconds = {
    train: meters.seconds.train - before.train,
    topology: meters.seconds.topology - before.topology,
    evaluate: 0,
  };
  return { worker, copy: after, loss, correct, flops, seconds, divergence };
}

/** The seed of a worker's own streams. */
function ownSeed(seed: number, worker: number): number {
  return streamKey(seed, "worker", worker);
}

/** The sum of the workers' operations. */
export function flopsOf(epochs: readonly ApartEpoch[]): FlopCount {
  const flops = noFlops();
  for (const epoch of epochs) addFlops(flops, epoch.flops);
  return flops;
}
