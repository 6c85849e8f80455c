/**
 * Topology changes of a whole network. A strategy's answer is checked for all layers before the first
 * layer changes.
 *
 * @module
 */
import { addFlops, type FlopCount, noFlops } from "../counters/mod.ts";
import { type FloatArray, floatsLike } from "../kernels/mod.ts";
import {
  indexTranspose,
  inheritSecondMoments,
  replaceConnections,
  type SparseLayer,
} from "../nn/mod.ts";
import {
  checkGrownWeights,
  type LayerChange,
  moveConnections,
  type NetworkUpdate,
  planRewiring,
  pruneThenGrow,
  type Rewiring,
  type TopologyChange,
} from "../topology/mod.ts";
import { type BatchPlace, openMissingGradients } from "./missing_gradients.ts";
import { checkTimes, momentOf } from "./moment.ts";
import { arraysOf, type ViewedLayer, viewLayers } from "./network_view.ts";
import { checkMemory, ownArrays } from "./strategy_memory.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** A change of one layer that was checked. */
interface CheckedChange {
  readonly layer: ViewedLayer;
  readonly change: LayerChange;
  readonly plan: Rewiring;
  readonly values: FloatArray;
}

/** The events of a topology change, and its operations. */
export interface TopologyEvents {
  readonly events: readonly TrainingEvent[];
  readonly flops: FlopCount;
}

/** An error of a strategy, or of its answer. */
export class StrategyError extends Error {
  /** The error's name. */
  override name = "StrategyError";
}

/**
 * Changes the topology of the network in training.
 *
 * @param place The batch that an update by steps follows. Left out: an update by epochs.
 * @throws {StrategyError} If the strategy throws or its answer is not valid. No layer changes then.
 */
export function changeLayers(
  run: TrainingRun,
  kind: "update" | "reinitialize",
  change: TopologyChange | NetworkUpdate,
  fraction: number,
  place?: BatchPlace,
): TopologyEvents {
  const { progress: { epoch, step }, stage: { memory } } = run;
  const flops = noFlops();
  using gradients = openMissingGradients(run, flops, place);
  const layers = viewLayers(
    run,
    gradients,
    flops,
    (l) => ["topology", epoch, l, ...place === undefined ? [] : [step]],
  );
  const checked = ofStrategy(run, () => {
    const views = layers.map(({ view }) => view);
    const changes = typeof change === "function"
      ? change({ layers: views }, { ...momentOf(run), pruneRate: fraction }, memory.memory)
      : views.map((view) => pruneThenGrow(view, change, fraction));
    const checked = checkChanges(layers, changes);
    checkMemory(run.method.topology.name, memory.memory);
    return checked;
  });
  const events = checked.map(({ layer, change, plan, values }): TrainingEvent => {
    const topology = carryOut(run, layer, plan, values) + (change.flops ?? 0);
    addFlops(flops, { ...noFlops(), topology });
    const [removed, grown] = [change.remove.length, change.grow.length];
    return {
      type: "topology",
      kind,
      epoch: epoch + 1,
      ...place === undefined ? {} : { step },
      layer: layer.l,
      ...removed === grown ? {} : { removed },
      grown,
      notes: change.notes ?? {},
    };
  });
  return { events, flops };
}

/**
 * Lets the strategy make its memory, if the network in training is new to it.
 *
 * @returns The operations.
 */
export function beginStrategy(run: TrainingRun): FlopCount {
  const { method: { topology }, stage: { memory }, progress } = run;
  const flops = noFlops();
  const { when } = topology;
  if (when !== undefined) ofStrategy(run, () => checkTimes(when));
  if (memory.memory !== undefined) return flops;
  using gradients = openMissingGradients(run, flops);
  const layers = viewLayers(run, gradients, flops, (l) => ["strategy", progress.epoch, l]);
  memory.memory = ofStrategy(run, () => {
    const begun = topology.begin!({ layers: layers.map(({ view }) => view) });
    checkMemory(topology.name, begun);
    return begun;
  });
  return flops;
}

/** Calls a strategy. Its errors become errors that name it. */
export function ofStrategy<T>({ method: { topology: { name } } }: TrainingRun, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : `${cause}`;
    const what = `Cannot change the topology: the strategy "${name}" failed: ${reason}`;
    throw new StrategyError(what, { cause });
  }
}

/** Plans all changes, in the order of the layers. Weights that the strategy left out are drawn. */
function checkChanges(
  layers: readonly ViewedLayer[],
  changes: readonly LayerChange[],
): CheckedChange[] {
  if (!Array.isArray(changes)) {
    throw new TypeError("Cannot use its answer: need a list of changes, one a layer");
  }
  const numbers = changes.map((change) => change?.layer);
  const unknown = numbers.findIndex((number, i) =>
    numbers.indexOf(number) < i || layers.every(({ view }) => view.layer !== number)
  );
  if (unknown >= 0) {
    const known = layers.map(({ view }) => view.layer).join(", ");
    throw new RangeError(
      `Cannot use its answer: found a change of layer ${numbers[unknown]}, ` +
        `need each of ${known} at most once`,
    );
  }
  return changes.map((change): CheckedChange => {
    const layer = layers.find(({ view }) => view.layer === change.layer)!;
    const { view } = layer;
    const { flops = 0 } = change;
    if (!(flops >= 0 && flops < Infinity)) {
      throw new RangeError(`Cannot count its operations: found ${flops}, need a number from 0`);
    }
    const plan = planRewiring(view, change.remove, change.grow);
    let { values } = change;
    if (values === undefined) {
      values = floatsLike(view.weights, change.grow.length);
      view.draw(values, view.random);
    }
    checkGrownWeights(view, values, change.grow.length);
    return { layer, change, plan, values };
  });
}

/**
 * Rewires a layer. Where the number of connections changes, the network gets another layer.
 *
 * @returns The number of floating-point operations.
 */
function carryOut(
  run: TrainingRun,
  { l, view }: ViewedLayer,
  plan: Rewiring,
  values: FloatArray,
): number {
  const { method, settings, stage: { network, memory } } = run;
  const layer = network.layers[l] as SparseLayer;
  const before = arraysOf(layer, view.layer, memory.own[l]);
  const nnz = plan.indices.length;
  if (nnz === layer.indices.length) {
    moveConnections(plan, before, values, before);
    if (plan.growth.length > 0) indexTranspose(layer);
  } else {
    const own = ownArrays(method.topology, nnz);
    replaceConnections(
      network,
      l,
      nnz,
      (fresh) => moveConnections(plan, before, values, arraysOf(fresh, view.layer, own)),
    );
    memory.own[l] = own;
  }
  return settings.optimizer === "sgd"
    ? 0
    : inheritSecondMoments(network.layers[l] as SparseLayer, plan.growth);
}
