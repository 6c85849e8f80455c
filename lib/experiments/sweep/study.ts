/**
 * A study describes many runs at once. Its grids are multiplied out, and every configuration is completed
 * and checked before the first run begins.
 */
import { node } from "../../node.ts";
import { BUILTIN_DATASETS } from "../../data/builtin/mod.ts";
import { CATALOGUE } from "../../data/catalogue/mod.ts";
import {
  builtinData,
  catalogueData,
  completeConfig,
  namesData,
  readJson,
  type RunConfig,
  runHash,
  type StrategyFile,
  strategyFile,
} from "../run/mod.ts";
import { didYouMean, printable, printableList, quoted, quotedList, shown } from "../../messages.ts";
import { type Method, METHOD_TABLE } from "../../methods/mod.ts";
import { readsSetting, settingsWithoutEffect } from "../../settings/mod.ts";
import { noFindings, note, type StudyFindings, studyNotes } from "./study_notes.ts";

/**
 * Some keys of a configuration; the key `dataset` stands for `file`, `target` and `test`. A path as
 * `strategy` stands for the file's content when the study is read.
 */
export type StudySettings = Readonly<Record<string, unknown>>;

/** A part of a study: `base`, overlaid with each of `runs` and every point of `grid`. */
export interface StudyPart {
  /** The settings of all runs. */
  readonly base?: StudySettings;
  /** Lists of values by key; every combination is run. */
  readonly grid?: Readonly<Record<string, readonly unknown[]>>;
  /** Settings that go together. */
  readonly runs?: readonly StudySettings[];
}

/** A description of runs: one grid, or several parts over the same `base`, each with a grid of its own. */
export interface Study extends StudyPart {
  /** Its name, which can name a folder. Left out: the name of its file. */
  readonly name?: string;
  /** Parts in place of `runs` and `grid`. */
  readonly parts?: readonly StudyPart[];
}

/** The source of a study. */
export interface StudyOptions {
  /** Its name in errors. Left out: `"study"`. */
  readonly source?: string | undefined;
  /** The folder in which relative paths of tables and strategies begin. Left out: the working directory. */
  readonly folder?: string | undefined;
  /**
   * Called with one sentence per method that does not read some of the study's settings. Also called with a
   * sentence if runs follow different recipes, because some name a method and others do not.
   */
  readonly onNote?: ((note: string) => void) | undefined;
}

const PART_KEYS = ["base", "grid", "runs"] as const;
const STUDY_KEYS = ["name", "parts", ...PART_KEYS] as const;

/** The largest number of combinations of a study. Completing and checking so many takes about ten seconds. */
const COMBINATIONS = 100_000;

