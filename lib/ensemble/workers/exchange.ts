/**
 * The steps of a network that workers train together. Each worker computes the gradients of its own share
 * of the rows. The master alone changes the weights, the optimiser's state and the topology.
 *
 * @module
 */
import { addFlops, type FlopCount, layerSizes, noFlops } from "../../counters/mod.ts";
import type { PerWeight } from "../../kernels/mod.ts";
import { applyGradient, type SparseLayer } from "../../nn/mod.ts";
import { optimizerOf, type Teamwork } from "../../settings/mod.ts";
import type { Pattern } from "../../sparse/mod.ts";
import {
  memberSpan,
  phaseAt,
  shareBatches,
  shareOrder,
  stepsPerEpoch,
  workerShares,
} from "../../training/mod.ts";
import { afterBatch } from "../progress.ts";
import { momentOf, rateOfBatch, updatesAfterStep } from "../strategy/mod.ts";
import { type ChangingRun, stepFlops, updateAfterStep } from "../train.ts";
import type { Rollback, Staleness, TrainingEvent } from "../training_event.ts";
import type { TrainingRun } from "../training_run.ts";
import { retainValidUpdates } from "./retained_updates.ts";
import type { Team, WorkerBatch, WorkerGradient } from "./team.ts";

/** The number of epochs in which the learning rate of a synchronous step grows to its full value. */
const WARM_UP = 5;

/** The workers' shares of the rows, and their batches. */
export interface Shares {
  /** A batch of a worker, numbered by the worker's own count. `null` if its epoch has no more batches. */
  batch(worker: number, epoch: number, place: number): WorkerBatch | null;
  /** The number of batches of a worker in an epoch. */
  batches(worker: number): number;
}

/** Divides the rows of the member in training among its workers. */
export function sharesOf({ settings, schedule, progress, stage }: TrainingRun): Shares {
  const { rows } = stage.rows;
  const { seed, batchSize, workers = 1 } = settings;
  const network = phaseAt(schedule, progress.epoch).member;
  const shares = workerShares(rows, workers, seed, network);
  const batches = (worker: number) => shareBatches(rows, settings, worker);
  const orders = new Map<number, { readonly epoch: number; readonly order: Int32Array }>();
  const orderOf = (worker: number, epoch: number) => {
    let known = orders.get(worker);
    if (known?.epoch !== epoch) {
      known = { epoch, order: shareOrder(shares[worker], seed, epoch, worker) };
      orders.set(worker, known);
    }
    return known!.order;
  };
  return {
    batches,
    batch(worker, epoch, place) {
      if (place >= batches(worker)) return null;
      const start = place * batchSize;
      const own = orderOf(worker, epoch).slice(start, start + batchSize);
      return { worker, rows: own, number: epoch * batches(worker) + place };
    },
  };
}

/**
 * Trains the rest of an epoch synchronously (WASSP-SGD): every step uses the mean gradient over one batch
 * of every worker. Gradients are added in the order of the workers, so the workers' speed changes no bit of
 * the result.
 *
 * @returns The divergence if the loss exploded, perhaps before the end of the epoch.
 */
export async function* exchangeInStep(
  run: ChangingRun,
  team: Team,
  { workers }: Teamwork,
): AsyncGenerator<TrainingEvent, Rollback | null> {
  const shares = sharesOf(run);
  const steps = stepsPerEpoch(run.stage.rows.rows, run.settings);
  while (run.progress.batch < steps) {
    const { epoch, batch: place } = run.progress;
    const batches = Array.from({ length: workers }, (_, w) => shares.batch(w, epoch, place))
      .filter((batch) => batch !== null);
    const began = performance.now();
    const busy = run.meters.seconds.train;
    for (const batch of batches) team.begin(batch);
    const answers = new Map<number, WorkerGradient>();
    for (const _ of batches) {
      const answer = await team.next();
      answers.set(answer.worker, answer);
    }
    measureRest(run, began, busy);
    const inOrder = batches.map((batch) => ({ batch, answer: answers.get(batch.worker)! }));
    const rows = batches.reduce((sum, batch) => sum + batch.rows.length, 0);
    const loss = inOrder.reduce((sum, { answer }) => sum + answer.loss, 0);
    const correct = inOrder.reduce((sum, { answer }) => sum + answer.correct, 0);
    const rate = rateOfBatch(run, place, steps) * scaleOf(run, workers, steps);
    const flops = meanFlops(run, batches);
    if (!(loss / rows <= run.lossLimit)) return explosion(run, loss / rows, rate, flops);
    run.meters.measure("train", () => {
      averageInto(run, inOrder, rows);
      step(run, rate);
    });
    run.progress = afterBatch(run.progress, { loss, correct }, flops);
    yield* afterStep(run, batches[0], steps);
  }
  return null;
}

