/**
 * Training an ensemble: the protocol of Section 3 of the paper (Algorithms 1 and 2), for every method.
 * Independent members and single networks use the same loop with other schedules.
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
  layerSizes,
  noFlops,
  repulsionFlops,
  softTargetFlops,
  totalFlops,
  trainingStepFlops,
  validationFlops,
} from "../counters/mod.ts";
import { shown } from "../messages.ts";
import { type Member, trainStep } from "../nn/mod.ts";
import { randomStream, streamKey } from "../random.ts";
import { corruptionOf, optimizerOf, teamworkOf } from "../settings/mod.ts";
import { answerOf, callStrategy } from "../topology/mod.ts";
import {
  corruptInputs,
  endsMember,
  type EpochOrder,
  evaluate,
  type Evaluation,
  gatherBatch,
  phaseAt,
  type Rows,
  softTargets,
  stepsPerEpoch,
  trainedRows,
} from "../training/mod.ts";
import { progressAnew, stateBefore } from "./divergence.ts";
import { endRun } from "./end_run.ts";
import { type EpochEnd, finishMember } from "./finish_member.ts";
import { repulsionOf, rowOrder } from "./teaching/mod.ts";
import { afterBatch, afterEpoch, afterScores, withFlops } from "./progress.ts";
import { restoreStage, stageAnew } from "./stage.ts";
import {
  type BatchPlace,
  beginStrategy,
  changeLayers,
  exploredShare,
  momentOf,
  rateOfBatch,
  type TopologyEvents,
  updatesAfterEpoch,
  updatesAfterStep,
  updatesOf,
} from "./strategy/mod.ts";
import { noUpdates } from "./strategy_memory.ts";
import type { EpochRecord, Rollback, Staleness, TrainingEvent } from "./training_event.ts";
import { copyState, type TrainingRun, trialSchedule } from "./training_run.ts";

/** A run whose stage, progress and anchor can be replaced. */
export type ChangingRun = { -readonly [Part in keyof TrainingRun]: TrainingRun[Part] };

/** The rows of an epoch in their order, and the number of its batches. */
export interface Epoch {
  readonly order: EpochOrder;
  readonly batches: number;
}

/**
 * Trains a run from its current position to its end. Between two events nothing changes: the caller
 * may inspect the run, save it, or stop.
 *
 * @throws {TrainingDiverged} If the loss exploded and the settings allow no (further) rollback.
 * @throws {StrategyError} If the strategy throws or its answer is not valid. The run is then in the state
 * before the change, and can be saved.
 * @throws {TypeError} If several workers train one network: `trainTogether` trains such runs.
 */
export function* train(run: TrainingRun): Generator<TrainingEvent, readonly Member[]> {
  const now: ChangingRun = run;
  if (teamworkOf(run.settings) !== null) {
    throw new TypeError(
      `Cannot train in one thread's steps: found ${run.settings.workers} workers, ` +
        "need trainTogether for them",
    );
  }
  while (run.progress.epoch < run.schedule.epochs) {
    const { begun, ...epoch } = beginEpoch(now);
    yield* begun;
    const divergence = (yield* trainBatches(now, epoch)) ?? (yield* finishEpoch(now, epoch));
    if (divergence !== null) yield goBack(now, divergence);
  }
  now.progress = endRun(run);
  return run.progress.members;
}

/** Begins an epoch, or goes on with it. A network that is new to the strategy is changed first. */
function beginEpoch(run: ChangingRun): Epoch & { readonly begun: readonly TrainingEvent[] } {
  const { settings, stage: { rows, lesson }, progress } = run;
  const batches = stepsPerEpoch(rows.rows, settings);
  const order = rowOrder(rows, lesson.sample, settings.seed, progress.epoch);
  return { order, batches, begun: makeReady(run) };
}

/** Lets the strategy change a new network, and stores the state for a rollback. */
export function makeReady(run: ChangingRun): readonly TrainingEvent[] {
  const { settings, progress } = run;
  const begin = () => beginStrategy(run);
  const { events, flops } = run.method.topology.start === undefined
    ? begin()
    : run.meters.measure("topology", begin);
  run.progress = withFlops(progress, flops);
  if (settings.onDivergence === "rollback" && progress.batch === 0) run.anchor = copyState(run);
  return events;
}

