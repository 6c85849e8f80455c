/**
 * The model file: one safetensors file that holds every member's sparse arrays and biases, the
 * preprocessing, and as JSON in the metadata all that is not an array. docs/model_file.md describes it.
 *
 * @module
 */
import { inputCount } from "../data/preprocessing/mod.ts";
import { validateNotation } from "../data/table/mod.ts";
import {
  type DiskWatch,
  encodeSafetensors,
  filePath,
  readSafetensors,
  type Safetensors,
  writeFileAtomically,
} from "../files/mod.ts";
import { contentError } from "../messages.ts";
import * as v from "../valibot.ts";
import { describeTensors, readDescription, whileReading } from "./description.ts";
import {
  checkNoneLeft,
  describeMembers,
  hasBlocks,
  hasVotes,
  membersToTensors,
  takeMembers,
} from "./member_tensors.ts";
import { type Model, requireModel } from "./model.ts";
import {
  describePreprocessing,
  LARGEST,
  notation,
  preprocessingEntries,
  takePreprocessing,
  texts,
} from "./preprocessing_tensors.ts";

/** The newest version of the model file. Older versions can be read too. */
const MODEL_VERSION = 6;

const text = v.string("a text");
/** A name or path, which messages show in full. */
const line = v.pipe(text, v.maxLength(4096, "a text of at most 4096 letters"));
const number = v.number("a number");
const within = (from: number, to: number) =>
  v.check((value: number) => value >= from && value <= to, `a number from ${from} to ${to}`);
const finite = v.pipe(number, v.finite("a finite number"));
const positive = v.pipe(finite, v.gtValue(0, "a number above 0"));
const count = v.pipe(number, v.safeInteger("a whole number"), v.minValue(1, "a number from 1"));
const schema = v.object({
  /** The topology strategy, if it was another than that of the settings' method. */
  strategy: v.exactOptional(v.object({
    name: line,
    path: v.exactOptional(line),
    export: v.exactOptional(line),
    sha256: v.exactOptional(line),
    earlier: v.exactOptional(v.array(line, "a list")),
  }, "an object")),
  classes: texts,
  /** The scale of predicted numbers; from version 2 on. */
  targetScaling: v.exactOptional(v.object({
    mean: v.pipe(finite, within(-LARGEST, LARGEST)),
    deviation: v.pipe(positive, within(0, LARGEST)),
  }, "an object")),
  /** The calibration temperature; the only addition of version 3. */
  temperature: v.exactOptional(
    v.pipe(positive, within(0.01, 100)),
  ),
  /** The calibration of intervals or class sets; from version 5 on. */
  conformal: v.exactOptional(v.object({
    coverage: v.pipe(positive, v.ltValue(1, "a number below 1")),
    quantile: v.pipe(finite, within(0, LARGEST)),
    rows: count,
  }, "an object")),
  /**
   * The ensemble from which the member was distilled. It does not change predictions, so older libraries
   * can ignore it.
   */
  distilled: v.exactOptional(v.object({ members: count }, "an object")),
  target: text,
  /** The notation of the numbers to predict; the only addition of version 6. */
  targetNotation: v.exactOptional(v.object(notation, "an object")),
  ...preprocessingEntries,
  members: v.unknown(),
});

/**
 * Saves a model. Equal models give equal bytes. Needs permission to read and write the folder.
 *
 * @param path The file, or its `file:` URL. An existing file is replaced in one step.
 * @param watch Is called before every change of the disk. For tests.
 * @throws {TypeError} If `model` is no model, or `path` is neither a text nor a `file:` URL.
 * @throws {Error} If the file cannot be written; the message says why.
 */
export function save(model: Model, path: string | URL, watch?: DiskWatch): void {
  requireModel("save a model", model);
  const { tensors, metadata } = encodeModel(model);
  writeFileAtomically(
    filePath("write", "a model", path),
    encodeSafetensors(tensors, metadata),
    watch,
  );
}

/**
 * Loads a model. Needs permission to read the file. Everything in the file is checked.
 *
 * @param path The file, or its `file:` URL.
 * @throws {SyntaxError} If the file is no model file, is damaged, or has a newer version.
 * @throws {Error} If the file cannot be read; the message says why.
 * @throws {TypeError} If `path` is neither a text nor a `file:` URL.
 */