/** Counts the age of the gradients of an epoch. */
export interface Ages {
  gradients: number;
  updates: number;
  largest: number;
  numbers: number;
  dropped: number;
}

/** The gradients that workers are computing. They may outlast an epoch of the master. */
export interface Flight {
  /** By worker, the batch that it is computing. */
  readonly pending: Map<number, Pending>;
  /** By worker, the number of batches that it has begun in the member's training. */
  readonly begun: number[];
  /** The current connections; `null` if they may have changed. */
  patterns: readonly (Pattern | null)[] | null;
  /** The ages in the epoch so far. */
  ages: Ages;
}

interface Pending {
  readonly batch: WorkerBatch;
  /** The number of steps that the network had made when the worker fetched it. */
  readonly fetched: number;
  /** The connections of the network at that time, by layer; `null` for a dense layer. */
  readonly patterns: readonly (Pattern | null)[];
}

export function noAges(): Ages {
  return { gradients: 0, updates: 0, largest: 0, numbers: 0, dropped: 0 };
}

/** The state before the first gradient of this process. */
export function openFlight(
  { progress, schedule }: TrainingRun,
  { workers }: Teamwork,
  shares: Shares,
): Flight {
  const { from } = memberSpan(schedule, phaseAt(schedule, progress.epoch).member);
  const done = progress.epoch - from;
  return {
    pending: new Map(),
    begun: Array.from(
      { length: workers },
      (_, worker) => done * shares.batches(worker) + Math.floor(progress.batch / workers),
    ),
    patterns: null,
    ages: noAges(),
  };
}

/** The age of an epoch's gradients. */
export function stalenessOf({ gradients, updates, largest, numbers, dropped }: Ages): Staleness {
  return {
    mean: gradients === 0 ? 0 : updates / gradients,
    largest,
    dropped: numbers === 0 ? 0 : dropped / numbers,
  };
}

/**
 * Trains the rest of an epoch asynchronously (WASAP-SGD): every gradient makes a step as soon as it
 * arrives. Only its part for connections that still exist is used. Its worker then fetches the new network.
 *
 * @returns The divergence if the loss exploded.
 */
export async function* exchangeAtOnce(
  run: ChangingRun,
  team: Team,
  { workers }: Teamwork,
  shares: Shares,
  flight: Flight,
): AsyncGenerator<TrainingEvent, Rollback | null> {
  const { from } = memberSpan(run.schedule, phaseAt(run.schedule, run.progress.epoch).member);
  const steps = stepsPerEpoch(run.stage.rows.rows, run.settings);
  while (run.progress.batch < steps) {
    for (let worker = 0; worker < workers; worker++) {
      if (flight.pending.has(worker)) continue;
      const own = shares.batches(worker);
      const number = flight.begun[worker]++;
      const batch = shares.batch(worker, from + Math.floor(number / own), number % own)!;
      flight.patterns ??= patternsOf(run);
      flight.pending.set(worker, { batch, fetched: run.progress.step, patterns: flight.patterns });
      team.begin(batch);
    }
    const began = performance.now();
    const busy = run.meters.seconds.train;
    const answer = await team.next();
    measureRest(run, began, busy);
    const { batch, fetched, patterns } = flight.pending.get(answer.worker)!;
    flight.pending.delete(answer.worker);
    const { length: rows } = batch.rows;
    const rate = rateOfBatch(run, run.progress.batch, steps);
    const flops = stepFlops(run, rows);
    if (!(answer.loss / rows <= run.lossLimit)) {
      return explosion(run, answer.loss / rows, rate, flops);
    }
    const age = run.progress.step - fetched;
    const { ages } = flight;
    ages.gradients++;
    ages.updates += age;
    ages.largest = Math.max(ages.largest, age);
    run.meters.measure("train", () => {
      retainInto(run, answer, patterns, flight.patterns ??= patternsOf(run), ages);
      step(run, rate);
    });
    run.progress = afterBatch(run.progress, answer, flops);
    for (const event of afterStep(run, batch, steps)) {
      if (event.type === "topology") flight.patterns = null;
      yield event;
    }
  }
  return null;
}

