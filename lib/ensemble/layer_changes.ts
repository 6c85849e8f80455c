/**
 * Topology changes of a whole network. A strategy's answer is checked for all layers before the first
 * layer changes.
 *
 * @module
 */
import { addFlops, noFlops } from "../counters/mod.ts";
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
): TrainingEvent[] {
  const { epoch, step, flops } = run.progress;
  using gradients = openMissingGradients(run, place);
  const layers = viewLayers(
    run,
    gradients,
    (l) => ["topology", epoch, l, ...place === undefined ? [] : [step]],
  );
  const checked = ofStrategy(run, () => {
    const views = layers.map(({ view }) => view);
    const changes = typeof change === "function"
      ? change({ layers: views }, { ...momentOf(run), pruneRate: fraction }, run.memory.memory)
      : views.map((view) => pruneThenGrow(view, change, fraction));
    const checked = checkChanges(layers, changes);
    checkMemory(run.method.topology.name, run.memory.memory);
    return checked;
  });
  return checked.map(({ layer, change, plan, values }): TrainingEvent => {
    carryOut(run, layer, plan, values);
    addFlops(flops, { ...noFlops(), topology: change.flops ?? 0 });
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
}

/** Lets the strategy make its memory, if the network in training is new to it. */
export function beginStrategy(run: TrainingRun): void {
  const { method: { topology }, memory, progress } = run;
  const { when } = topology;
  if (when !== undefined) ofStrategy(run, () => checkTimes(when));
  if (memory.memory !== undefined) return;
  using gradients = openMissingGradients(run);
  const layers = viewLayers(run, gradients, (l) => ["strategy", progress.epoch, l]);
  memory.memory = ofStrategy(run, () => {
    const begun = topology.begin!({ layers: layers.map(({ view }) => view) });
    checkMemory(topology.name, begun);
    return begun;
  });
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

/** Rewires a layer. Where the number of connections changes, the network gets another layer. */
function carryOut(
  run: TrainingRun,
  { l, view }: ViewedLayer,
  plan: Rewiring,
  values: FloatArray,
): void {
  const { network, memory, method, settings, progress: { flops } } = run;
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
  if (settings.optimizer === "sgd") return;
  const topology = inheritSecondMoments(network.layers[l] as SparseLayer, plan.growth);
  addFlops(flops, { ...noFlops(), topology });
}