/** Trains the remaining batches of an epoch. Returns the divergence if the loss explodes. */
function* trainBatches(run: ChangingRun, epoch: Epoch): Generator<TrainingEvent, Rollback | null> {
  const { batches } = epoch;
  if (run.progress.updateIsDue) yield* updateAfterStep(run, epoch);
  while (run.progress.batch < batches) {
    const divergence = trainBatch(run, epoch);
    if (divergence !== null) return divergence;
    // The update comes before the batch's event, so that a caller who stops at the event misses no change.
    const events = updatesAfterStep(run) ? updateAfterStep(run, epoch) : [];
    yield { type: "batch", epoch: run.progress.epoch, batch: run.progress.batch, batches };
    yield* events;
  }
  return null;
}

/** Trains one batch. If its loss exploded, returns the divergence and leaves the progress as it was. */
export function trainBatch(run: ChangingRun, { order, batches }: Epoch): Rollback | null {
  const { problem, settings, stage, progress } = run;
  const { rows, memberSettings, network, workspace, rowWeights, lesson } = stage;
  const { epoch, batch, step } = progress;
  const learningRate = rateOfBatch(run, batch, batches);
  const corruption = corruptionOf(memberSettings);
  const { size, result } = run.meters.measure("train", () => {
    const start = batch * settings.batchSize;
    const values = rowWeights?.values;
    const size = gatherBatch(workspace, rows, order, start, settings.batchSize, values);
    if (corruption !== null) {
      const random = randomStream(settings.seed, "corruption", step);
      corruptInputs(workspace, rows.columns, size, corruption, random);
    }
    const result = trainStep(network, workspace, size, {
      optimizer: optimizerOf(memberSettings),
      learningRate,
      dropout: memberSettings.dropout,
      labelSmoothing: memberSettings.labelSmoothing,
      weighted: rowWeights !== null,
      repulsion: repulsionOf(lesson.away, order, start, size, problem.classes),
      soft: softTargets(rows, order, start, size),
      // Counted from 1 at the network's first step, as Adam's corrections need it.
      step: momentOf(run).step + 1,
      dropKey: (layer) => streamKey(settings.seed, "dropout", step, layer),
    });
    return { size, result };
  });
  const loss = result.loss / size;
  const flops = stepFlops(run, size);
  // Not "loss > limit": the comparison must also catch NaN.
  if (!(loss <= run.lossLimit)) {
    run.progress = withFlops(progress, flops);
    return { epoch: epoch + 1, batch: batch + 1, loss: `${loss}`, learningRate };
  }
  run.progress = afterBatch(progress, result, flops);
  return null;
}

/** Updates the topology after a step. If the strategy fails, the update remains due. */
export function updateAfterStep(
  run: ChangingRun,
  { order }: Pick<Epoch, "order">,
  start = (run.progress.batch - 1) * run.settings.batchSize,
): readonly TrainingEvent[] {
  run.progress = { ...run.progress, updateIsDue: true };
  const place = { order, start };
  const { events, flops } = run.meters.measure("topology", () => update(run, place));
  run.progress = { ...withFlops(run.progress, flops), updateIsDue: false };
  return events;
}

/**
 * Calls the strategy's `update` and applies its changes.
 *
 * @throws {StrategyError} If the strategy throws or its answer is not valid.
 */
export function update(run: TrainingRun, place?: BatchPlace): TopologyEvents {
  const { topology } = run.method;
  const { update: change, when } = topology;
  if (change === undefined) return { events: [], flops: noFlops() };
  const { progress, pruneRate } = momentOf(run);
  const rate = callStrategy(topology, () => {
    if (when?.pruneRate === undefined) return pruneRate;
    const rate = answerOf(when.pruneRate(progress));
    if (typeof rate === "number" && rate >= 0 && rate <= 1) return rate;
    throw new RangeError(`Cannot prune a fraction of ${shown(rate)}: need a number from 0 to 1`);
  });
  return changeLayers(run, "update", change, rate, place);
}

/** The operations of one training step of the run's current network. */
export function stepFlops({ stage }: TrainingRun, batch: number): FlopCount {
  const { memberSettings, network, rowWeights, lesson, rows: { soft } } = stage;
  const sizes = layerSizes(network);
  const flops = trainingStepFlops(
    sizes,
    batch,
    optimizerOf(memberSettings),
    memberSettings.labelSmoothing > 0 && soft === undefined,
    rowWeights !== null,
  );
  if (soft !== undefined) addFlops(flops, softTargetFlops(sizes, batch, rowWeights !== null));
  if (lesson.away !== null) addFlops(flops, repulsionFlops(sizes, batch));
  return flops;
}

