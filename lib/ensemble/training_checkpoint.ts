/**
 * Checkpoints: everything that a training run needs to continue as if it had never stopped. Random streams
 * have no state to be kept, because seed, purpose and epoch name them. Blocked sets have none, because they
 * follow from the members.
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
import type { SavedRun } from "./saved_run.ts";

/** The version that this library writes and reads. */
export const CHECKPOINT_VERSION = 2;

const text = v.string("a text");
const share = v.nullable(v.number("a number, or null"));
const finite = "a finite number from 0";
const amount = v.pipe(v.number(finite), v.finite(finite), v.minValue(0, finite));
const whole = "a whole number from 0";
const count = v.pipe(v.number(whole), v.safeInteger(whole), v.minValue(0, whole));

/** The JSON in the metadata, beside kind, version and settings. */
const schema = v.object({
  data: text,
  kernels: v.picklist(["wasm", "native", "reference"], "the name of a back end"),
  seconds: v.object({
    train: amount,
    topology: amount,
    evaluate: amount,
    total: amount,
    cpu: amount,
  }, "an object"),
  progress: v.object({
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
      // Checkpoints of a time when validation was not counted have none.
      validation: v.optional(amount, 0),
    }, "an object"),
    rollbacks: v.array(
      v.object({ epoch: count, batch: count, loss: text, learningRate: amount }, "an object"),
      "a list",
    ),
    history: v.array(
      v.object({
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
      }, "an object"),
      "a list",
    ),
  }, "an object"),
  /** The complete members, then the best candidate if there is one, then the network in training. */
  members: v.unknown(),
  hasBest: v.boolean("true or false"),
  /** The memory and arrays of the strategy; left out where it has none. */
  strategy: v.optional(strategySchema),
  updateIsDue: v.optional(v.boolean("true or false")),
});

/** The surroundings of a run that a checkpoint keeps. */
export interface CheckpointContext {
  /** A digest of the training data: a run continues with the rows it began with, or not at all. */
  readonly data: string;
  /** The back end's name. */
  readonly kernels: string;
  /** Seconds spent so far. Nothing else in a checkpoint differs between two equal runs. */
  readonly seconds: WorkSeconds & {
    readonly total: number;
    /** Of the processor, by all threads. */
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

/** A run's state as tensors and metadata. */
export function encodeCheckpoint(
  saved: SavedRun,
  settings: Settings,
  context: CheckpointContext,
): Safetensors {
  const { members, best, updateIsDue, ...progress } = saved.progress;
  const current: Member = {
    layers: saved.layers,
    epoch: progress.epoch,
    validationAccuracy: null,
  };
  const all = best === null ? [...members, current] : [...members, best, current];
  const tensors = membersToTensors(all);
  saved.state.forEach((slots, l) =>
    slots.forEach(({ weights, bias }, slot) => {
      tensors.set(`state.${l}.${slot}.weights`, tensorOf(weights));
      tensors.set(`state.${l}.${slot}.bias`, tensorOf(bias));
    })
  );
  const strategy = saved.strategy && strategyToTensors(saved.strategy, tensors);
  return describeTensors(tensors, {
    kind: "checkpoint",
    // Version 2 has blocks, the only thing that is new in it.
    version: hasBlocks(all) ? CHECKPOINT_VERSION : 1,
    settings,
    ...context,
    progress,
    members: describeMembers(all),
    hasBest: best !== null,
    strategy,
    // Most runs have nothing to make up for, and their checkpoints do not say so.
    updateIsDue: updateIsDue || undefined,
  });
}

/**
 * A run's state from tensors and metadata.
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
  const { settings, data, kernels, seconds, progress, hasBest } = description;
  const chosen = settings.kernels;
  if (chosen === "auto" ? kernels === "reference" : kernels !== chosen) {
    throw contentError(source, `kernels "${kernels}"`, `those of the settings, "${chosen}"`);
  }
  if (progress.history.length !== progress.epoch) {
    throw contentError(source, "a history of another length", `${progress.epoch} epochs`);
  }
  const left = new Map(file.tensors);
  const members = takeMembers(left, description.members, source);
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
  const strategy = description.strategy &&
    savedStrategy(description.strategy, layers, left, source);
  checkNoneLeft(left, source);
  const best = hasBest ? members.pop() : null;
  if (best === undefined) throw contentError(source, "no best network", "one");
  const whole = { ...progress, members, best, updateIsDue: description.updateIsDue ?? false };
  return {
    settings,
    data,
    kernels,
    seconds,
    saved: { progress: whole, layers, state, strategy },
  };
}

function tensorOf(values: FloatArray): Tensor {
  return { dtype: "F32", shape: [values.length], data: Float32Array.from(values) };
}
