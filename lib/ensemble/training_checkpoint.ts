/**
 * Checkpoints: everything that a training run needs to continue as if it had never stopped. Random streams
 * are not stored, because seed, purpose and epoch determine them. Sets of blocked positions are not stored,
 * because the members determine them.
 *
 * @module
 */
import type { WorkSeconds } from "../counters/mod.ts";
import type { Safetensors, Tensor } from "../files/mod.ts";
import type { FloatArray, PerWeight } from "../kernels/mod.ts";
import { contentError } from "../messages.ts";
import {
  checkNoneLeft,
  describeMembers,
  describeTensors,
  hasBlocks,
  membersToTensors,
  readDescription,
  takeFinite,
  takeMembers,
} from "../model/mod.ts";
import { type Member, stateSlots } from "../nn/mod.ts";
import { optimizerOf, type Settings } from "../settings/mod.ts";
import * as v from "../valibot.ts";
import { savedStrategy, strategySchema, strategyToTensors } from "./strategy_tensors.ts";
import { firstProgress } from "./progress.ts";
import type { AheadMember, NetworkState, PlacedEvent, SavedRun } from "./saved_run.ts";
import type { TrainingEvent } from "./training_event.ts";

/** The version that this library writes and reads. */
const CHECKPOINT_VERSION = 2;

const text = v.string("a text");
const share = v.nullable(v.number("a number, or null"));
const finite = "a finite number from 0";
const amount = v.pipe(v.number(finite), v.finite(finite), v.minValue(0, finite));
const whole = "a whole number from 0";
const count = v.pipe(v.number(whole), v.safeInteger(whole), v.minValue(0, whole));

const workSeconds = { train: amount, topology: amount, evaluate: amount };

const place = {
  epoch: count,
  batch: count,
  step: count,
  loss: amount,
  correct: count,
  flops: v.object({
    forward: amount,
    activation: amount,
    softmax: amount,
    inputGradient: amount,
    weightGradient: amount,
    update: amount,
    topology: amount,
    // Old checkpoints, which did not count validation, lack this.
    validation: v.optional(amount, 0),
  }, "an object"),
  rollbacks: v.array(
    v.object({ epoch: count, batch: count, loss: text, learningRate: amount }, "an object"),
    "a list",
  ),
};

const epochRecord = {
  epoch: count,
  member: count,
  phase: v.picklist(
    ["exploration", "refinement 1", "refinement 2", "training"],
    "the name of a phase",
  ),
  loss: v.number("a number"),
  accuracy: share,
  flops: amount,
  validationLoss: share,
  validationAccuracy: share,
  explored: v.optional(amount),
  staleness: v.optional(
    v.object({ mean: amount, largest: count, dropped: amount }, "an object"),
  ),
};

/** The state of a run, or of one member of it. */
const state = {
  progress: v.object({
    ...place,
    history: v.array(v.object(epochRecord, "an object"), "a list"),
    turns: v.exactOptional(v.array(count, "a list")),
  }, "an object"),
  /**
   * The finished members, then the best network of the member in training if there is one, then the network
   * in training.
   */
  members: v.unknown(),
  hasBest: v.boolean("true or false"),
  /** The memory and arrays of the strategy; left out where it has none. */
  strategy: v.optional(strategySchema),
  updateIsDue: v.optional(v.boolean("true or false")),
};

const stateSchema = v.object(state, "an object");
type StateJson = v.InferOutput<typeof stateSchema>;

const placedEvent = v.object({
  event: v.variant("type", [
    v.object({ type: v.literal("epoch"), epochs: count, ...epochRecord }),
    v.looseObject({ type: v.picklist(["topology", "updates", "rollback"]) }),
    // At the end of a member, the network in training equals the finished member.
    v.object({ type: v.literal("member"), index: count }),
  ], "an event"),
  at: v.object({ ...place, seconds: v.object(workSeconds), hardwareFlops: amount }, "an object"),
}, "an object");

