import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { load, type Model } from "../../mod.ts";
import {
  allRowsFolder,
  dataPath,
  hasFolds,
  namesData,
  readConfig,
  type RunConfig,
  runFiles,
} from "../../lib/experiments/run/mod.ts";
import { quotedPath, shellWord } from "../../lib/messages.ts";
import { statOf, TABLE_FILE } from "./table_input.ts";
import { userPath } from "./command_line.ts";

/** Files that a run or an export puts beside the model. */
const BESIDE_MODEL = /\.(jsonl?|onnx|js|c|h)$/i;

/**
 * Loads the model that a task's first argument names.
 *
 * @throws {TypeError} If the argument is no model file and no folder of a finished run.
 */
export function loadModel(argument: string): Model {
  return load(modelFile(argument));
}

/**
 * The model file that an argument names: the file itself, or the folder of a run, whose model it is then. Of
 * a run with folds it is the model of all rows.
 *
 * @throws {TypeError} If the argument is a run that is not finished, another folder, a table, or another file
 * of a run or an export.
 */
export function modelFile(argument: string): string {
  const path = userPath(argument);
  const intent = `Cannot take ${quotedPath(path)} for the model`;
  if (statOf(path)?.isDirectory()) {
    const folder = hasFolds(path) ? allRowsFolder(path) : path;
    const files = runFiles(folder);
    if (existsSync(files.model)) return files.model;
    throw new TypeError(
      existsSync(files.config) || folder !== path
        ? `${intent}: ${unfinished(path)}`
        : `${intent}: found a folder without model.safetensors, need that of a finished run`,
    );
  }
  const beside = runFiles(dirname(path));
  if (basename(path) === basename(beside.checkpoint) && existsSync(beside.config)) {
    throw new TypeError(`${intent}: ${unfinished(dirname(path))}`);
  }
  if (TABLE_FILE.test(path) || BESIDE_MODEL.test(path)) {
    throw new TypeError(`${intent}: need a run's folder, or a model.safetensors file`);
  }
  return path;
}

function unfinished(folder: string): string {
  return "found a run that is not finished; it goes on with: " +
    `deno task train --resume ${shellWord(folder)}`;
}

/** The folder of a run: the argument itself, or the folder of the run's file that it names. */
export function runFolder(argument: string): string {
  const path = userPath(argument);
  const folder = dirname(path);
  const { config, events, model, record, checkpoint } = runFiles(folder);
  const isOwn = [config, events, model, record, checkpoint].some((file) => file === path);
  return isOwn && statOf(path)?.isFile() ? folder : path;
}

/** The file with a configuration that an argument names: the file itself, or that of a run's folder. */
export function configFile(argument: string): string {
  const path = userPath(argument);
  const { config } = runFiles(path);
  return existsSync(config) ? config : path;
}

/** The configuration of the run that made a model, if the model is in its folder. */
export function runConfigOf(argument: string): RunConfig | null {
  const path = join(dirname(modelFile(argument)), "config.json");
  return existsSync(path) ? readConfig(path) : null;
}

/** Returns `true` if a run has learned from rows of a file. */
export function isTrainingFile(path: string, { file }: RunConfig): boolean {
  return !namesData(file) && resolve(dataPath(file)) === resolve(path);
}