/** A name of one folder in any other: no path, nothing hidden, nothing that a terminal obeys. */
const FOLDER_NAME = /^(?!\.)[^/\\:\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u;

/** The keys that select the rows of a run. */
const DATA_KEYS = ["file", "target", "test"] as const;

/**
 * The configurations of a study, complete and checked. Those of the first of `runs` come first; in
 * the grid, the last key moves fastest. Configurations that come up twice are kept once.
 *
 * If methods differ, a setting of `base` or `grid` is left out for methods that do not read it. Runs that
 * name neither recipe nor method follow the modern recipe. Runs that name a method follow the paper's.
 *
 * @param study The study, such as a parsed JSON file.
 * @throws {TypeError} If a key is unknown, missing or of the wrong type. The message names its place, such
 * as `grid.epsilon[1]`.
 * @throws {RangeError} If a value is out of its range, a list is empty, the name cannot be a folder's, or
 * there are more than 100,000 combinations.
 *
 * @example Usage
 * ```ts
 * import { studyConfigs } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const configs = studyConfigs({
 *   base: { dataset: "gesture-phase", epsilon: 10 },
 *   grid: { method: ["fd", "set"], seed: [1, 2, 3] },
 * });
 * assert.equal(configs.length, 6);
 * assert.equal(configs[5].method, "set");
 * assert.equal(configs[5].seed, 3);
 * ```
 */
export function studyConfigs(study: Study, options: StudyOptions = {}): RunConfig[] {
  const { source = "study", folder = ".", onNote } = options;
  checkStudy(study, source);
  const configs = new Map<string, RunConfig>();
  const findings = noFindings();
  for (const layers of layersOf(study)) {
    const config = configOf(layers, source, folder, findings);
    const hash = runHash(config);
    if (!configs.has(hash)) configs.set(hash, config);
  }
  for (const note of studyNotes(findings)) onNote?.(note);
  return [...configs.values()];
}

/**
 * Reads a study and its configurations from a JSON file. Relative paths in it begin in its folder. A study
 * without a name gets the name of its file.
 *
 * @throws {SyntaxError} If the file is not a JSON object.
 * @throws What {@linkcode studyConfigs} throws; the message names the file.
 */
export function readStudy(
  path: string,
  { onNote }: Pick<StudyOptions, "onNote"> = {},
): { study: Study & { readonly name: string }; configs: RunConfig[] } {
  const given: Study = readJson(path);
  const { name = node.path.basename(path).replace(/\.json$/, "") } = given;
  const study = { ...given, name };
  const options = { source: path, folder: node.path.join(path, ".."), onNote };
  return { study, configs: studyConfigs(study, options) };
}

/** Settings, and their places in the study. */
interface Layer {
  readonly settings: StudySettings;
  readonly placeOf: (key: string) => string;
}

function checkStudy(study: Study, source: string): void {
  checkKeys(study, STUDY_KEYS, source, "");
  const { name, parts, grid, runs } = study;
  if (name !== undefined) checkName(name, source);
  if (parts !== undefined) {
    checkList(parts, source, "parts");
    const also = grid !== undefined ? "grid" : runs !== undefined ? "runs" : null;
    if (also !== null) {
      throw wrong(TypeError, source, also, 'found "parts" as well, need it in one of these');
    }
    parts.forEach((part, i) => {
      checkKeys(part, PART_KEYS, source, `parts[${i}]`);
      checkPart(part, source, `parts[${i}].`);
    });
  }
  checkPart(study, source, "");
  // The number is checked before any combination is made, because a short file can describe more than a
  // machine can finish.
  const count = (parts ?? [study]).reduce((sum, part) => sum + combinationsOf(part), 0);
  if (count <= COMBINATIONS) return;
  const text = `found ${count} combinations, need at most ${COMBINATIONS}`;
  throw wrong(RangeError, source, "", text);
}

function combinationsOf({ grid, runs }: StudyPart): number {
  return Object.values(grid ?? {}).reduce((n, { length }) => n * length, runs?.length ?? 1);
}

function checkKeys(value: object, keys: readonly string[], source: string, place: string): void {
  checkObject(value, source, place);
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const advice = didYouMean(key, keys) || `; need one of ${quotedList(keys)}`;
    const where = place === "" ? key : `${place}.${key}`;
    throw new TypeError(
      `Cannot use study "${source}", ${printable(where)}: there is no key of this name${advice}`,
    );
  }
}

/** @param prefix The text before its keys in errors. */
function checkPart({ base, grid, runs }: StudyPart, source: string, prefix: string): void {
  if (base !== undefined) checkObject(base, source, `${prefix}base`);
  if (grid !== undefined) {
    checkObject(grid, source, `${prefix}grid`);
    for (const [key, values] of Object.entries(grid)) {
      checkList(values, source, `${prefix}grid.${key}`);
    }
  }
  if (runs !== undefined) {
    checkList(runs, source, `${prefix}runs`);
    runs.forEach((run, i) => checkObject(run, source, `${prefix}runs[${i}]`));
  }
}

