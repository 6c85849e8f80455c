/**
 * Training an ensemble: the protocol of Section 3 of the paper (Algorithms 1 and 2 without what is
 * inside the strategies), for every method. Independent members and single networks are the same
 * loop with other schedules.
 *
 * @module
 */
import { addFlops, type FlopCount, totalFlops, trainingStepFlops } from "../counters/mod.ts";
import { type Member, openWorkspace, storeNetwork, trainStep } from "../nn/mod.ts";
import { randomGrowthTopology } from "../methods/mod.ts";
import {
  batchesPerEpoch,
  endsMember,
  epochOrder,
  evaluate,
  type Evaluation,
  gatherBatch,
  learningRateAt,
  memberSpan,
  phaseAt,
  type Rows,
  updatesTopology,
} from "../training/mod.ts";
import { optimizerOf } from "../settings/mod.ts";
import { streamKey } from "../random.ts";
import { goBack } from "./divergence.ts";
import { changeLayers } from "./layer_changes.ts";
import type { EpochRecord, TrainingEvent } from "./training_event.ts";
import { addMember, openRowWeights } from "./row_weights.ts";
import { keptMembers } from "./trials.ts";
import {
  copyState,
  freshNetwork,
  layerSizes,
  nextStage,
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
  const { settings, schedule, progress } = run;
  while (progress.epoch < schedule.epochs) {
    const { rows } = run.rows;
    const batches = batchesPerEpoch(rows, settings.batchSize, settings.dropLastBatch);
    const order = epochOrder(rows, settings.seed, progress.epoch);
    if (settings.onDivergence === "rollback" && progress.batch === 0) run.anchor = copyState(run);
    while (progress.batch < batches) {
      const divergence = trainBatch(run, order, batches);
      if (divergence !== null) yield goBack(run, divergence);
      else yield { type: "batch", epoch: progress.epoch, batch: progress.batch, batches };
    }
    const scores = score(run);
    // The batches' losses are those before their updates: here the last update is judged.
    if (scores !== null && !(scores.loss <= run.lossLimit)) {
      const { epoch, batch } = progress;
      const learningRate = currentRate(run, batches - 1, batches);
      yield goBack(run, { epoch: epoch + 1, batch, loss: `${scores.loss}`, learningRate });
    } else {
      yield* finishEpoch(run, batches, scores);
    }
  }
  keepChosen(run);
  return progress.members;
}

/** Lets the trial members of candidates that were not chosen go. */
function keepChosen({ progress, settings, schedule, trialScores }: TrainingRun): void {
  if (trialScores.length === 0 || progress.members.length < schedule.members) return;
  const kept = keptMembers(settings, schedule.members, trialScores[0].candidates);
  progress.members = kept.map((member) => progress.members[member]);
}

