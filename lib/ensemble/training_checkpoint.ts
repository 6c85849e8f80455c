/**
 * Checkpoints: everything a training run needs to go on as if it had never stopped. Random streams
 * are named by seed, purpose and epoch, and blocked sets follow from the stored members, so neither
 * has a state of its own to keep.
 *
 * @module
 */
import { type FlopCount, noFlops } from "../counters/mod.ts";
import { type Member, stateSlots } from "../nn/mod.ts";
import { completeSettings, optimizerOf, type Settings } from "../settings/mod.ts";
import type { FloatArray, PerWeight } from "../kernels/mod.ts";
import {
  addContentDigest,
  checkContentDigest,
  type Safetensors,
  type Tensor,
} from "../files/mod.ts";
import {
  describeMembers,
  type MemberDescription,
  membersFromTensors,
  membersToTensors,
  parseMemberDescriptions,
} from "../model/mod.ts";
import type { EpochRecord } from "./training_event.ts";
import type { Progress, Rollback, SavedRun } from "./training_run.ts";

/** The version this library writes and reads. */
export const CHECKPOINT_VERSION = 1;

const KEY = "sparsemble";

/** What a checkpoint is taken of, beside the run itself. */
export interface CheckpointContext {
  /** A digest of the training data: a run goes on with the rows it began with, or not at all. */
  readonly data: string;
  /** The back end's name. */
  readonly kernels: string;
  /** Seconds spent so far. They are the one thing in a checkpoint that is not the same every time. */
  readonly seconds: {
    readonly train: number;
    readonly topology: number;
    readonly evaluate: number;
    readonly total: number;
    /** Of the processor, by all threads. */
    readonly cpu: number;
  };
}

/** A checkpoint that was read. */
export interface Checkpoint extends CheckpointContext {
  /** The settings of the run. */
  readonly settings: Settings;
  /** Where it goes on. */
  readonly saved: SavedRun;
}

/** The JSON in the metadata. */
interface CheckpointDescription extends CheckpointContext {
  readonly kind: "checkpoint";
  readonly version: number;
  readonly settings: Settings;
  readonly progress: Omit<Progress, "members" | "best">;
  /** The complete members, then the best candidate where there is one, then the network itself. */
  readonly members: readonly MemberDescription[];
  readonly hasBest: boolean;
}

/** A run's state as tensors and metadata. */
export function encodeCheckpoint(
  saved: SavedRun,
  settings: Settings,
  context: CheckpointContext,
): Safetensors {
  const { members, best, ...progress } = saved.progress;
  const current: Member = {
    layers: saved.layers,
    epoch: progress.epoch,
    validationAccuracy: null,
  };
  const all = [...members, ...best === null ? [] : [best], current];
  const tensors = membersToTensors(all);
  saved.state.forEach((slots, l) =>
    slots.forEach(({ weights, bias }, slot) => {
      tensors.set(`state.${l}.${slot}.weights`, tensorOf(weights));
      tensors.set(`state.${l}.${slot}.bias`, tensorOf(bias));
    })
  );
  const description: CheckpointDescription = {
    kind: "checkpoint",
    version: CHECKPOINT_VERSION,
    settings,
    ...context,
    progress,
    members: describeMembers(all),
    hasBest: best !== null,
  };
  return { tensors, metadata: addContentDigest(tensors, { [KEY]: JSON.stringify(description) }) };
}

/**
 * A run's state from tensors and metadata.
 *
 * @throws {SyntaxError} If it is no checkpoint, is damaged, or is of another version.
 */
export function decodeCheckpoint(file: Safetensors, source: string): Checkpoint {
  const fail = (found: string, need: string): never => {
    throw new SyntaxError(`Cannot read "${source}": found ${found}, need ${need}`);
  };
  const description = parseDescription(file.metadata[KEY], source);
  checkContentDigest(file, source);
  const { settings } = description;
  const tensors = new Map(file.tensors);
  const slots = stateSlots(optimizerOf(settings));
  const state = description.members.at(-1)!.layers.map((_, l) =>
    Array.from({ length: slots }, (_, slot): PerWeight => ({
      weights: takeState(tensors, `state.${l}.${slot}.weights`, fail),
      bias: takeState(tensors, `state.${l}.${slot}.bias`, fail),
    }))
  );
  const all = membersFromTensors(tensors, description.members, source);
  const current = all.pop()!;
  current.layers.forEach((layer, l) => {
    const weights = layer.kind === "sparse" ? layer.data : layer.weights;
    for (const slot of state[l]) {
      if (slot.weights.length !== weights.length || slot.bias.length !== layer.bias.length) {
        fail(`${slot.weights.length} optimiser values in layer ${l}`, `${weights.length}`);
      }
    }
  });
  const best = description.hasBest ? all.pop() ?? fail("no best network", "one") : null;
  return {
    settings,
    data: description.data,
    kernels: description.kernels,
    seconds: description.seconds,
    saved: {
      progress: { ...description.progress, members: all, best },
      layers: current.layers,
      state,
    },
  };
}