function checkName(name: unknown, source: string): void {
  if (typeof name !== "string") {
    throw wrong(TypeError, source, "name", `found ${shown(name)}, need a text`);
  }
  if (FOLDER_NAME.test(name)) return;
  const need = 'a name of one folder: 1 to 100 letters, none of them "/", "\\", ":" or a control ' +
    "character, and no dot at its beginning";
  throw wrong(RangeError, source, "name", `found ${quoted(name)}, need ${need}`);
}

function checkObject(value: unknown, source: string, place: string): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw wrong(TypeError, source, place, `found ${shown(value)}, need an object`);
}

function checkList(value: unknown, source: string, place: string): void {
  if (!Array.isArray(value)) {
    throw wrong(TypeError, source, place, `found ${shown(value)}, need a list`);
  }
  if (value.length === 0) {
    throw wrong(RangeError, source, place, "found an empty list, need at least one value");
  }
}

/** The layers of every configuration: the base, that of a part, one of the runs, a point of the grid. */
function* layersOf({ base = {}, parts, ...whole }: Study): Generator<Layer[]> {
  const first: Layer = { settings: base, placeOf: (key) => `base.${key}` };
  if (parts === undefined) return yield* partLayers([first], whole, "");
  for (const [i, { base: own = {}, ...part }] of parts.entries()) {
    const second: Layer = { settings: own, placeOf: (key) => `parts[${i}].base.${key}` };
    yield* partLayers([first, second], part, `parts[${i}].`);
  }
}

/** @param prefix The text before the part's places. */
function* partLayers(
  bases: readonly Layer[],
  { grid = {}, runs }: StudyPart,
  prefix: string,
): Generator<Layer[]> {
  const keys = Object.keys(grid);
  const points = keys.reduce((count, key) => count * grid[key].length, 1);
  for (const [i, run] of (runs ?? [null]).entries()) {
    const own: Layer[] = run === null
      ? []
      : [{ settings: run, placeOf: (key) => `${prefix}runs[${i}].${key}` }];
    for (let point = 0; point < points; point++) {
      // A point's number has one digit for every key, its place in the key's list.
      const digits = new Map<string, number>();
      keys.reduceRight((rest, key) => {
        digits.set(key, rest % grid[key].length);
        return Math.floor(rest / grid[key].length);
      }, point);
      const settings = Object.fromEntries(keys.map((key) => [key, grid[key][digits.get(key)!]]));
      const placeOf = (key: string) => `${prefix}grid.${key}[${digits.get(key)}]`;
      yield [...bases, ...own, { settings, placeOf }];
    }
  }
}

function configOf(
  layers: readonly Layer[],
  source: string,
  folder: string,
  { unread, idle, recipeless }: StudyFindings,
): RunConfig {
  const given: Record<string, unknown> = {};
  const places = new Map<string, string>();
  for (const { settings, placeOf } of layers) {
    const { dataset, ...own } = settings;
    if (dataset !== undefined) {
      const also = DATA_KEYS.find((key) => own[key] !== undefined);
      if (also !== undefined) {
        const text =
          `found "${also}" as well, need one of the two: "dataset" names a data set of ` +
          `the catalogue, "file" and "target" a table of one's own`;
        throw wrong(TypeError, source, placeOf("dataset"), text);
      }
      Object.assign(given, dataOf(dataset, source, placeOf("dataset")));
      for (const key of DATA_KEYS) places.set(key, placeOf("dataset"));
    }
    // A new table replaces all earlier keys of data.
    if (own.file !== undefined && own.test === undefined) delete given.test;
    for (const [key, value] of Object.entries(own)) {
      places.set(key, placeOf(key));
      const isTable = key === "file" || key === "test";
      if (isTable && typeof value === "string" && !namesData(value) && value !== "") {
        given[key] = node.path.resolve(folder, value);
      } else if (key === "strategy" && typeof value === "string") {
        given[key] = strategyIn(node.path.resolve(folder, value), source, placeOf(key));
      } else given[key] = value;
    }
  }
  if (given.file === undefined) {
    throw wrong(TypeError, source, "base", `found no data, need "dataset", or "file" and "target"`);
  }
  if (given.recipe === undefined && given.task !== "reconstruction") {
    recipeless.add(given.method === undefined ? null : `${given.method}`);
  }
  leaveOutUnread(given, places, unread);
  try {
    const config = completeConfig(given);
    for (const name of settingsWithoutEffect(given, config, config.strategy !== null)) {
      note(idle, config.method, name);
    }
    return config;
  } catch (error) {
    throw placed(error, places, layers, source);
  }
}

