/**
 * Workers in threads of their own. Gradients go through memory that a worker shares with its master.
 *
 * @module
 */
import type { PerWeight } from "../../kernels/mod.ts";
import { storeNetwork } from "../../nn/mod.ts";
import { phaseAt, shareBatches } from "../../training/mod.ts";
import { StrategyError } from "../../topology/mod.ts";
import { sharedProblem, sharedRows } from "../side_by_side/mod.ts";
import type { MemberPlan } from "../stage.ts";
import type { ChangingRun } from "../train.ts";
import type { TrainingRun } from "../training_run.ts";
import type { TeamAnswer, TeamTask } from "./messages.ts";
import { type ApartEpoch, parametersOf, perWeightViews, type Team } from "./team.ts";

/** The memory that a worker shares with its master. */
interface Shared {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  /** The gradient by layer, as the network was when the worker fetched it. */
  layers: readonly PerWeight[];
}

/** A thread, and the connections of the network that it has open. */
interface Thread {
  readonly worker: Worker;
  /** The member of its network, and the row starts and indices that it was told last. */
  network: { readonly member: number; readonly connections: readonly Int32Array[] } | null;
}

/**
 * Starts threads for the workers of a run. The run's rows move into memory that they share.
 *
 * @param threads Their number. A thread works for as many workers as it has to.
 * @throws {Error} If a thread cannot be started.
 */
export async function workerThreads(run: TrainingRun, threads: number): Promise<Team> {
  const { settings, schedule, stage } = run;
  const { workers = 1 } = settings;
  const problem = shareProblem(run);
  const started: Thread[] = [];
  const shared = new Map<number, Shared>();
  const dispose = () => {
    for (const { worker } of started) worker.terminate();
    started.length = 0;
  };
  const received: TeamAnswer[] = [];
  let broken: Error | null = null;
  let wake = () => {};
  const send = (thread: Thread, task: TeamTask) => thread.worker.postMessage(task);
  const threadOf = (worker: number) => started[worker % started.length];
  async function answer(): Promise<TeamAnswer> {
    while (received.length === 0 && broken === null) {
      await new Promise<void>((resolve) => wake = resolve);
    }
    if (broken !== null) throw broken;
    const first = received.shift()!;
    if (first.kind === "failure") throw errorOf(first);
    return first;
  }
  /** The gradients that are still to come. */
  let coming = 0;

  for (let t = 0; t < Math.min(threads, workers); t++) {
    const worker = new Worker(new URL("./team_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TeamAnswer>) => {
      received.push(data);
      wake();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      broken ??= new Error(
        `Cannot go on training: found a thread that broke down (${event.message}), need all of them`,
      );
      wake();
    };
    started.push({ worker, network: null });
  }
  try {
    const kernels = stage.network.kernels.name;
    for (const thread of started) {
      send(thread, { kind: "begin", problem, settings, schedule, kernels });
    }
    for (const _ of started) await answer();
  } catch (cause) {
    dispose();
    throw new Error(
      `Cannot start ${threads} threads for workers: ${(cause as Error).message}`,
      { cause },
    );
  }

  return {
    threads: started.length,
    begin(batch) {
      const { network } = run.stage;
      const size = parametersOf(network);
      const memory = sharedOf(shared, batch.worker, size);
      const views = perWeightViews(network, memory.weights);
      network.layers.forEach(({ weights, bias }, l) => {
        views[l].weights.set(weights);
        views[l].bias.set(bias);
      });
      memory.layers = perWeightViews(network, memory.gradient);
      const thread = threadOf(batch.worker);
      coming++;
      const { weights, gradient } = memory;
      send(thread, { kind: "gradient", batch, network: news(run, thread), weights, gradient });
    },
    async next() {
      const gradient = await answer();
      if (gradient.kind !== "gradient") throw new Error("Cannot use an answer: need a gradient");
      coming--;
      const { worker, loss, correct } = gradient;
      return { worker, loss, correct, gradients: shared.get(worker)!.layers };
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
        const task = { worker, member, plan, copy, place: { epoch, step, rollbacks } };
        send(threadOf(worker), { kind: "apart", ...task });
      });
      for (const thread of started) thread.network = null;
      const all = copies.map((_, worker) => shareBatches(stage.rows.rows, run.settings, worker));
      const done = copies.map(() => 0);
      const epochs: ApartEpoch[] = [];
      while (epochs.length < copies.length) {
        const told = await answer();
        if (told.kind === "apart") {
          epochs.push(told.epoch);
          done[told.epoch.worker] = 1;
        } else if (told.kind === "batches") {
          done[told.worker] = told.batches / all[told.worker];
        }
        yield done.reduce((sum, share) => sum + share, 0) / copies.length;
      }
      return epochs.sort((a, b) => a.worker - b.worker);
    },
    [Symbol.dispose]: dispose,
  };
}

/** The member and the layers, if a thread has not seen these connections yet. */
function news(run: TrainingRun, thread: Thread) {
  const { stage: { network }, schedule, progress } = run;
  const { member } = phaseAt(schedule, progress.epoch);
  const connections = network.layers.flatMap((layer) =>
    layer.kind === "sparse" ? [layer.indptr, layer.indices] : []
  );
  const known = thread.network;
  const isKnown = known?.member === member &&
    connections.every((array, i) => isSame(array, known.connections[i]));
  if (isKnown) return null;
  thread.network = { member, connections: connections.map((array) => array.slice()) };
  return { member, plan: planOf(run), layers: storeNetwork(network) };
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The rows and settings of the member in training. */
function planOf({ stage }: TrainingRun): MemberPlan {
  const { rows, heldOut, memberSettings, trialScores } = stage;
  return { rows: sharedRows(rows), heldOut, memberSettings, trialScores, chosenTrials: [] };
}

function sharedOf(all: Map<number, Shared>, worker: number, size: number): Shared {
  const known = all.get(worker);
  if (known?.weights.length === size) return known;
  const floats = () => new Float32Array(new SharedArrayBuffer(4 * size));
  const fresh = { weights: floats(), gradient: floats(), layers: [] };
  all.set(worker, fresh);
  return fresh;
}

/** Moves a run's rows into shared memory, and returns its problem. */
function shareProblem(run: ChangingRun) {
  const { problem, stage } = run;
  const shared = sharedProblem(problem);
  run.problem = shared;
  const rows = stage.rows === problem.training ? shared.training : sharedRows(stage.rows);
  const heldOut = stage.heldOut === problem.validation ? shared.validation : stage.heldOut;
  run.stage = { ...stage, rows, heldOut };
  return shared;
}

/** The error of a thread, in the words that it would have without threads. */
function errorOf({ name, message }: TeamAnswer & { kind: "failure" }): Error {
  const kinds: Record<string, new (message: string) => Error> = {
    StrategyError,
    RangeError,
    TypeError,
  };
  return new (Object.hasOwn(kinds, name) ? kinds[name] : Error)(message);
}
