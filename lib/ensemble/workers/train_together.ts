/**
 * Training of one network by several workers: WASAP-SGD, and its synchronous twin WASSP-SGD. In the first
 * phase workers exchange gradients with a master. In the second phase each trains a copy on its own share
 * of the rows, and the mean of the copies becomes the member.
 *
 * S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at scale", 2021,
 * https://arxiv.org/abs/2102.01732.
 *
 * @module
 */
import { noFlops } from "../../counters/mod.ts";
import { type Member, restoreConnections } from "../../nn/mod.ts";
import { type Teamwork, teamworkOf } from "../../settings/mod.ts";
import { endsMember, memberSpan, phaseAt, stepsPerEpoch } from "../../training/mod.ts";
import { endRun } from "../end_run.ts";
import { afterEpoch, withFlops } from "../progress.ts";
import { emptyMemory } from "../strategy_memory.ts";
import { type ChangingRun, finishEpoch, goBack, makeReady, recordOf } from "../train.ts";
import type { Rollback, TrainingEvent } from "../training_event.ts";
import { copyState, type TrainingRun } from "../training_run.ts";
import { averagedLayers } from "./averaged_layers.ts";
import {
  exchangeAtOnce,
  exchangeInStep,
  type Flight,
  noAges,
  openFlight,
  type Shares,
  sharesOf,
  stalenessOf,
} from "./exchange.ts";
import { ownThread } from "./own_thread.ts";
import type { Team } from "./team.ts";
import { flopsOf } from "./train_apart.ts";

/** Options of {@linkcode trainTogether}. */
export interface TogetherOptions {
  /** The workers. The caller closes them. Left out: they take turns in this thread. */
  readonly team?: Team | undefined;
}

/**
 * Trains a run from its current position to its end, with the workers of its settings. Between two events
 * nothing changes, so the caller may inspect the run, save it, or stop. While workers train copies, the
 * run's position is the beginning of the epoch.
 *
 * @throws {RangeError} If there are more workers than rows.
 * @throws {TrainingDiverged} If the loss exploded and the settings allow no (further) rollback.
 * @throws {StrategyError} If the strategy throws or its answer is not valid.
 */
export async function* trainTogether(
  run: TrainingRun,
  { team = ownThread(run) }: TogetherOptions = {},
): AsyncGenerator<TrainingEvent, readonly Member[]> {
  const now: ChangingRun = run;
  const teamwork = teamworkOf(run.settings)!;
  /** The gradients in computation, with the shares of the member in training. */
  let flight: { readonly member: number; readonly shares: Shares; readonly own: Flight } | null =
    null;
  while (run.progress.epoch < run.schedule.epochs) {
    checkShares(run, teamwork);
    const { member } = phaseAt(run.schedule, run.progress.epoch);
    const isApart = trainsCopies(run, teamwork);
    if (flight !== null && (isApart || flight.member !== member)) {
      await team.forget();
      flight = null;
    }
    if (isApart && run.stage.copies === undefined) beginCopies(now, teamwork);
    yield* makeReady(now);
    let divergence: Rollback | null;
    if (isApart) {
      divergence = yield* trainCopies(now, team);
    } else if (teamwork.exchange === "synchronous") {
      divergence = yield* exchangeInStep(now, team, teamwork);
      divergence ??= yield* finishEpoch(now, { batches: stepsOf(run) });
    } else {
      if (flight === null) {
        const shares = sharesOf(run);
        flight = { member, shares, own: openFlight(run, teamwork, shares) };
      }
      divergence = yield* exchangeAtOnce(now, team, teamwork, flight.shares, flight.own);
      divergence ??= yield* finishEpoch(
        now,
        { batches: stepsOf(run) },
        stalenessOf(flight.own.ages),
      );
      flight.own.ages = noAges();
      // The end of the epoch may have changed the topology.
      flight.own.patterns = null;
    }
    if (divergence === null) continue;
    await team.forget();
    flight = null;
    yield goBack(now, divergence);
  }
  now.progress = endRun(run);
  return run.progress.members;
}

function stepsOf({ stage: { rows }, settings }: TrainingRun): number {
  return stepsPerEpoch(rows.rows, settings);
}