/**
 * Removes the settings that the method does not read, and notes them. Settings beside the method itself, in
 * `base` or in one of `runs`, are meant for it and stay.
 */
function leaveOutUnread(
  given: Record<string, unknown>,
  places: ReadonlyMap<string, string>,
  unread: Map<string, Set<string>>,
): void {
  const named = METHOD_TABLE.find(({ name }) => name === given.method);
  if (named === undefined) return;
  // A custom strategy may change the topology even if the method's does not.
  const own = given.strategy === undefined ? null : given.strategy;
  const method: Method = own === null ? named : { ...named, strategy: () => ({ name: "own" }) };
  const layerOf = (key: string) => places.get(key)?.replace(/^parts\[\d+\]\./, "").split(".")[0];
  for (const key of Object.keys(given)) {
    const isShared = layerOf(key) === "grid" ||
      layerOf(key) === "base" && layerOf("method") !== "base";
    if (!isShared || readsSetting(method, key)) continue;
    delete given[key];
    note(unread, method.name, key);
  }
}

function strategyIn(path: string, source: string, place: string): StrategyFile {
  try {
    return strategyFile(path);
  } catch (error) {
    const text = (error as Error).message.replace(/^Cannot /, "cannot ");
    throw wrong(RangeError, source, place, text);
  }
}

function dataOf(name: unknown, source: string, place: string): Record<string, unknown> {
  const builtin = Object.keys(BUILTIN_DATASETS);
  const names = [...Object.keys(CATALOGUE), ...builtin];
  if (typeof name !== "string") {
    throw wrong(TypeError, source, place, `found ${shown(name)}, need the name of a data set`);
  }
  if (!names.includes(name)) {
    const meant = didYouMean(name, names);
    const text = `found ${shown(name)}, need one of ${quotedList(names)}${meant}`;
    throw wrong(RangeError, source, place, text);
  }
  return builtin.includes(name) ? { ...builtinData(name), test: null } : catalogueData(name);
}

/** An error about a configuration, with the setting's place in the study. */
function placed(
  error: unknown,
  places: ReadonlyMap<string, string>,
  layers: readonly Layer[],
  source: string,
): unknown {
  if (!(error instanceof Error)) return error;
  const Kind = error instanceof TypeError ? TypeError : RangeError;
  const found = /^Cannot use setting "([^".]+)([^"]*)": (.*)$/.exec(error.message);
  if (found !== null) {
    const [, key, below, text] = found;
    const place = places.get(key) ?? (key === "target" ? "base.target" : key);
    return wrong(Kind, source, `${place}${below.replaceAll(/\.(\d+)/g, "[$1]")}`, text);
  }
  const point = printableList(
    Object.entries(Object.assign({}, ...layers.slice(1).map((layer) => layer.settings)))
      .map(([key, value]) => `${key} ${shown(value)}`),
  );
  const where = point === "" ? "base" : point;
  return wrong(Kind, source, where, error.message.replace(/^Cannot /, "cannot "));
}

function wrong(
  Kind: TypeErrorConstructor | RangeErrorConstructor,
  source: string,
  place: string,
  text: string,
): Error {
  return new Kind(
    `Cannot use study "${source}"${place === "" ? "" : `, ${printable(place)}`}: ${text}`,
  );
}
