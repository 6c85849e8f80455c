/**
 * The model file: one safetensors file that holds every member's CSR arrays and biases, the
 * preprocessing, and as JSON in the metadata all that is not an array. docs/model_file.md describes it.
 *
 * @module
 */
import {
  inputCount,
  type OneHotColumn,
  type Preprocessing,
  type Scaling,
  type TargetScaling,
  validatePreprocessing,
} from "../data/preprocessing/mod.ts";
import { completeSettings, type Settings } from "../settings/mod.ts";
import {
  addContentDigest,
  checkContentDigest,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type Tensor,
  writeFileAtomically,
} from "../files/mod.ts";
import type { Model } from "./model.ts";
import { describeMembers, membersFromTensors, membersToTensors } from "./member_tensors.ts";

/** The version this library writes. It reads this one and, as they come, the older ones. */
export const MODEL_VERSION = 3;

/** The metadata's name of the JSON text. */
const KEY = "sparsemble";

/** A column of categories in JSON. */
type CategoricalDescription = Omit<OneHotColumn, "places"> & { readonly places: readonly number[] };

/** The JSON in the metadata. */
interface ModelDescription {
  readonly kind: "model";
  readonly version: number;
  readonly settings: Settings;
  readonly classes: readonly string[];
  /** Where numbers are predicted: their scale; from version 2 on. */
  readonly targetScaling?: TargetScaling | undefined;
  /** Where probabilities are calibrated; from version 3 on, which says no more than that. */
  readonly temperature?: number | undefined;
  readonly target: string;
  readonly featureNames: readonly string[];
  readonly scaling: Scaling;
  /** The columns of categories; from version 2 on. */
  readonly categorical?: readonly CategoricalDescription[] | undefined;
  readonly members: ReturnType<typeof describeMembers>;
}

/**
 * Saves a model, the same one always as the same bytes. Needs permission to write.
 *
 * @param path Where the file is to stand; what stood there before is replaced in one step.
 * @throws {Error} If it cannot be written; the message says why.
 */
export function save(model: Model, path: string): void {
  const { tensors, metadata } = encodeModel(model);
  writeFileAtomically(path, encodeSafetensors(tensors, metadata));
}

/**
 * Loads a model. Needs permission to read the file. Nothing in the file is trusted: what is wrong
 * with it is told in one sentence.
 *
 * @throws {SyntaxError} If it is not a model file, is damaged, or is of a newer version.
 * @throws {Error} If it cannot be read; the message says why.
 */
export function load(path: string): Model {
  return decodeModel(readSafetensors(path), path);
}

/** A model as tensors and metadata. The tensors share the model's memory. */
export function encodeModel(model: Model): Safetensors {
  const { featureNames, kept, scaling, medians, indicators, categorical } = model.preprocessing;
  const tensors = membersToTensors(model.members);
  tensors.set("preprocessing.kept", { dtype: "I32", shape: [kept.length], data: kept });
  tensors.set("preprocessing.scaling", {
    dtype: "F64",
    shape: [scaling.parameters.length],
    data: scaling.parameters,
  });
  // A model that knows no medians came from a file of version 1, and goes into one again.
  if (medians !== undefined) {
    tensors.set("preprocessing.medians", {
      dtype: "F32",
      shape: [medians.length],
      data: medians,
    });
    const missing = indicators ?? new Int32Array(0);
    tensors.set("preprocessing.indicators", {
      dtype: "I32",
      shape: [missing.length],
      data: missing,
    });
  }
  const description: ModelDescription = {
    kind: "model",
    version: versionOf(model),
    settings: model.settings,
    classes: model.classes,
    ...model.targetScaling === undefined ? {} : { targetScaling: model.targetScaling },
    ...model.temperature === undefined ? {} : { temperature: model.temperature },
    target: model.target,
    featureNames,
    scaling: scaling.kind,
    ...medians === undefined ? {} : {
      categorical: (categorical ?? []).map((column) => ({
        ...column,
        places: [...column.places],
      })),
    },
    members: describeMembers(model.members),
  };
  return { tensors, metadata: addContentDigest(tensors, { [KEY]: JSON.stringify(description) }) };
}

/** The first version that could say all there is to say: a model that is loaded is saved as it was. */
function versionOf({ temperature, preprocessing }: Model): number {
  if (temperature !== undefined) return MODEL_VERSION;
  return preprocessing.medians === undefined ? 1 : 2;
}

/** A model from its tensors and metadata. */
export function decodeModel(file: Safetensors, source: string): Model {
  const description = parseDescription(file.metadata[KEY], source);
  checkContentDigest(file, source);
  const tensors = new Map(file.tensors);
  const preprocessing = takePreprocessing(tensors, description, source);
  const members = membersFromTensors(tensors, description.members, source);
  const fail = (found: string, need: string): never => {
    throw new SyntaxError(`Cannot read "${source}": found ${found}, need ${need}`);
  };
  if (members.length === 0) fail("no members", "at least one");
  const { layers } = members[0];
  const inputs = layers[0].shape[1];
  const expected = inputCount(preprocessing);
  if (inputs !== expected) {
    fail(`networks of ${inputs} inputs`, `${expected}, what the columns become`);
  }
  const outputs = layers[layers.length - 1].shape[0];
  const { classes, targetScaling, temperature } = description;
  if (targetScaling !== undefined && (classes.length > 0 || outputs !== 1)) {
    fail(`${classes.length} classes and ${outputs} outputs`, "none and 1, to predict numbers");
  }
  if (targetScaling !== undefined && temperature !== undefined) {
    fail(`temperature ${temperature}`, "none, to predict numbers");
  }
  if (targetScaling === undefined && outputs !== classes.length) {
    fail(`networks of ${outputs} outputs`, `${classes.length}, the number of classes`);
  }
  return {
    members,
    settings: description.settings,
    preprocessing,
    classes,
    ...targetScaling === undefined ? {} : { targetScaling },
    ...temperature === undefined ? {} : { temperature },
    target: description.target,
  };
}