export function load(path: string | URL): Model {
  const file = filePath("read", "a model", path);
  return decodeModel(readSafetensors(file), file);
}

/** Encodes a model as tensors and metadata. The tensors share the model's memory. */
export function encodeModel(model: Model): Safetensors {
  const tensors = membersToTensors(model.members);
  const preprocessing = describePreprocessing(model.preprocessing, tensors);
  return describeTensors(tensors, {
    kind: "model",
    version: versionOf(model),
    settings: model.settings,
    strategy: model.strategy,
    classes: model.classes,
    targetScaling: model.targetScaling,
    temperature: model.temperature,
    conformal: model.conformal,
    distilled: model.distilled,
    target: model.target,
    targetNotation: model.targetNotation,
    ...preprocessing,
    members: describeMembers(model.members),
  });
}

/**
 * Returns the oldest version that can hold the model, so that a loaded model is saved with the same bytes.
 */
function versionOf(
  { temperature, preprocessing, conformal, members, targetNotation }: Model,
): number {
  if (targetNotation !== undefined || hasVotes(members)) return MODEL_VERSION;
  if (conformal !== undefined || hasBlocks(members)) return 5;
  if (preprocessing.notations !== undefined) return 4;
  if (temperature !== undefined) return 3;
  return preprocessing.medians === undefined ? 1 : 2;
}

/**
 * Decodes a model from its tensors and metadata.
 *
 * @throws {SyntaxError} If anything is missing or wrong.
 */
export function decodeModel(file: Safetensors, source: string): Model {
  const description = readDescription(
    file,
    "model",
    MODEL_VERSION,
    (value) => v.checkContent(schema, value, source),
    source,
  );
  const { version, settings, classes, target, targetNotation } = description;
  const { strategy, targetScaling, temperature, conformal, distilled } = description;
  const left = new Map(file.tensors);
  const preprocessing = takePreprocessing(left, description, version === 1, source);
  if (targetNotation !== undefined) whileReading(source, () => validateNotation(targetNotation));
  const members = takeMembers(left, description.members, source);
  checkNoneLeft(left, source);
  if (members.length === 0) throw contentError(source, "no members", "at least one");
  if (hasVotes(members) && members.some(({ vote }) => vote === undefined)) {
    throw contentError(source, "votes of some members only", "one for each, or none");
  }
  const kind = { strategy, targetScaling, temperature, conformal };
  const model = { members, settings, preprocessing, classes, target, targetNotation, ...kind };
  checkWidths(model, source);
  return distilled === undefined ? model : { ...model, distilled };
}

/** Checks that the networks' inputs and outputs fit the preprocessing and the classes. */
function checkWidths(model: Model, source: string): void {
  const { classes, targetScaling, temperature, conformal, preprocessing } = model;
  if (targetScaling === undefined && conformal !== undefined && conformal.quantile > 1) {
    throw contentError(
      source,
      `quantile ${conformal.quantile}`,
      "a number from 0 to 1, for classes",
    );
  }
  const { layers } = model.members[0];
  const [inputs, outputs] = [layers[0].shape[1], layers[layers.length - 1].shape[0]];
  const expected = inputCount(preprocessing);
  if (inputs !== expected) {
    throw contentError(
      source,
      `networks of ${inputs} inputs`,
      `${expected}, what the columns become`,
    );
  }
  if (targetScaling === undefined && classes.length < 2) {
    throw contentError(source, `${classes.length} as the number of classes`, "at least 2");
  }
  if (targetScaling === undefined && outputs !== classes.length) {
    const need = `${classes.length}, the number of classes`;
    throw contentError(source, `networks of ${outputs} outputs`, need);
  }
  if (targetScaling === undefined) return;
  if (classes.length > 0 || outputs !== 1) {
    const found = `${classes.length} classes and ${outputs} outputs`;
    throw contentError(source, found, "none and 1, to predict numbers");
  }
  if (temperature !== undefined) {
    throw contentError(source, `temperature ${temperature}`, "none, to predict numbers");
  }
}
