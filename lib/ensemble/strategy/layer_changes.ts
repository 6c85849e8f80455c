/**
 * Topology changes of a whole network. A strategy's answer is checked for all layers before the first
 * layer changes.
 *
 * @module
 */
import { addFlops, type FlopCount, noFlops } from "../../counters/mod.ts";
import { type FloatArray, floatsLike } from "../../kernels/mod.ts";
import { quoted, shown } from "../../messages.ts";
import {
  indexTranspose,
  inheritSecondMoments,
  replaceConnections,
  type SparseLayer,
} from "../../nn/mod.ts";
import {
  answerOf,
  callStrategy,
  checkGrownWeights,
  type LayerChange,
  type LayerView,
  moveConnections,
  type NetworkUpdate,
  planRewiring,
  pruneThenGrow,
  type Rewiring,
  setGrown,
  type TopologyChange,
} from "../../topology/mod.ts";
import { checkMemory, copyMemory, type OwnArrays, ownArrays } from "../strategy_memory.ts";
import type { TrainingEvent } from "../training_event.ts";
import type { TrainingRun } from "../training_run.ts";
import { type BatchPlace, openMissingGradients } from "./missing_gradients.ts";
import { momentOf } from "./moment.ts";
import { keepTried } from "./tried_positions.ts";
import { arraysOf, checkUnwritten, keepOwn, type ViewedLayer, viewLayers } from "./network_view.ts";

/** A checked change of one layer. */
interface CheckedChange {
  readonly layer: ViewedLayer;
  readonly plan: Rewiring;
  /** The weights of grown connections. */
  readonly values: FloatArray;
  /** New weights of all stored connections; `undefined` if survivors keep their weights. */
  readonly weights: FloatArray | undefined;
  /** The numbers of grown connections in the strategy's own arrays, by name. */
  readonly own: OwnArrays;
  readonly flops: number;
  readonly notes: NonNullable<LayerChange["notes"]>;
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
 * @param place The batch after which the update comes, if updates are counted in steps. Left out: in
 * epochs.
 * @throws {StrategyError} If the strategy throws or its answer is not valid. No layer changes then.
 */
export function changeLayers(
  run: TrainingRun,
  kind: "start" | "update" | "reinitialize",
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
    (l) => [kind === "start" ? kind : "topology", epoch, l, ...place === undefined ? [] : [step]],
  );
  if (memory.tried === null) keepTried(run);
  const strategy = run.method.topology;
  const kept = callStrategy(strategy, () => copyMemory(strategy.name, memory.memory));
  let checked: CheckedChange[];
  try {
    checked = callStrategy(strategy, () => {
      const views = layers.map(({ view }) => view);
      const changes = typeof change === "function"
        ? change.call(
          strategy,
          { layers: views },
          { ...momentOf(run), pruneRate: fraction },
          memory.memory,
        )
        : layers.map(({ view }) => pruneThenGrow(view, change, fraction));
      const checked = checkChanges(layers, answerOf(changes));
      checkUnwritten(layers);
      checkMemory(strategy.name, memory.memory);
      return checked;
    });
  } catch (error) {
    // A resumed run makes this update again.
    memory.memory = kept;
    throw error;
  }
  keepOwn(layers, memory.own);
  const { updates } = memory;
  const isByStep = place !== undefined;
  if (isByStep && checked.some(({ removed, grown }) => removed + grown > 0)) updates.count++;
  const events = checked.map((checkedChange): TrainingEvent => {
    const { layer, flops: told, notes, removed, grown } = checkedChange;
    const operations = carryOut(run, checkedChange) + told;
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
      notes,
    };
  });
  keepTried(run);
  return { events, flops };
}

/**
 * Makes the event that summarises the updates after single steps in a finished epoch. Empty without such
 * updates.
 */
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
 * Calls the strategy's `begin` and `start`, if it has not seen the network in training yet.
 *
 * @throws {StrategyError} If the strategy throws or its answer is not valid. The strategy then counts as
 * not begun.
 */
export function beginStrategy(run: TrainingRun): TopologyEvents {
  const { method: { topology }, stage: { memory }, progress } = run;
  const flops = noFlops();
  if (memory.memory !== undefined) return { events: [], flops };
  using gradients = openMissingGradients(run, flops);
  const layers = viewLayers(run, gradients, flops, (l) => ["strategy", progress.epoch, l]);
  const begun = callStrategy(topology, () => {
    const begun = answerOf(topology.begin?.({ layers: layers.map(({ view }) => view) }) ?? null);
    checkUnwritten(layers);
    checkMemory(topology.name, begun);
    return begun;
  });
  keepOwn(layers, memory.own);
  memory.memory = begun;
  if (topology.start === undefined) return { events: [], flops };
  try {
    const { events, flops: more } = changeLayers(run, "start", topology.start, 1);
    addFlops(flops, more);
    return { events, flops };
  } catch (error) {
    memory.memory = undefined;
    throw error;
  }
}