function parseDescription(text: string | undefined, source: string): ModelDescription {
  const fail = (found: string, need: string): never => {
    throw new SyntaxError(`Cannot read "${source}": found ${found}, need ${need}`);
  };
  if (text === undefined) fail(`no "${KEY}" in the metadata`, "a Sparsemble model file");
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text!);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${source}": found metadata that is not JSON`, { cause });
  }
  if (typeof value !== "object" || value === null || value.kind !== "model") {
    fail("another kind of file", "a Sparsemble model file");
  }
  if (![1, 2, MODEL_VERSION].includes(value.version as number)) {
    fail(
      `version ${JSON.stringify(value.version) ?? "nothing"}`,
      `version 1 to ${MODEL_VERSION}; a newer library wrote the file if its version is higher`,
    );
  }
  const strings = (name: string): string[] => {
    const list = value[name];
    if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
      return fail(`no list of texts as "${name}"`, "one");
    }
    if (new Set(list).size !== list.length) fail(`a repeated text in "${name}"`, "each once");
    return list;
  };
  for (const name of ["target", "scaling"]) {
    if (typeof value[name] !== "string") fail(`no text as "${name}"`, "one");
  }
  if (typeof value.settings !== "object" || value.settings === null) fail("no settings", "some");
  let settings: Settings;
  try {
    settings = completeSettings(value.settings as Record<string, unknown>);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${source}": ${(cause as Error).message}`, { cause });
  }
  return {
    kind: "model",
    version: value.version as number,
    settings,
    classes: strings("classes"),
    ...value.targetScaling === undefined
      ? {}
      : { targetScaling: parseTargetScaling(value.targetScaling, fail) },
    ...value.temperature === undefined
      ? {}
      : { temperature: parseTemperature(value.temperature, fail) },
    target: value.target as string,
    featureNames: strings("featureNames"),
    scaling: value.scaling as Scaling,
    ...value.version === 1 ? {} : { categorical: parseCategorical(value.categorical, fail) },
    members: value.members as ModelDescription["members"],
  };
}

function parseTargetScaling(
  value: unknown,
  fail: (found: string, need: string) => never,
): TargetScaling {
  const { mean, deviation } = Object(value) as Record<string, unknown>;
  if (typeof mean !== "number" || typeof deviation !== "number" || !(deviation > 0)) {
    return fail(`no scale as "targetScaling"`, "a mean, and a deviation above 0");
  }
  return { mean, deviation };
}

function parseTemperature(value: unknown, fail: (found: string, need: string) => never): number {
  return typeof value === "number" && value > 0
    ? value
    : fail(`temperature ${JSON.stringify(value)}`, "a number above 0");
}

/** The columns of categories as they are written; what they mean is checked with the rest. */
function parseCategorical(
  value: unknown,
  fail: (found: string, need: string) => never,
): CategoricalDescription[] {
  if (!Array.isArray(value)) return fail(`no list as "categorical"`, "one");
  return value.map((item, k) => {
    const path = `categorical[${k}]`;
    const { column, categories, places, inputs, shared } = Object(item) as Record<string, unknown>;
    const isList = (list: unknown, type: string) =>
      Array.isArray(list) && list.every((one) => typeof one === type);
    if (!isList(categories, "string")) fail(`no list of texts as "${path}.categories"`, "one");
    if (!isList(places, "number")) fail(`no list of numbers as "${path}.places"`, "one");
    if (typeof column !== "number" || typeof inputs !== "number") {
      fail(`no numbers as "${path}.column" and "${path}.inputs"`, "both");
    }
    if (typeof shared !== "boolean") fail(`no true or false as "${path}.shared"`, "one");
    return { column, categories, places, inputs, shared } as CategoricalDescription;
  });
}

function takePreprocessing(
  tensors: Map<string, Tensor>,
  description: ModelDescription,
  source: string,
): Preprocessing {
  const take = (name: string, dtype: Tensor["dtype"]): Tensor["data"] => {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.dtype !== dtype || tensor.shape.length !== 1) {
      throw new SyntaxError(
        `Cannot read "${source}": found no list "${name}" of ${dtype}, need one`,
      );
    }
    tensors.delete(name);
    return tensor.data;
  };
  const kept = take("preprocessing.kept", "I32") as Int32Array;
  const parameters = take("preprocessing.scaling", "F64") as Float64Array;
  const preprocessing: Preprocessing = {
    featureNames: description.featureNames,
    kept,
    scaling: { kind: description.scaling, columns: kept.length, parameters },
    ...description.categorical === undefined ? {} : {
      medians: take("preprocessing.medians", "F32") as Float32Array,
      indicators: take("preprocessing.indicators", "I32") as Int32Array,
      categorical: description.categorical.map((column) => ({
        ...column,
        places: Int32Array.from(column.places),
      })),
    },
  };
  try {
    validatePreprocessing(preprocessing);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${source}": ${(cause as Error).message}`, { cause });
  }
  return preprocessing;
}