/** Goes back to the beginning of the epoch or the network, or throws {@linkcode TrainingDiverged}. */
export function goBack(run: ChangingRun, divergence: Rollback): TrainingEvent {
  const before = stateBefore(run, divergence);
  if (before === null) {
    const progress = progressAnew(run, divergence);
    run.stage = stageAnew(
      run,
      run.stage,
      phaseAt(run.schedule, progress.epoch).member,
      progress.members,
    );
    run.progress = progress;
    run.anchor = copyState(run);
  } else {
    run.anchor = before;
    run.progress = before.progress;
    run.stage = restoreStage(run.stage, run.method.topology, before);
  }
  return { type: "rollback", ...divergence };
}

/**
 * Everything after an epoch's last batch, in the order of Algorithm 1. Returns the divergence if the
 * network's loss has exploded.
 */
export function* finishEpoch(
  run: ChangingRun,
  epoch: Pick<Epoch, "batches">,
  staleness?: Staleness,
): Generator<TrainingEvent, Rollback | null> {
  const { settings, schedule, stage, meters } = run;
  const { batches } = epoch;
  const rows = scoredRows(run);
  const { network, workspace } = stage;
  const { layers } = network;
  const scores = rows && meters.measure("evaluate", () => evaluate(network, workspace, rows));
  const scored = rows === null ? noFlops() : validationFlops(layerSizes(network), rows.rows);
  const before = withFlops(run.progress, scored);
  // A batch's loss is measured before its update, so only this score judges the last update.
  if (scores !== null && !(scores.loss <= run.lossLimit)) {
    run.progress = before;
    const { epoch, batch } = before;
    const learningRate = rateOfBatch(run, batches - 1, batches);
    return { epoch: epoch + 1, batch, loss: `${scores.loss}`, learningRate };
  }
  const validation = stage.heldOut === null ? null : scores;
  const record = recordOf({ ...run, progress: before }, batches, validation, staleness);
  const updates = updatesOf(run);
  const progress = afterScores(before, network, settings, validation);
  const end = meters.measure("topology", (): EpochEnd => {
    if (endsMember(schedule, progress.epoch)) return finishMember({ ...run, progress }, validation);
    if (!updatesAfterEpoch(run)) return { stage, progress, events: [] };
    const { events, flops } = update(run);
    return { stage, progress: withFlops(progress, flops), events };
  });
  // At the end of a member its network is closed, so its size is read before.
  stage.memory.updates = noUpdates(layers);
  // Members of the chosen candidates may have more epochs.
  const { turns } = end.progress;
  if (turns !== progress.turns) run.schedule = trialSchedule(settings, turns);
  run.stage = end.stage;
  run.progress = afterEpoch(end.progress, record);
  // Events come last, so that a caller who stops at one has a run that is ready for its next batch.
  yield { type: "epoch", epochs: schedule.epochs, ...record };
  yield* updates;
  yield* end.events;
  return null;
}

/**
 * The rows on which the network is scored after an epoch: the held-out rows. Without held-out rows these
 * are the training rows after a member's last epoch, and none after other epochs.
 */
function scoredRows({ schedule, progress, stage }: TrainingRun): Rows | null {
  return stage.heldOut ?? (endsMember(schedule, progress.epoch) ? stage.rows : null);
}

export function recordOf(
  run: TrainingRun,
  batches: number,
  validation: Evaluation | null,
  staleness?: Staleness,
): EpochRecord {
  const { settings, schedule, stage: { rows }, progress } = run;
  const { member, name } = phaseAt(schedule, progress.epoch);
  const trained = trainedRows(rows.rows, batches, settings);
  const record = {
    epoch: progress.epoch + 1,
    member,
    phase: name,
    loss: progress.loss / trained,
    accuracy: rows.targets === undefined ? progress.correct / trained : null,
    flops: totalFlops(progress.flops),
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.accuracy ?? null,
  };
  const explored = exploredShare(run);
  const counted = explored === undefined ? record : { ...record, explored };
  return staleness === undefined ? counted : { ...counted, staleness };
}
