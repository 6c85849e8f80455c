/**
 * Training an ensemble: the protocol of Section 3 of the paper (Algorithms 1 and 2 without what is
 * inside the strategies), for every method. Independent members and single networks are the same
 * loop with other schedules.
 *
 * @module
 */
import { addFlops, type FlopCount, totalFlops, trainingStepFlops } from "../counters/flops.ts";
import { storeNetwork } from "../nn/network.ts";
import { trainStep } from "../nn/training_step.ts";
import { openWorkspace } from "../nn/workspace.ts";
import { streamKey } from "../random.ts";
import { randomGrowthTopology } from "../topology/random_growth.ts";
import { batchesPerEpoch, epochOrder, gatherBatch } from "../training/batches.ts";
import { evaluate, type Evaluation } from "../training/evaluate.ts";
import { learningRateAt } from "../training/learning_rate.ts";
import { endsMember, memberSpan, phaseAt, updatesTopology } from "../training/schedule.ts";
import { EXPLODED, goBack } from "./divergence.ts";
import { changeLayers } from "./layer_changes.ts";
import type { Member } from "./member.ts";
import { optimizerOf } from "./settings.ts";
import type { EpochRecord, TrainingEvent } from "./training_event.ts";
import { addMember } from "./row_weights.ts";
import {
  copyState,
  freshNetwork,
  layerSizes,
  type Rollback,
  type TrainingRun,
} from "./training_run.ts";

/**
 * Trains from where the run is to its end, one event after the other. Between two events the run
 * stands still and may be looked at, saved, or left for good.
 *
 * @throws {TrainingDiverged} If the loss exploded, and going back did not help or is not allowed.
 */
export function* train(run: TrainingRun): Generator<TrainingEvent, readonly Member[]> {
  const { problem, settings, schedule, progress } = run;
  const { rows } = problem.training;
  const batches = batchesPerEpoch(rows, settings.batchSize, settings.dropLastBatch);
  while (progress.epoch < schedule.epochs) {
    const order = epochOrder(rows, settings.seed, progress.epoch);
    if (settings.onDivergence === "rollback" && progress.batch === 0) run.anchor = copyState(run);
    while (progress.batch < batches) {
      const divergence = trainBatch(run, order, batches);
      if (divergence !== null) yield goBack(run, divergence);
      else yield { type: "batch", epoch: progress.epoch, batch: progress.batch, batches };
    }
    const scores = score(run);
    // The batches' losses are those before their updates: here the last update is judged.
    if (scores !== null && !(scores.loss <= EXPLODED)) {
      const { epoch, batch } = progress;
      const learningRate = currentRate(run, batches - 1, batches);
      yield goBack(run, { epoch: epoch + 1, batch, loss: `${scores.loss}`, learningRate });
    } else {
      yield* finishEpoch(run, batches, scores);
    }
  }
  return progress.members;
}

/** Trains one batch; tells where its loss has exploded, and then has changed nothing but weights. */
function trainBatch(run: TrainingRun, order: Int32Array, batches: number): Rollback | null {
  const { problem, settings, progress, workspace } = run;
  const started = performance.now();
  const counted = run.counter?.read() ?? 0;
  const start = progress.batch * settings.batchSize;
  const batch = gatherBatch(
    workspace,
    problem.training,
    order,
    start,
    settings.batchSize,
    run.rowWeights?.values,
  );
  const { epoch, batch: number, step } = progress;
  const learningRate = currentRate(run, number, batches);
  const result = trainStep(run.network, workspace, batch, {
    optimizer: optimizerOf(settings),
    learningRate,
    dropout: settings.dropout,
    labelSmoothing: settings.labelSmoothing,
    weighted: run.rowWeights !== null,
    step: step + 1 - firstStep(run, batches),
    dropKey: (layer) => streamKey(settings.seed, "dropout", step, layer),
  });
  run.hardwareFlops += (run.counter?.read() ?? 0) - counted;
  run.seconds.train += (performance.now() - started) / 1000;
  const loss = result.loss / batch;
  // Not "loss > limit": the comparison must also catch NaN.
  if (!(loss <= EXPLODED)) {
    return { epoch: epoch + 1, batch: number + 1, loss: `${loss}`, learningRate };
  }
  progress.batch++;
  progress.step++;
  progress.loss += result.loss;
  progress.correct += result.correct;
  addFlops(progress.flops, stepFlops(run, batch));
  return null;
}

/** The learning rate of a batch of the epoch. */
function currentRate(run: TrainingRun, batch: number, batches: number): number {
  const { settings, schedule, progress } = run;
  const { epoch, rollbacks } = progress;
  const rate = learningRateAt(schedule, settings.learningRateCurve, epoch, batch / batches);
  return rate / 2 ** rollbacks.length;
}