/**
 * Plans all changes, in the order of the layers. The initialiser draws weights that the strategy left out.
 */
function checkChanges(layers: readonly ViewedLayer[], changes: unknown): CheckedChange[] {
  if (!Array.isArray(changes)) {
    throw new TypeError("Cannot use its answer: need a list of changes, one a layer");
  }
  const changed: ViewedLayer[] = [];
  return Array.from(changes, (answer): CheckedChange => {
    // The answer is read once and its numbers are copied, because they may be views of arrays that will
    // change.
    const {
      layer: number,
      remove = new Int32Array(0),
      grow = new Float64Array(0),
      values: told,
      weights,
      own = {},
      flops = 0,
      notes = {},
    } = Object(answer) as LayerChange;
    const layer = layers.find(({ view }) => view.layer === number);
    if (layer === undefined || changed.includes(layer)) {
      const known = layers.map(({ view }) => view.layer).join(", ");
      throw new RangeError(
        `Cannot use its answer: found a change of layer ${shown(number)}, ` +
          `need each of ${known} at most once`,
      );
    }
    changed.push(layer);
    if (!(typeof flops === "number" && flops >= 0 && flops <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(
        `Cannot count its operations: found ${shown(flops)}, need a number from 0 to 2^53 - 1`,
      );
    }
    const { view } = layer;
    const plan = planRewiring(layer.layer, remove, grow);
    const grown = grow.length * view.blockSize;
    const values = grownWeights(view, told, grown);
    if (weights !== undefined) checkGrownWeights(view, weights, view.weights.length, "stored");
    return {
      layer,
      plan,
      values,
      weights: weights?.slice(),
      own: checkedOwn(view, own, grown),
      flops,
      notes: checkedNotes(notes),
      removed: remove.length * view.blockSize,
      grown,
    };
  });
}

/** Copies the grown connections' numbers in the strategy's own arrays. */
function checkedOwn(view: LayerView, own: unknown, count: number): OwnArrays {
  if (!isObject(own)) {
    throw new TypeError(`Cannot use its answer: found ${shown(own)} as own, need arrays by name`);
  }
  return Object.fromEntries(
    Object.entries(own as OwnArrays).map(([name, numbers]) => {
      if (!Object.hasOwn(view.own, name)) {
        throw new TypeError(`Cannot use its answer: it has no array ${quoted(name)}`);
      }
      checkGrownWeights(view, numbers, count);
      return [name, Float64Array.from(numbers)];
    }),
  );
}

/** Copies the notes. Events contain them as JSON. */
function checkedNotes(notes: unknown): NonNullable<LayerChange["notes"]> {
  const copy = isObject(notes) ? Object.entries(notes) : [["", notes]];
  const wrong = copy.find(([, note]) => typeof note !== "number" && typeof note !== "string");
  if (isObject(notes) && wrong === undefined) return Object.fromEntries(copy);
  throw new TypeError(
    `Cannot use its answer: found ${shown(isObject(notes) ? wrong![1] : notes)} among its notes, ` +
      "need numbers and texts by name",
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the weights of grown connections. The initialiser draws them if the strategy left them out. */
function grownWeights(view: LayerView, told: LayerChange["values"], count: number): FloatArray {
  if (told !== undefined && typeof told !== "number") {
    checkGrownWeights(view, told, count);
    return told.slice();
  }
  const values = floatsLike(view.weights, count);
  if (told === undefined) view.draw(values, view.random);
  else values.fill(told);
  checkGrownWeights(view, values, count);
  return values;
}

/**
 * Rewires a layer. If the number of connections changes, the layer is replaced by a new one.
 *
 * @returns The number of floating-point operations.
 */
function carryOut(
  run: TrainingRun,
  { layer: { l, view }, weights, own: numbers, plan, values }: CheckedChange,
): number {
  const { method, settings, stage: { network, memory } } = run;
  const layer = network.layers[l] as SparseLayer;
  const { blockSize } = layer;
  const target = arraysOf(layer, view.layer, memory.own[l]);
  const before = weights === undefined ? target : { ...target, weights };
  const nnz = plan.indices.length;
  if (nnz === layer.indices.length) {
    moveConnections(plan, before, values, target);
    if (plan.growth.length > 0) indexTranspose(layer);
  } else {
    const own = ownArrays(method.topology, nnz * blockSize);
    replaceConnections(
      network,
      l,
      nnz,
      (fresh) => moveConnections(plan, before, values, arraysOf(fresh, view.layer, own)),
    );
    memory.own[l] = own;
  }
  for (const [name, grown] of Object.entries(numbers)) {
    setGrown(memory.own[l][name], plan, grown, blockSize);
  }
  return settings.optimizer === "sgd"
    ? 0
    : inheritSecondMoments(network.layers[l] as SparseLayer, plan.growth);
}