function checkShares({ stage: { rows } }: TrainingRun, { workers }: Teamwork): void {
  if (rows.rows >= workers) return;
  throw new RangeError(
    `Cannot share ${rows.rows} training rows among ${workers} workers: need a row for each`,
  );
}

/**
 * Returns `true` if the workers train copies in the current epoch. They do so in the last epochs of every
 * member.
 */
export function trainsCopies({ schedule, progress }: TrainingRun, { apart }: Teamwork): boolean {
  const { from, to } = memberSpan(schedule, phaseAt(schedule, progress.epoch).member);
  const together = Math.max(1, to - from - Math.round(apart * (to - from)));
  return progress.epoch - from >= together;
}

/** Gives every worker a copy of the network. */
function beginCopies(run: ChangingRun, { workers }: Teamwork): void {
  const { layers, state, strategy } = copyState(run);
  const copies = Array.from({ length: workers }, () => ({ layers, state, strategy }));
  run.stage = { ...run.stage, copies };
}

/** Trains the copies of all workers for one epoch. After the member's last one they become one network. */
async function* trainCopies(
  run: ChangingRun,
  team: Team,
): AsyncGenerator<TrainingEvent, Rollback | null> {
  const steps = stepsOf(run);
  const { epoch } = run.progress;
  const epochs = team.apart(run.stage.copies!);
  let result = await epochs.next();
  while (!result.done) {
    const batch = Math.min(steps, Math.round(result.value * steps));
    yield { type: "batch", epoch, batch, batches: steps };
    result = await epochs.next();
  }
  const trained = result.value;
  const diverged = trained.find(({ divergence }) => divergence !== null);
  for (const { seconds } of trained) {
    // The workers worked at the same time, so their time is divided by the threads.
    const share = (value: number) => value / Math.min(team.threads, trained.length);
    run.meters.add(
      { train: share(seconds.train), topology: share(seconds.topology), evaluate: 0 },
      0,
    );
  }
  const flops = flopsOf(trained);
  if (diverged !== undefined) {
    run.progress = withFlops(run.progress, flops);
    return diverged.divergence;
  }
  const sum = (part: "loss" | "correct") => trained.reduce((sum, own) => sum + own[part], 0);
  run.progress = {
    ...withFlops(run.progress, flops),
    batch: steps,
    step: run.progress.step + steps,
    loss: sum("loss"),
    correct: sum("correct"),
  };
  run.stage = { ...run.stage, copies: trained.map(({ copy }) => copy) };
  if (endsMember(run.schedule, epoch)) {
    run.meters.measure("topology", () => joinCopies(run));
    return yield* finishEpoch(run, { batches: steps });
  }
  const record = recordOf(run, steps, null);
  run.progress = afterEpoch(run.progress, record);
  yield { type: "epoch", epochs: run.schedule.epochs, ...record };
  return null;
}

/** Replaces the network by the mean of the workers' copies, with new optimiser state. */
function joinCopies(run: ChangingRun): void {
  const { stage, method } = run;
  const copies = stage.copies!;
  const { network } = stage;
  const layers = averagedLayers(copies.map(({ layers }) => layers));
  layers.forEach((stored, l) => {
    if (stored.kind === "sparse") restoreConnections(network, l, stored);
    else network.layers[l].weights.set(stored.weights);
    const layer = network.layers[l];
    layer.bias.set(stored.bias);
    for (const { weights, bias } of layer.state) {
      weights.fill(0);
      bias.fill(0);
    }
  });
  const memory = { ...emptyMemory(method.topology, network), memory: stage.memory.memory };
  run.stage = { ...stage, memory, copies: undefined };
  // One addition per number of a copy, and one division per number of the mean.
  const numbers = (all: typeof layers) =>
    all.reduce(
      (sum, { bias, ...it }) =>
        sum + bias.length + (it.kind === "sparse" ? it.data : it.weights).length,
      0,
    );
  const topology = copies.reduce((sum, copy) => sum + 2 * numbers([...copy.layers]), 0);
  run.progress = withFlops(run.progress, { ...noFlops(), topology });
}
