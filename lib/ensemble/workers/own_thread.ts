/**
 * Workers that take turns in this thread. A gradient is computed when its worker fetches the network. It is
 * delivered at the time at which a worker on its own machine would finish. A simulated clock, drawn from
 * the seed, tells this time.
 *
 * @module
 */
import { openMeters } from "../../counters/mod.ts";
import { randomStream } from "../../random.ts";
import { phaseAt, shareBatches } from "../../training/mod.ts";
import type { TrainingRun } from "../training_run.ts";
import {
  type ApartEpoch,
  gradientOf,
  parametersOf,
  perWeightViews,
  type Team,
  type WorkerGradient,
} from "./team.ts";
import { trainApart } from "./train_apart.ts";

/** The standard deviation of the logarithm of a batch's time on an undisturbed worker. */
export const SPREAD = 0.25;

/**
 * Lets all workers of a run take turns in this thread.
 *
 * @param spread The standard deviation of the logarithm of the time of a batch. The times are drawn from
 * the log-normal distribution, independently for every worker and batch.
 */
export function ownThread(run: TrainingRun, spread = SPREAD): Team {
  /** The coming gradients, each with the time of its delivery. */
  let coming: { readonly at: number; readonly gradient: WorkerGradient }[] = [];
  let clock = 0;
  return {
    threads: 1,
    begin(batch) {
      const { settings: { seed }, stage } = run;
      const { network, workspace } = stage;
      const result = run.meters.measure(
        "train",
        () => gradientOf(network, workspace, { settings: run.settings, ...stage }, batch),
      );
      const gradients = perWeightViews(network, new Float32Array(parametersOf(network)));
      network.layers.forEach(({ gradient }, l) => {
        gradients[l].weights.set(gradient!.weights);
        gradients[l].bias.set(gradient!.bias);
      });
      const { worker, number } = batch;
      const time = Math.exp(spread * randomStream(seed, "pace", worker, number).normal());
      coming.push({ at: clock + time, gradient: { worker, ...result, gradients } });
    },
    next() {
      const first = coming.reduce((first, other) => other.at < first.at ? other : first);
      coming = coming.filter((other) => other !== first);
      clock = first.at;
      return Promise.resolve(first.gradient);
    },
    forget() {
      coming = [];
      return Promise.resolve();
    },
    async *apart(copies) {
      const { stage, schedule, progress: { epoch, step, rollbacks } } = run;
      const { member } = phaseAt(schedule, epoch);
      const epochs: ApartEpoch[] = [];
      for (const [worker, copy] of copies.entries()) {
        const task = { worker, member, plan: stage, copy, place: { epoch, step, rollbacks } };
        const meters = openMeters();
        const batches = trainApart(run, task, stage.network.kernels, meters);
        const all = shareBatches(stage.rows.rows, run.settings, worker);
        for (;;) {
          const { done, value } = batches.next();
          if (done) {
            epochs.push(value);
            break;
          }
          yield (worker + value / all) / copies.length;
        }
      }
      return epochs;
    },
    [Symbol.dispose]: () => {},
  };
}