function tensorOf(values: FloatArray): Tensor {
  return { dtype: "F32", shape: [values.length], data: Float32Array.from(values) };
}

function takeState(
  tensors: Map<string, Tensor>,
  name: string,
  fail: (found: string, need: string) => never,
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined || tensor.dtype !== "F32") return fail(`no F32 tensor "${name}"`, "one");
  tensors.delete(name);
  if (tensor.data.some((value) => !Number.isFinite(value))) {
    fail(`a number that is not finite in tensor "${name}"`, "finite numbers");
  }
  return tensor.data;
}

function parseDescription(text: string | undefined, source: string): CheckpointDescription {
  const fail = (found: string, need: string): never => {
    throw new SyntaxError(`Cannot read "${source}": found ${found}, need ${need}`);
  };
  if (text === undefined) return fail(`no "${KEY}" in the metadata`, "a Sparsemble checkpoint");
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${source}": found metadata that is not JSON`, { cause });
  }
  if (!isObject(value) || value.kind !== "checkpoint") {
    return fail("another kind of file", "a Sparsemble checkpoint");
  }
  if (value.version !== CHECKPOINT_VERSION) {
    return fail(
      `version ${JSON.stringify(value.version) ?? "nothing"}`,
      `version ${CHECKPOINT_VERSION}`,
    );
  }
  const textOf = (name: string): string => {
    const found = value[name];
    return typeof found === "string" ? found : fail(`no text as "${name}"`, "one");
  };
  if (typeof value.hasBest !== "boolean") fail(`no true or false as "hasBest"`, "one");
  const members = parseMemberDescriptions(value.members, source);
  if (members.length === 0) fail("no networks", "at least the one in training");
  return {
    kind: "checkpoint",
    version: CHECKPOINT_VERSION,
    settings: parseSettings(value.settings, source),
    data: textOf("data"),
    kernels: textOf("kernels"),
    seconds: numbers(
      value.seconds,
      "seconds",
      ["train", "topology", "evaluate", "total", "cpu"],
      fail,
    ),
    progress: parseProgress(value.progress, fail),
    members,
    hasBest: value.hasBest as boolean,
  };
}

function parseSettings(value: unknown, source: string): Settings {
  try {
    return completeSettings(isObject(value) ? value : {});
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${source}": ${(cause as Error).message}`, { cause });
  }
}

type Fail = (found: string, need: string) => never;

function parseProgress(value: unknown, fail: Fail): CheckpointDescription["progress"] {
  if (!isObject(value)) return fail("no progress", "one");
  const counts = numbers(value, "progress", ["epoch", "batch", "step", "correct"], fail);
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count)) fail(`${count} as progress.${name}`, "a whole number from 0");
  }
  const flops = numbers(
    value.flops,
    "progress.flops",
    Object.keys(noFlops()) as (keyof FlopCount)[],
    fail,
  );
  const { history, rollbacks } = value;
  if (!Array.isArray(rollbacks) || !rollbacks.every(isObject)) {
    return fail("no list progress.rollbacks", "one");
  }
  if (!Array.isArray(history) || history.length !== counts.epoch || !history.every(isObject)) {
    return fail("a history of another length", `${counts.epoch} epochs`);
  }
  const { loss } = numbers(value, "progress", ["loss"], fail);
  return {
    ...counts,
    loss,
    flops,
    rollbacks: rollbacks as unknown as Rollback[],
    history: history as unknown as EpochRecord[],
  };
}

/** Numbers by name, finite and not negative. */
function numbers<K extends string>(
  value: unknown,
  path: string,
  names: readonly K[],
  fail: Fail,
): Record<K, number> {
  const found = isObject(value) ? value : fail(`no ${path}`, "one");
  const pairs = names.map((name): [K, number] => {
    const number = found[name];
    return typeof number === "number" && number >= 0 && number < Infinity
      ? [name, number]
      : fail(`${JSON.stringify(number) ?? "nothing"} as ${path}.${name}`, "a finite number from 0");
  });
  return Object.fromEntries(pairs) as Record<K, number>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
