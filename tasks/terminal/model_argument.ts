import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { load, type Model } from "../../mod.ts";
import { dataPath, namesData, readConfig, type RunConfig } from "../../lib/experiments/run/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { TABLE_FILE } from "./table_input.ts";
import { userPath } from "./command_line.ts";

/** Files that a run or an export puts beside the model. */
const BESIDE_MODEL = /\.(jsonl?|onnx|js|c|h)$/i;

/**
 * Loads the model that a task's first argument names.
 *
 * @throws {TypeError} If the argument is a folder with a model file, a table, or another file of a run or
 * an export.
 */
export function loadModel(argument: string): Model {
  const path = userPath(argument);
  const inFolder = join(path, "model.safetensors");
  const need = existsSync(inFolder)
    ? quotedPath(inFolder)
    : TABLE_FILE.test(path) || BESIDE_MODEL.test(path)
    ? "a model.safetensors file in its place"
    : null;
  if (need === null) return load(path);
  throw new TypeError(`Cannot take ${quotedPath(path)} for the model: need ${need}`);
}

/** The configuration of the run that made a model, if the model is in its folder. */
export function runConfigOf(argument: string): RunConfig | null {
  const path = join(dirname(userPath(argument)), "config.json");
  return existsSync(path) ? readConfig(path) : null;
}

/** Returns `true` if a run has learned from rows of a file. */
export function isTrainingFile(path: string, { file }: RunConfig): boolean {
  return !namesData(file) && resolve(dataPath(file)) === resolve(path);
}