/** The end of a step: an update of the topology if one is due, and the events. */
function* afterStep(run: ChangingRun, batch: WorkerBatch, steps: number): Generator<TrainingEvent> {
  // The update comes before the batch's event, so that a caller who stops at the event misses no change.
  const events = updatesAfterStep(run) ? updateAfterStep(run, { order: batch.rows }, 0) : [];
  const { epoch, batch: done } = run.progress;
  yield { type: "batch", epoch, batch: done, batches: steps };
  yield* events;
}

/** Adds the time of waiting to the meters, unless a measurement of this thread has counted it. */
function measureRest({ meters }: TrainingRun, began: number, busy: number): void {
  const counted = meters.seconds.train - busy;
  const train = Math.max(0, (performance.now() - began) / 1000 - counted);
  meters.add({ train, topology: 0, evaluate: 0 }, 0);
}

function step(run: TrainingRun, learningRate: number): void {
  const { stage: { network, memberSettings } } = run;
  const optimizer = optimizerOf(memberSettings);
  // Adam's corrections count steps from 1.
  applyGradient(network, { optimizer, learningRate, step: momentOf(run).step + 1 });
}

/**
 * The factor of the learning rate of a step of K batches: K for gradient descent, √K for Adam, reached in five
 * epochs (P. Goyal et al., "Accurate, large minibatch SGD", 2017, https://arxiv.org/abs/1706.02677; S. Malladi
 * et al., "On the SDEs and scaling rules for adaptive gradient algorithms", 2022,
 * https://arxiv.org/abs/2205.10287).
 */
function scaleOf(run: TrainingRun, workers: number, steps: number): number {
  const full = run.settings.optimizer === "sgd" ? workers : Math.sqrt(workers);
  const epochs = momentOf(run).step / steps;
  return 1 + (full - 1) * Math.min(1, epochs / WARM_UP);
}

/** Writes the mean gradient over all rows of a step into the network's layers. */
function averageInto(
  { stage: { network: { layers } } }: TrainingRun,
  answers: readonly { readonly batch: WorkerBatch; readonly answer: WorkerGradient }[],
  rows: number,
): void {
  layers.forEach(({ gradient }, l) => {
    for (const part of ["weights", "bias"] as const) {
      const sum = gradient![part].fill(0);
      for (const { batch, answer } of answers) {
        const share = batch.rows.length / rows;
        const own = answer.gradients[l][part];
        for (let i = 0; i < sum.length; i++) sum[i] += share * own[i];
      }
    }
  });
}

/** Writes the valid part of a gradient into the network's layers. */
function retainInto(
  { stage: { network: { layers } } }: TrainingRun,
  { gradients }: WorkerGradient,
  before: readonly (Pattern | null)[],
  now: readonly (Pattern | null)[],
  ages: Ages,
): void {
  layers.forEach((layer, l) => {
    const gradient: PerWeight = layer.gradient!;
    gradient.bias.set(gradients[l].bias);
    const { weights } = gradients[l];
    const [old, own] = [before[l], now[l]];
    if (old === null || own === null || old === own) {
      gradient.weights.set(weights);
    } else {
      const size = (layer as SparseLayer).blockSize;
      ages.dropped += size * retainValidUpdates(old, own, weights, gradient.weights);
    }
    ages.numbers += weights.length;
  });
}

/** Copies of the connections of all layers; `null` for dense layers. */
function patternsOf({ stage: { network } }: TrainingRun): readonly (Pattern | null)[] {
  return network.layers.map((layer) => {
    if (layer.kind === "dense") return null;
    const { rows, columns, blockSize, indptr, indices } = layer;
    const shape = [rows / blockSize, columns] as const;
    return { shape, indptr: indptr.slice(), indices: indices.slice() };
  });
}

/** The operations of a step of several batches: one update, and the mean of the gradients. */
function meanFlops(run: TrainingRun, batches: readonly WorkerBatch[]): FlopCount {
  const flops = noFlops();
  for (const { rows } of batches) addFlops(flops, { ...stepFlops(run, rows.length), update: 0 });
  const sizes = layerSizes(run.stage.network);
  const numbers = sizes.reduce((sum, { nnz, rows }) => sum + nnz + rows, 0);
  const { update } = stepFlops(run, 1);
  addFlops(flops, { ...noFlops(), update: update + 2 * batches.length * numbers });
  return flops;
}

function explosion(
  run: ChangingRun,
  loss: number,
  learningRate: number,
  flops: FlopCount,
): Rollback {
  const { epoch, batch } = run.progress;
  const sum = { ...run.progress.flops };
  addFlops(sum, flops);
  run.progress = { ...run.progress, flops: sum };
  return { epoch: epoch + 1, batch: batch + 1, loss: `${loss}`, learningRate };
}