/** The JSON in the metadata, beside kind, version and settings. */
const schema = v.object({
  data: text,
  kernels: v.picklist(["wasm", "native", "reference"], "the name of a back end"),
  seconds: v.object({ ...workSeconds, total: amount, cpu: amount }, "an object"),
  ...state,
  /** The members that are trained beside this one. Their tensors have names that begin with `ahead`. */
  ahead: v.optional(v.array(
    v.object({
      member: count,
      seconds: v.object(workSeconds, "an object"),
      events: v.array(placedEvent, "a list"),
      state: stateSchema,
    }, "an object"),
    "a list",
  )),
  /** The copies that workers train apart. Their tensors have names that begin with `copy`. */
  copies: v.optional(v.array(stateSchema, "a list")),
});

/** Facts about a run that a checkpoint stores beside its state. */
export interface CheckpointContext {
  /** A digest of the training data. A run can continue only with the rows with which it began. */
  readonly data: string;
  /** The back end's name. */
  readonly kernels: string;
  /** Seconds spent so far. Nothing else in a checkpoint differs between two equal runs. */
  readonly seconds: WorkSeconds & {
    readonly total: number;
    /** Processor seconds, summed over all threads. */
    readonly cpu: number;
  };
}

/** A checkpoint that was read. */
export interface Checkpoint extends CheckpointContext {
  /** The settings of the run. */
  readonly settings: Settings;
  /** The state of the run. */
  readonly saved: SavedRun;
}

/** Encodes a run's state as tensors and metadata. */
export function encodeCheckpoint(
  saved: SavedRun,
  settings: Settings,
  context: CheckpointContext,
): Safetensors {
  const tensors = new Map<string, Tensor>();
  const state = stateToTensors(saved, tensors);
  const copies = saved.copies?.map((copy, worker) =>
    prefixed({ ...copy, progress: PLACELESS }, copyPrefix(worker), tensors)
  );
  const ahead = saved.ahead?.map(({ member, saved, events, seconds }, place) => {
    const state = prefixed(saved, aheadPrefix(place), tensors);
    return { member, seconds, events: events.map(withoutArrays), state };
  });
  return describeTensors(tensors, {
    kind: "checkpoint",
    // Version 2 adds blocks only. All networks of a run have blocks, or none has.
    version: hasBlocks([memberInTraining(saved)]) ? CHECKPOINT_VERSION : 1,
    settings,
    ...context,
    ...state,
    ahead,
    copies,
  });
}

/** The progress that is stored with a worker's copy of the network. Its position is that of the run. */
const PLACELESS = firstProgress();

/** Adds the networks of a state to tensors, under names with a prefix, and returns its JSON. */
function prefixed(saved: SavedRun, prefix: string, tensors: Map<string, Tensor>): StateJson {
  const own = new Map<string, Tensor>();
  const state = stateToTensors(saved, own);
  for (const [name, tensor] of own) tensors.set(`${prefix}${name}`, tensor);
  return state;
}

function memberInTraining({ layers, progress: { epoch } }: SavedRun): Member {
  return { layers, epoch, validationAccuracy: null };
}

function copyPrefix(worker: number): string {
  return `copy.${worker}.`;
}

function aheadPrefix(place: number): string {
  return `ahead.${place}.`;
}

function withoutArrays({ event, at }: PlacedEvent): object {
  return event.type === "member"
    ? { event: { type: event.type, index: event.index }, at }
    : { event, at };
}

/** Adds the networks of a state to tensors, and returns its JSON. */
function stateToTensors(saved: SavedRun, tensors: Map<string, Tensor>): StateJson {
  const { members, best, updateIsDue, ...progress } = saved.progress;
  const current = memberInTraining(saved);
  const all = best === null ? [...members, current] : [...members, best, current];
  for (const [name, tensor] of membersToTensors(all)) tensors.set(name, tensor);
  saved.state.forEach((slots, l) =>
    slots.forEach(({ weights, bias }, slot) => {
      tensors.set(`state.${l}.${slot}.weights`, tensorOf(weights));
      tensors.set(`state.${l}.${slot}.bias`, tensorOf(bias));
    })
  );
  const strategy = saved.strategy && strategyToTensors(saved.strategy, tensors);
  return {
    progress: progress as StateJson["progress"],
    members: describeMembers(all),
    hasBest: best !== null,
    strategy,
    // Most runs have no update due. Their checkpoints leave the field out.
    updateIsDue: updateIsDue || undefined,
  };
}

