/**
 * The time of a whole FD-TSE run by parts, extrapolated from a short run on the built-in data.
 *
 * @module
 */
import {
  addFlops,
  type HardwareCounter,
  type Meters,
  noCount,
  noFlops,
  openMeters,
} from "../counters/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import { openRun, prepareProblem, stepFlops, train, type TrainingRun } from "../ensemble/mod.ts";
import { completeSettings, defaultSettings } from "../settings/mod.ts";
import {
  batchesPerEpoch,
  edstSchedule,
  endsMember,
  type Schedule,
  updatesTopology,
} from "../training/mod.ts";
import {
  addTimesSince,
  type BackEnds,
  type KernelTimes,
  measure,
  noTimes,
  type PassFlops,
  passFlops,
  timeKernels,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";

/** The rows of Gesture Phase that train the members in the paper's recipe. */
const GESTURE_PHASE_ROWS = Math.floor(7898 * 0.8);
const GESTURE_PHASE_HELD_OUT = 7898 - GESTURE_PHASE_ROWS;

/** A short run on one back end, and the estimate of the paper's whole run. */
export interface WholeRun {
  readonly backEnd: string;
  readonly epochs: number;
  /** Seconds of the run, including evaluation and topology changes. */
  readonly seconds: number;
  /** The share of these seconds in kernels. */
  readonly kernelShare: number;
  readonly kernels: KernelTimes;
  /** The operations of training, also by pass with the time of the kernels in training. */
  readonly flops: WorkFlops & { readonly passes: readonly PassFlops[] };
  /** The cost of counting: milliseconds per step, and the share of the step. */
  readonly counting: { readonly ms: number; readonly share: number };
  /** The paper's run on Gesture Phase (350 epochs of 49 batches). */
  readonly estimate: RunEstimate;
}

/** Seconds of a run by parts. */
export interface RunEstimate {
  /** Training batches. */
  readonly train: number;
  /** Topology updates and re-initialisations. */
  readonly topology: number;
  /** Scoring the held-out rows after every epoch. */
  readonly evaluate: number;
  readonly total: number;
  /** Topology's share of the total. */
  readonly topologyShare: number;
}

/**
 * Trains FD-TSE for a few epochs on every back end. The estimate multiplies the measured times by the
 * numbers of batches and topology changes in the paper's schedule.
 *
 * @param epochs At least 12, two per member.
 */
export function wholeRuns(
  dataset: Dataset,
  epochs: number,
  { present }: BackEnds,
  counter: HardwareCounter,
): WholeRun[] {
  const settings = completeSettings({ method: "fd", epochs, explore: epochs - 10 });
  const { problem } = prepareProblem(dataset, settings);
  const paper = edstSchedule(defaultSettings("fd"));
  return present.map(({ name, kernels }) => {
    const watched = timeKernels(kernels, undefined, counter);
    const meters = openMeters(counter);
    using run = openRun(problem, settings, watched.kernels, { meters });
    const countable = !("unavailable" in counter);
    const inTraining = noTimes(countable);
    const mark = noTimes(countable);
    const made = { update: 0, reinitialize: 0 };
    const took = { update: 0, reinitialize: 0 };
    let known = 0;
    let epochsRun = 1;
    const began = performance.now();
    for (const event of train(run)) {
      // The network is scored between an epoch's last batch and its end; that is not training.
      addTimesSince(event.type === "batch" ? inTraining : null, watched.times, mark);
      if (event.type === "epoch") epochsRun = event.epoch;
      if (event.type !== "topology" || event.kind === "start") continue;
      if (event.layer === 0) made[event.kind]++;
      took[event.kind] += meters.seconds.topology - known;
      known = meters.seconds.topology;
    }
    const seconds = (performance.now() - began) / 1000;
    const hardware = "unavailable" in counter
      ? noCount(counter)
      : { hardware: meters.hardwareFlops, event: counter.event, reason: null };
    const { flops, step: steps } = run.progress;
    const { train: stepping, topology, evaluate } = meters.seconds;
    const trainingMs = 1000 * (stepping + topology + evaluate);
    const inKernels = Object.values(watched.times).reduce((sum, { ms }) => sum + ms / 1000, 0);
    const apart = openMeters(counter);
    const counting = measure({ step: () => countStep(run, apart) }).step.median;
    const counts = changeCounts(paper);
    const changing = (kind: "update" | "reinitialize") =>
      made[kind] === 0 ? 0 : took[kind] / made[kind] * counts[kind];
    const { training, validation } = problem;
    const paperSteps = paper.epochs *
      batchesPerEpoch(GESTURE_PHASE_ROWS, settings.batchSize, settings.dropLastBatch);
    const estimate = {
      train: meters.seconds.train / steps * paperSteps,
      topology: changing("update") + changing("reinitialize"),
      evaluate: meters.seconds.evaluate / epochsRun * paper.epochs *
        (GESTURE_PHASE_HELD_OUT / (validation?.rows ?? training.rows)),
    };
    const total = estimate.train + estimate.topology + estimate.evaluate;
    return {
      backEnd: name,
      epochs,
      seconds,
      kernelShare: inKernels / seconds,
      kernels: watched.times,
      flops: {
        ...workFlops(flops, { median: trainingMs, hardware }),
        passes: passFlops(flops, run.stage.network.layers, inTraining, hardware),
      },
      counting: { ms: counting, share: counting / (1000 * meters.seconds.train / steps) },
      estimate: { ...estimate, total, topologyShare: estimate.topology / total },
    };
  });
}

/** The counting in a training step: by formula, and in hardware before and after. */
function countStep(run: TrainingRun, meters: Meters): void {
  meters.measure("train", () => {});
  addFlops(noFlops(), stepFlops(run, run.settings.batchSize));
}

/** The numbers of topology updates and re-initialisations in a schedule. */
export function changeCounts(schedule: Schedule): { update: number; reinitialize: number } {
  const counts = { update: 0, reinitialize: 0 };
  for (let epoch = 0; epoch + 1 < schedule.epochs; epoch++) {
    if (endsMember(schedule, epoch)) counts.reinitialize++;
    else if (updatesTopology(schedule, epoch)) counts.update++;
  }
  return counts;
}
