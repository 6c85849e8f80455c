/**
 * A team whose members work in other threads or processes.
 *
 * @module
 */
import type { PerWeight } from "../../kernels/mod.ts";
import { storeNetwork } from "../../nn/mod.ts";
import { StrategyError } from "../../topology/mod.ts";
import { phaseAt, shareBatches } from "../../training/mod.ts";
import type { TrainingRun } from "../training_run.ts";
import type { KnownPlan, NetworkNews, TeamAnswer, TeamTask } from "./messages.ts";
import { type ApartEpoch, parametersOf, perWeightViews, type Team } from "./team.ts";

/** The connection to a thread or process that does the work of one worker or several. */
export interface Link {
  /** Sends a task. */
  send(task: TeamTask): void;
  /** The member and the connections of the last network that was sent; `null` before the first. */
  known: { readonly member: number; readonly connections: readonly Int32Array[] } | null;
}

/** The links of a team. */
export interface Links {
  /** One link per worker, in order. If there are fewer links, workers share them. */
  readonly links: readonly Link[];
  /** `true` if both sides can share memory. */
  readonly sharesMemory: boolean;
  /** The next answer over any link. */
  answer(): Promise<TeamAnswer>;
  /** Ends the links. Safe to call twice. */
  dispose(): void;
}

/** Arrays of the size of a network: its weights, and their gradient. */
interface Exchanged {
  readonly weights: Float32Array;
  gradient: Float32Array;
  /** The gradient by layer, for the network that the worker fetched. */
  layers: readonly PerWeight[];
}

/**
 * Makes the team of a run over links whose other ends already have the problem. `next` of the team throws
 * the error of a worker that failed.
 */
export function remoteTeam(run: TrainingRun, all: Links): Team {
  const { links, sharesMemory } = all;
  const exchanged = new Map<number, Exchanged>();
  const linkOf = (worker: number) => links[worker % links.length];
  /** The number of gradients that are still to come. */
  let coming = 0;

  async function answer(): Promise<Exclude<TeamAnswer, { kind: "failure" }>> {
    const first = await all.answer();
    if (first.kind === "failure") throw errorOf(first);
    return first;
  }

  function arraysOf(worker: number, size: number): Exchanged {
    const known = exchanged.get(worker);
    if (known?.weights.length === size) return known;
    const floats = () =>
      sharesMemory ? new Float32Array(new SharedArrayBuffer(4 * size)) : new Float32Array(size);
    const fresh = { weights: floats(), gradient: floats(), layers: [] };
    exchanged.set(worker, fresh);
    return fresh;
  }

  return {
    threads: links.length,
    begin(batch) {
      const { network } = run.stage;
      const arrays = arraysOf(batch.worker, parametersOf(network));
      const views = perWeightViews(network, arrays.weights);
      network.layers.forEach(({ weights, bias }, l) => {
        views[l].weights.set(weights);
        views[l].bias.set(bias);
      });
      arrays.layers = perWeightViews(network, arrays.gradient);
      coming++;
      const link = linkOf(batch.worker);
      const { weights, gradient } = arrays;
      link.send({
        kind: "gradient",
        batch,
        network: newsFor(run, link),
        weights,
        gradient: sharesMemory ? gradient : null,
      });
    },
    async next() {
      const told = await answer();
      if (told.kind !== "gradient") throw new Error("Cannot use an answer: need a gradient");
      coming--;
      const { worker, loss, correct } = told;
      const arrays = exchanged.get(worker)!;
      if (told.gradient !== undefined) arrays.gradient.set(told.gradient);
      return { worker, loss, correct, gradients: arrays.layers };
    },
    async forget() {
      while (coming > 0) {
        await answer();
        coming--;
      }
    },
    async *apart(copies) {
      const { stage, schedule, progress: { epoch, step, rollbacks } } = run;
      const { member } = phaseAt(schedule, epoch);
      const plan = planOf(run);
      copies.forEach((copy, worker) => {
        const place = { epoch, step, rollbacks };
        linkOf(worker).send({ kind: "apart", worker, member, plan, copy, place });
      });
      for (const link of links) link.known = null;
      const batches = copies.map((_, worker) =>
        shareBatches(stage.rows.rows, run.settings, worker)
      );
      const done = copies.map(() => 0);
      const epochs: ApartEpoch[] = [];
      while (epochs.length < copies.length) {
        const told = await answer();
        if (told.kind === "apart") {
          epochs.push(told.epoch);
          done[told.epoch.worker] = 1;
        } else if (told.kind === "batches") {
          done[told.worker] = told.batches / batches[told.worker];
        }
        yield done.reduce((sum, share) => sum + share, 0) / copies.length;
      }
      return epochs.sort((a, b) => a.worker - b.worker);
    },
    [Symbol.dispose]: () => all.dispose(),
  };
}

/** The member and the layers, if these connections were not yet sent over the link; otherwise `null`. */
function newsFor(run: TrainingRun, link: Link): NetworkNews | null {
  const { stage: { network }, schedule, progress } = run;
  const { member } = phaseAt(schedule, progress.epoch);
  const connections = network.layers.flatMap((layer) =>
    layer.kind === "sparse" ? [layer.indptr, layer.indices] : []
  );
  const { known } = link;
  const isKnown = known?.member === member &&
    connections.every((array, i) => isSame(array, known.connections[i]));
  if (isKnown) return null;
  link.known = { member, connections: connections.map((array) => array.slice()) };
  return { member, plan: planOf(run), layers: storeNetwork(network) };
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The settings of the member in training, and the choice of its rows. */
function planOf({ stage, problem }: TrainingRun): KnownPlan {
  const { memberSettings, trialScores, rows } = stage;
  return { memberSettings, trialScores, learnsAll: rows.rows > problem.training.rows };
}

/** The error of a worker, as this thread would throw it. */
function errorOf({ name, message }: TeamAnswer & { kind: "failure" }): Error {
  const kinds: Record<string, new (message: string) => Error> = {
    StrategyError,
    RangeError,
    TypeError,
  };
  return new (Object.hasOwn(kinds, name) ? kinds[name] : Error)(message);
}