/** Trains one batch; tells where its loss has exploded, and then has changed nothing but weights. */
function trainBatch(run: TrainingRun, order: Int32Array, batches: number): Rollback | null {
  const { settings, memberSettings, progress, workspace } = run;
  const started = performance.now();
  const counted = run.counter?.read() ?? 0;
  const start = progress.batch * settings.batchSize;
  const batch = gatherBatch(
    workspace,
    run.rows,
    order,
    start,
    settings.batchSize,
    run.rowWeights?.values,
  );
  const { epoch, batch: number, step } = progress;
  const learningRate = currentRate(run, number, batches);
  const result = trainStep(run.network, workspace, batch, {
    optimizer: optimizerOf(memberSettings),
    learningRate,
    dropout: memberSettings.dropout,
    labelSmoothing: memberSettings.labelSmoothing,
    weighted: run.rowWeights !== null,
    step: stepOfNetwork(run, batches),
    dropKey: (layer) => streamKey(settings.seed, "dropout", step, layer),
  });
  run.hardwareFlops += (run.counter?.read() ?? 0) - counted;
  run.seconds.train += (performance.now() - started) / 1000;
  const loss = result.loss / batch;
  // Not "loss > limit": the comparison must also catch NaN.
  if (!(loss <= run.lossLimit)) {
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

/** The number of the step, counted from 1 at the first one of the network in training. */
function stepOfNetwork(run: TrainingRun, batches: number): number {
  const { method, schedule, progress } = run;
  if (method.members === "sequential") return progress.step + 1;
  const { from } = memberSpan(schedule, phaseAt(schedule, progress.epoch).member);
  return (progress.epoch - from) * batches + progress.batch + 1;
}

/**
 * Scores the network after an epoch: on the validation rows, or where there are none and a member
 * ends, on the training rows.
 */
function score(run: TrainingRun): Evaluation | null {
  const { schedule, progress } = run;
  const started = performance.now();
  const rows = validationRows(run) ?? (endsMember(schedule, progress.epoch) ? run.rows : null);
  const scores = rows === null ? null : evaluate(run.network, run.workspace, rows);
  run.seconds.evaluate += (performance.now() - started) / 1000;
  return scores;
}

/** The rows that are held out from the member in training. */
function validationRows({ problem, heldOut }: TrainingRun): Rows | null {
  return heldOut ? problem.validation : null;
}

/** The operations of a step of the run's network, as it is now. */
export function stepFlops(run: TrainingRun, batch: number): FlopCount {
  const { memberSettings, network, rowWeights } = run;
  return trainingStepFlops(
    layerSizes(network),
    batch,
    optimizerOf(memberSettings),
    memberSettings.labelSmoothing > 0,
    rowWeights !== null,
  );
}

/** What follows an epoch's last batch, in the order of Algorithm 1. */
function* finishEpoch(
  run: TrainingRun,
  batches: number,
  scores: Evaluation | null,
): Generator<TrainingEvent> {
  const { settings, schedule, progress } = run;
  const { epoch } = progress;
  const phase = phaseAt(schedule, epoch);
  const trained = Math.min(batches * settings.batchSize, run.rows.rows);

  const validation = validationRows(run) === null ? null : scores;
  keepBest(run, validation);

  const record: EpochRecord = {
    epoch: epoch + 1,
    member: phase.member,
    phase: phase.name,
    loss: progress.loss / trained,
    accuracy: run.rows.targets === undefined ? progress.correct / trained : null,
    flops: totalFlops(progress.flops),
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.accuracy ?? null,
  };
  progress.history.push(record);
  const events: TrainingEvent[] = [{ type: "epoch", epochs: schedule.epochs, ...record }];

  const changing = performance.now();
  const counted = run.counter?.read() ?? 0;
  if (endsMember(schedule, epoch)) {
    const member = completeMember(run, validation);
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

/** Keeps the network if none before it did better: by accuracy, or by its error in numbers. */
function keepBest(run: TrainingRun, validation: Evaluation | null): void {
  const { progress, settings } = run;
  if (settings.memberSelection !== "best" || validation === null) return;
  const { accuracy, loss } = validation;
  const isBetter = accuracy === null
    ? loss < (progress.best?.validationLoss ?? Infinity)
    : accuracy > (progress.best?.validationAccuracy ?? -1);
  if (isBetter) progress.best = snapshot(run, validation);
}

function snapshot(run: TrainingRun, validation: Evaluation | null): Member {
  const member = {
    layers: storeNetwork(run.network),
    epoch: run.progress.epoch + 1,
    validationAccuracy: validation?.accuracy ?? null,
  };
  // Classifiers are told by their accuracy alone.
  if (validation === null || validation.accuracy !== null) return member;
  return { ...member, validationLoss: validation.loss };
}

function completeMember(run: TrainingRun, validation: Evaluation | null): Member {
  const member = run.progress.best ?? snapshot(run, validation);
  run.progress.members.push(member);
  run.progress.best = null;
  return member;
}

/** The next member: the same network re-initialised, or one of its own. */
function beginMember(run: TrainingRun, member: number): TrainingEvent[] {
  const { problem, settings, method, progress, rowWeights } = run;
  const events = beginStage(run);
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
  run.network = freshNetwork(problem, run.memberSettings, kernels, member);
  run.workspace = openWorkspace(run.network, settings.batchSize, true);
  return events;
}

/** Sets what depends on the member in training; where the trials end here, tells what they chose. */
function beginStage(run: TrainingRun): TrainingEvent[] {
  if (run.settings.trials === 0) return [];
  const before = run.trialScores.length;
  Object.assign(run, nextStage(run));
  const { problem, rows, settings, trialScores } = run;
  if (trialScores.length === before) return [];
  run.rowWeights = openRowWeights({ ...problem, training: rows }, settings);
  const scores = trialScores.map(({ candidates, ...score }) => ({
    candidates: candidates.map((number) => settings.candidates[number]),
    ...score,
  }));
  return [{ type: "choice", scores }];
}
