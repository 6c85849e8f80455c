/**
 * Training an ensemble: the protocol of Section 3 of the paper (Algorithms 1 and 2), for every method.
 * Independent members and single networks run the same loop with other schedules.
 *
 * P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi and D. C. Mocanu, "Multilayer perceptron ensembles
 * in a truly sparse training context", Neural Computing and Applications, 2025,
 * https://doi.org/10.1007/s00521-025-11294-3.
 *
 * @module
 */
import {
  addFlops,
  type FlopCount,
  noFlops,
  totalFlops,
  trainingStepFlops,
  validationFlops,
} from "../counters/mod.ts";
import { type Member, trainStep } from "../nn/mod.ts";
import { streamKey } from "../random.ts";
import { optimizerOf } from "../settings/mod.ts";
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
} from "../training/mod.ts";
import { goBack } from "./divergence.ts";
import { finishMember, keepBest, keepChosen } from "./finish_member.ts";
import { beginStrategy, changeLayers, ofStrategy } from "./layer_changes.ts";
import type { BatchPlace } from "./missing_gradients.ts";
import { momentOf, updatesAfterEpoch, updatesAfterStep } from "./moment.ts";
import type { EpochRecord, TrainingEvent } from "./training_event.ts";
import {
  copyProgress,
  copyState,
  layerSizes,
  type Rollback,
  type TrainingRun,
} from "./training_run.ts";

/**
 * Trains a run from its current position to its end. Between two events nothing changes: the caller
 * may inspect the run, save it, or stop.
 *
 * @throws {TrainingDiverged} If the loss exploded and the settings allow no (further) rollback.
 * @throws {StrategyError} If the strategy throws or its answer is not valid. The run then is as it was
 * before the change, and can be saved.
 */
export function* train(run: TrainingRun): Generator<TrainingEvent, readonly Member[]> {
  const { settings, schedule, progress } = run;
  while (progress.epoch < schedule.epochs) {
    const { rows } = run.rows;
    const batches = batchesPerEpoch(rows, settings.batchSize, settings.dropLastBatch);
    const order = epochOrder(rows, settings.seed, progress.epoch);
    beginStrategy(run);
    if (settings.onDivergence === "rollback" && progress.batch === 0) run.anchor = copyState(run);
    if (run.updateIsDue) yield* updateAfterStep(run, order);
    while (progress.batch < batches) {
      const divergence = trainBatch(run, order, batches);
      if (divergence !== null) {
        yield goBack(run, divergence);
        continue;
      }
      // Before the batch's event, so that whoever stops there misses no change.
      run.updateIsDue = updatesAfterStep(run);
      const events = run.updateIsDue ? updateAfterStep(run, order) : [];
      yield { type: "batch", epoch: progress.epoch, batch: progress.batch, batches };
      yield* events;
    }
    const scores = score(run);
    // A batch's loss is measured before its update, so only this score judges the last update.
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

/** Trains one batch. If its loss exploded, returns the divergence and leaves the progress as it was. */
function trainBatch(run: TrainingRun, order: Int32Array, batches: number): Rollback | null {
  const { settings, memberSettings, progress, workspace } = run;
  const started = performance.now();
  const counted = run.counter?.read() ?? 0;
  const start = progress.batch * settings.batchSize;
  const weights = run.rowWeights?.values;
  const batch = gatherBatch(workspace, run.rows, order, start, settings.batchSize, weights);
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

/** Changes the topology after a step. */
function updateAfterStep(run: TrainingRun, order: Int32Array): TrainingEvent[] {
  const { settings: { batchSize }, progress: { batch } } = run;
  const place = { order, start: (batch - 1) * batchSize };
  const events = changing(run, () => update(run, place));
  run.updateIsDue = false;
  return events;
}

/** Makes the strategy's change of a network in training. */
function update(run: TrainingRun, place?: BatchPlace): TrainingEvent[] {
  const { update: change, when } = run.method.topology;
  if (change === undefined) return [];
  const { progress, pruneRate } = momentOf(run);
  const rate = ofStrategy(run, () => when?.pruneRate?.(progress) ?? pruneRate);
  return changeLayers(run, "update", change, rate, place);
}

/**
 * Measures a topology change. If a strategy fails, the progress is again what it was.
 */
function changing<T>(run: TrainingRun, change: () => T): T {
  const before = copyProgress(run.progress);
  const started = performance.now();
  const counted = run.counter?.read() ?? 0;
  try {
    return change();
  } catch (error) {
    Object.assign(run.progress, before);
    throw error;
  } finally {
    run.hardwareFlops += (run.counter?.read() ?? 0) - counted;
    run.seconds.topology += (performance.now() - started) / 1000;
  }
}

/** The learning rate of one batch of the current epoch. */
function currentRate(run: TrainingRun, batch: number, batches: number): number {
  const { settings, schedule, progress } = run;
  const { epoch, rollbacks } = progress;
  const rate = learningRateAt(schedule, settings.learningRateCurve, epoch, batch / batches);
  return rate / 2 ** rollbacks.length;
}

/** The step's number, counted from 1 at the first step of the network in training. */
function stepOfNetwork(run: TrainingRun, batches: number): number {
  const { method, schedule, progress } = run;
  if (method.members === "sequential") return progress.step + 1;
  const { from } = memberSpan(schedule, phaseAt(schedule, progress.epoch).member);
  return (progress.epoch - from) * batches + progress.batch + 1;
}

/**
 * Scores the network after an epoch on the validation rows. Without validation rows, scores it on the
 * training rows where a member ends, and not at all elsewhere.
 */
function score(run: TrainingRun): Evaluation | null {
  const { schedule, progress } = run;
  const started = performance.now();
  const counted = run.counter?.read() ?? 0;
  const rows = validationRows(run) ?? (endsMember(schedule, progress.epoch) ? run.rows : null);
  const scores = rows === null ? null : evaluate(run.network, run.workspace, rows);
  run.hardwareFlops += (run.counter?.read() ?? 0) - counted;
  run.seconds.evaluate += (performance.now() - started) / 1000;
  return scores;
}

/** The rows held out from the member in training. */
function validationRows({ problem, heldOut }: TrainingRun): Rows | null {
  return heldOut ? problem.validation : null;
}

/** The operations of one training step of the run's current network. */
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

/** Everything after an epoch's last batch, in the order of Algorithm 1. */
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
  const scored = scores === null
    ? noFlops()
    : validationFlops(layerSizes(run.network), (validationRows(run) ?? run.rows).rows);

  const record: EpochRecord = {
    epoch: epoch + 1,
    member: phase.member,
    phase: phase.name,
    loss: progress.loss / trained,
    accuracy: run.rows.targets === undefined ? progress.correct / trained : null,
    flops: totalFlops(progress.flops) + totalFlops(scored),
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.accuracy ?? null,
  };
  const changes = changing(run, () => {
    // If the strategy fails, a resumed run scores the network again.
    addFlops(progress.flops, scored);
    if (endsMember(schedule, epoch)) return finishMember(run, phase.member, validation);
    return updatesAfterEpoch(run) ? update(run) : [];
  });
  const events: TrainingEvent[] = [
    { type: "epoch", epochs: schedule.epochs, ...record },
    ...changes,
  ];

  progress.history.push(record);
  progress.epoch++;
  progress.batch = 0;
  progress.loss = 0;
  progress.correct = 0;
  // Events come last, so that a caller who stops at one has a run that is ready for its next batch.
  yield* events;
}