/**
 * Decodes a run's state from tensors and metadata.
 *
 * @throws {SyntaxError} If it is no checkpoint, is damaged, or is of another version.
 */
export function decodeCheckpoint(file: Safetensors, source: string): Checkpoint {
  const description = readDescription(
    file,
    "checkpoint",
    CHECKPOINT_VERSION,
    (value) => v.checkContent(schema, value, source),
    source,
  );
  const { settings, data, kernels, seconds, progress } = description;
  const chosen = settings.kernels;
  if (chosen === "auto" ? kernels === "reference" : kernels !== chosen) {
    throw contentError(source, `kernels "${kernels}"`, `those of the settings, "${chosen}"`);
  }
  if (progress.history.length !== progress.epoch) {
    throw contentError(source, "a history of another length", `${progress.epoch} epochs`);
  }
  const left = new Map(file.tensors);
  const copies = description.copies?.map((state, worker): NetworkState => {
    const own = takePrefixed(left, copyPrefix(worker));
    const { progress: _, ...copy } = takeState(state, settings, own, source);
    return copy;
  });
  const ahead = description.ahead?.map(({ member, seconds, events, state }, place): AheadMember => {
    const own = takePrefixed(left, aheadPrefix(place));
    const saved = takeState(state, settings, own, source);
    const [finished] = saved.progress.members;
    return {
      member,
      seconds,
      saved,
      events: events.map(({ event, at }): PlacedEvent => {
        if (event.type !== "member") return { event: event as TrainingEvent, at };
        if (finished !== undefined) return { event: { ...event, member: finished }, at };
        throw contentError(source, "the end of a member without it", "the member");
      }),
    };
  });
  return {
    settings,
    data,
    kernels,
    seconds,
    saved: { ...takeState(description, settings, left, source), ahead, copies },
  };
}

/** Removes the tensors whose names begin with a prefix, and returns them without the prefix. */
function takePrefixed(tensors: Map<string, Tensor>, prefix: string): Map<string, Tensor> {
  const own = new Map<string, Tensor>();
  for (const [name, tensor] of [...tensors]) {
    if (!name.startsWith(prefix)) continue;
    own.set(name.slice(prefix.length), tensor);
    tensors.delete(name);
  }
  return own;
}

/** Removes all networks of a state from the tensors, and returns them. */
function takeState(
  json: StateJson,
  settings: Settings,
  left: Map<string, Tensor>,
  source: string,
): SavedRun {
  const { progress, hasBest, updateIsDue = false } = json;
  const members = takeMembers(left, json.members, source);
  const layers = members.pop()?.layers;
  if (layers === undefined) throw contentError(source, "no networks", "the one in training");
  const slots = stateSlots(optimizerOf(settings));
  const state = layers.map((layer, l) => {
    const weights = layer.kind === "sparse" ? layer.data : layer.weights;
    return Array.from({ length: slots }, (_, slot): PerWeight => ({
      weights: takeFinite(left, `state.${l}.${slot}.weights`, [weights.length], source),
      bias: takeFinite(left, `state.${l}.${slot}.bias`, [layer.bias.length], source),
    }));
  });
  const strategy = json.strategy && savedStrategy(json.strategy, layers, left, source);
  checkNoneLeft(left, source);
  const best = hasBest ? members.pop() : null;
  if (best === undefined) throw contentError(source, "no best network", "one");
  return { progress: { ...progress, members, best, updateIsDue }, layers, state, strategy };
}

function tensorOf(values: FloatArray): Tensor {
  return { dtype: "F32", shape: [values.length], data: Float32Array.from(values) };
}