/** How many steps came before the first one of the network in training. */
function firstStep(run: TrainingRun, batches: number): number {
  const { method, schedule, progress } = run;
  if (method.members === "sequential") return 0;
  return memberSpan(schedule, phaseAt(schedule, progress.epoch).member).from * batches;
}

/**
 * Scores the network after an epoch: on the validation rows, or where there are none and a member
 * ends, on the training rows.
 */
function score(run: TrainingRun): Evaluation | null {
  const { problem, schedule, progress } = run;
  const started = performance.now();
  const rows = problem.validation ??
    (endsMember(schedule, progress.epoch) ? problem.training : null);
  const scores = rows === null ? null : evaluate(run.network, run.workspace, rows);
  run.seconds.evaluate += (performance.now() - started) / 1000;
  return scores;
}

/** The operations of a step of the run's network, as it is now. */
export function stepFlops(run: TrainingRun, batch: number): FlopCount {
  const { settings, network, rowWeights } = run;
  return trainingStepFlops(
    layerSizes(network),
    batch,
    optimizerOf(settings),
    settings.labelSmoothing > 0,
    rowWeights !== null,
  );
}

/** What follows an epoch's last batch, in the order of Algorithm 1. */
function* finishEpoch(
  run: TrainingRun,
  batches: number,
  scores: Evaluation | null,
): Generator<TrainingEvent> {
  const { problem, settings, schedule, progress } = run;
  const { epoch } = progress;
  const phase = phaseAt(schedule, epoch);
  const trained = Math.min(batches * settings.batchSize, problem.training.rows);

  const validation = problem.validation === null ? null : scores;
  const accuracy = validation?.accuracy ?? null;
  keepBest(run, accuracy);

  const record: EpochRecord = {
    epoch: epoch + 1,
    member: phase.member,
    phase: phase.name,
    loss: progress.loss / trained,
    accuracy: progress.correct / trained,
    flops: totalFlops(progress.flops),
    validationLoss: validation?.loss ?? null,
    validationAccuracy: accuracy,
  };
  progress.history.push(record);
  const events: TrainingEvent[] = [{ type: "epoch", epochs: schedule.epochs, ...record }];

  const changing = performance.now();
  const counted = run.counter?.read() ?? 0;
  if (endsMember(schedule, epoch)) {
    const member = completeMember(run, accuracy);
    events.push({ type: "member", index: phase.member, member });
    if (epoch + 1 < schedule.epochs) events.push(...beginMember(run, phase.member + 1));
  } else if (updatesTopology(schedule, epoch)) {
    const update = run.method.topology.update;
    if (update !== undefined) events.push(...changeLayers(run, "update", update, phase.pruneRate));
  }
  run.hardwareFlops += (run.counter?.read() ?? 0) - counted;
  run.seconds.topology += (performance.now() - changing) / 1000;

  Object.assign(progress, { epoch: epoch + 1, batch: 0, loss: 0, correct: 0 });
  // Only now: whoever stops at an event finds the run ready for its next batch.
  yield* events;
}

function keepBest(run: TrainingRun, accuracy: number | null): void {
  const { progress, settings } = run;
  if (settings.memberSelection !== "best" || accuracy === null) return;
  const best = progress.best?.validationAccuracy ?? -1;
  if (accuracy > best) progress.best = snapshot(run, accuracy);
}

function snapshot(run: TrainingRun, validationAccuracy: number | null): Member {
  return { layers: storeNetwork(run.network), epoch: run.progress.epoch + 1, validationAccuracy };
}

function completeMember(run: TrainingRun, accuracy: number | null): Member {
  const member = run.progress.best ?? snapshot(run, accuracy);
  run.progress.members.push(member);
  run.progress.best = null;
  return member;
}

/** The next member: the same network re-initialised, or one of its own. */
function beginMember(run: TrainingRun, member: number): TrainingEvent[] {
  const { problem, settings, method, progress, rowWeights } = run;
  if (rowWeights !== null) {
    const last = progress.members[member - 1];
    addMember(rowWeights, last, problem, settings, run.network.kernels, progress.flops);
  }
  if (method.members === "sequential") {
    const change = method.topology.reinitialize ?? randomGrowthTopology().reinitialize!;
    return changeLayers(run, "reinitialize", change, settings.reinitializeRate);
  }
  const kernels = run.network.kernels;
  run.network.dispose();
  run.network = freshNetwork(problem, settings, kernels, member);
  run.workspace = openWorkspace(run.network, settings.batchSize, true);
  return [];
}
