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
  callStrategy,
  checkGrownWeights,
  type LayerChange,
  type LayerView,
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
import { checkMemory, ownArrays, restoreMemory, saveMemory } from "./strategy_memory.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** A change of one layer that was checked. */
interface CheckedChange {
  readonly layer: ViewedLayer;
  readonly change: LayerChange;
  readonly plan: Rewiring;
  /** The weights of grown connections. */
  readonly values: FloatArray;
  /** The numbers of removed and of grown connections. */
  readonly removed: number;
  readonly grown: number;
}

/** The events of a topology change, and its operations. */
export interface TopologyEvents {
  readonly events: readonly TrainingEvent[];
  readonly flops: FlopCount;
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
  const { progress: { epoch, step }, stage: { memory, network } } = run;
  const flops = noFlops();
  using gradients = openMissingGradients(run, flops, place);
  const layers = viewLayers(
    run,
    gradients,
    flops,
    (l) => ["topology", epoch, l, ...place === undefined ? [] : [step]],
  );
  const strategy = run.method.topology;
  const kept = saveMemory(strategy, memory);
  let checked: CheckedChange[];
  try {
    checked = callStrategy(strategy, () => {
      const views = layers.map(({ view }) => view);
      const changes = typeof change === "function"
        ? change({ layers: views }, { ...momentOf(run), pruneRate: fraction }, memory.memory)
        : views.map((view) => pruneThenGrow(view, change, fraction));
      const checked = checkChanges(layers, changes);
      checkMemory(strategy.name, memory.memory);
      return checked;
    });
  } catch (error) {
    // The update is made again where the run goes on.
    if (kept !== undefined) {
      const { memory: before, own } = restoreMemory(strategy, kept, network);
      memory.memory = before;
      own.forEach((arrays, l) => memory.own[l] = arrays);
    }
    throw error;
  }
  const { updates } = memory;
  const isByStep = place !== undefined;
  if (isByStep && checked.some(({ removed, grown }) => removed + grown > 0)) updates.count++;
  const events = checked.map((checkedChange): TrainingEvent => {
    const { layer, change, removed, grown } = checkedChange;
    const operations = carryOut(run, checkedChange) + (change.flops ?? 0);
    if (isByStep) {
      updates.removed[layer.l] += removed;
      updates.grown[layer.l] += grown;
    }
    addFlops(flops, { ...noFlops(), topology: operations });
    return {
      type: "topology",
      kind,
      epoch: epoch + 1,
      step: place && step,
      layer: layer.l,
      removed: removed === grown ? undefined : removed,
      grown,
      notes: change.notes ?? {},
    };
  });
  return { events, flops };
}

/** The event that tells of the updates by steps in an epoch that is finished; none without any. */
export function updatesOf({ stage: { memory, network }, progress }: TrainingRun): TrainingEvent[] {
  const { count, removed, grown } = memory.updates;
  if (count === 0) return [];
  const layers = network.layers.map(({ weights }, layer) => ({
    layer,
    removed: removed[layer],
    grown: grown[layer],
    connections: weights.length,
  })).filter(({ removed, grown }) => removed + grown > 0);
  return [{ type: "updates", epoch: progress.epoch + 1, updates: count, layers }];
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
  if (when !== undefined) callStrategy(topology, () => checkTimes(when));
  if (memory.memory !== undefined) return flops;
  using gradients = openMissingGradients(run, flops);
  const layers = viewLayers(run, gradients, flops, (l) => ["strategy", progress.epoch, l]);
  memory.memory = callStrategy(topology, () => {
    const begun = topology.begin!({ layers: layers.map(({ view }) => view) });
    checkMemory(topology.name, begun);
    return begun;
  });
  return flops;
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
    const { remove = new Int32Array(0), grow = new Float64Array(0), weights, own = {}, flops = 0 } =
      change;
    if (!(flops >= 0 && flops < Infinity)) {
      throw new RangeError(`Cannot count its operations: found ${flops}, need a number from 0`);
    }
    const plan = planRewiring(view, remove, grow);
    const values = grownWeights(view, change.values, grow.length);
    if (weights !== undefined) checkGrownWeights(view, weights, view.weights.length, "stored");
    for (const [name, numbers] of Object.entries<Float64Array>(own)) {
      if (!Object.hasOwn(view.own, name)) {
        throw new TypeError(`Cannot use its answer: it has no array "${name}"`);
      }
      checkGrownWeights(view, numbers, grow.length);
    }
    return { layer, change, plan, values, removed: remove.length, grown: grow.length };
  });
}

/** The weights of grown connections: drawn, if the strategy left them out. */
function grownWeights(view: LayerView, told: LayerChange["values"], count: number): FloatArray {
  if (typeof told === "object") {
    checkGrownWeights(view, told, count);
    return told;
  }
  const values = floatsLike(view.weights, count);
  if (told === undefined) view.draw(values, view.random);
  else values.fill(told);
  checkGrownWeights(view, values, count);
  return values;
}

/**
 * Rewires a layer. Where the number of connections changes, the network gets another layer.
 *
 * @returns The number of floating-point operations.
 */
function carryOut(
  run: TrainingRun,
  { layer: { l, view }, change: { weights, own: numbers = {} }, plan, values }: CheckedChange,
): number {
  const { method, settings, stage: { network, memory } } = run;
  const layer = network.layers[l] as SparseLayer;
  const target = arraysOf(layer, view.layer, memory.own[l]);
  const before = weights === undefined ? target : { ...target, weights };
  const nnz = plan.indices.length;
  if (nnz === layer.indices.length) {
    moveConnections(plan, before, values, target);
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
  for (const [name, grown] of Object.entries(numbers)) {
    plan.growth.forEach((entry, i) => memory.own[l][name][entry] = grown[i]);
  }
  return settings.optimizer === "sgd"
    ? 0
    : inheritSecondMoments(network.layers[l] as SparseLayer, plan.growth);
}
