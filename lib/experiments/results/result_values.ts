import { didYouMean, quoted, quotedList } from "../../messages.ts";
import { METHODS } from "../../methods/mod.ts";
import { SETTINGS } from "../../settings/mod.ts";
import { KEYS_OF_SOME, type RunConfig } from "../run/mod.ts";
import type { Result } from "./results.ts";
import { strategyTitle } from "./run_labels.ts";

/** One value of a run, such as its seed or its accuracy. */
export type ResultValue = string | number | boolean | null;

/** Values that are computed from the configuration or the record. */
const DERIVED: Readonly<Record<string, (result: Result) => ResultValue>> = {
  hash: ({ hash }) => hash,
  folder: ({ folder }) => folder,
  dataset: ({ config }) => config.file.replace(/^(dataset|builtin):/, ""),
  strategy: ({ config }) => config.strategy ? strategyTitle(config.strategy) : null,
  blockSize: ({ config }) => config.blockSize ?? 1,
  fold: ({ config: { fold } }) => fold === undefined ? null : `${fold.fold} of ${fold.of}`,
  memberAccuracy({ record: { members } }) {
    const known = members.flatMap(({ accuracy }) => accuracy === null ? [] : [accuracy]);
    return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
  },
  r2: ({ record }) => record.regression?.r2 ?? null,
  rmse: ({ record }) => record.regression?.rmse ?? null,
};

/**
 * Returns a value of a run by its name. The name is a path in the record (`accuracy`, `flops.counted`,
 * `seconds.train`), a key of the configuration (`method`, `epsilon`), or one of `hash`, `folder`, `dataset`
 * (the table without its prefix), `strategy` (its name and the first digits of its SHA-256; `null` for the
 * method's), `blockSize` (1 where a configuration has none), `fold` (`"1 of 5"`), `memberAccuracy` (the
 * mean over members), `r2` and `rmse` (`null` for a run of classes). Lists become text, `"1000,1000"`. If
 * record and configuration have the same name, such as `density`, this is the value of the record.
 *
 * @throws {RangeError} If a run has nothing of that name.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, type Result, resultValue } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const config = completeConfig({ file: "dataset:pol", target: "target", method: "fd" });
 * const result = { config, record: { accuracy: 0.9, flops: { counted: 7 } } } as Result;
 * assert.equal(resultValue(result, "dataset"), "pol");
 * assert.equal(resultValue(result, "hidden"), "1000,1000,1000");
 * assert.equal(resultValue(result, "flops.counted"), 7);
 * ```
 */
export function resultValue(result: Result, name: string): ResultValue {
  const setting = settingEntry(result.config, name);
  return valueOf(result, name, [entry(result.record, name), setting]);
}

/**
 * Returns a value of a run by its name, as {@linkcode resultValue} does. If record and configuration have
 * the same name, this is the value of the configuration.
 *
 * @throws {RangeError} If a run has nothing of that name.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, type Result, settingValue } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const config = completeConfig({ file: "dataset:pol", target: "target" });
 * const result = { config, record: { density: 0.1, kernels: "wasm" } } as Result;
 * assert.equal(settingValue(result, "density"), null);
 * assert.equal(settingValue(result, "kernels"), "auto");
 * ```
 */
export function settingValue(result: Result, name: string): ResultValue {
  const setting = settingEntry(result.config, name);
  // The record's `weights` are not row weights. So a name that the configuration lacks is not looked up in
  // the record.
  const none = isOfSome(name) ? null : undefined;
  return valueOf(result, name, [setting, none, entry(result.record, name)]);
}

function valueOf(result: Result, name: string, candidates: readonly unknown[]): ResultValue {
  if (Object.hasOwn(DERIVED, name)) return DERIVED[name](result);
  const all = [...candidates, hasIfAny(name) ? null : undefined];
  const value = all.find((value) =>
    value === null || isPlainList(value) || value !== undefined && typeof value !== "object"
  );
  if (value === undefined) throw noSuchValue(result, name);
  return Array.isArray(value) ? value.join(",") : value as ResultValue;
}

/**
 * Returns `true` if only some runs may have a value of this name: a setting, or a value of several workers.
 */
function hasIfAny(name: string): boolean {
  return isOfSome(name) || /^team\.(staleness\.)?[a-z]+$/.test(name);
}

/** Returns `true` if a run stores this name only when it has a value. */
function isOfSome(name: string): boolean {
  return Object.hasOwn(SETTINGS, name) || Object.hasOwn(KEYS_OF_SOME, name);
}

/** Compares two values of one name. Numbers are ordered by size, methods as in the paper. */
export function compareValues(a: ResultValue, b: ResultValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [first, second] = [`${a}`, `${b}`];
  const places = [first, second].map((name) => (METHODS as readonly string[]).indexOf(name));
  if (places.every((place) => place >= 0)) return places[0] - places[1];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The value at a path with dots. */
function entry(record: unknown, path: string): unknown {
  let value = record;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A setting; a list of objects, such as the candidates of trials, as JSON. */
function settingEntry(config: RunConfig, name: string): unknown {
  const value = entry(config, name);
  return Array.isArray(value) && !isPlainList(value) ? JSON.stringify(value) : value;
}

function isPlainList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object");
}

function noSuchValue({ config, record }: Result, name: string): RangeError {
  const names = [...Object.keys(DERIVED), ...Object.keys(config), ...pathsOf(record, "")];
  const advice = didYouMean(name, names) || `; need one of ${quotedList(names)}`;
  return new RangeError(
    `Cannot find ${quoted(name)} in a run: there is nothing of this name${advice}`,
  );
}

function pathsOf(value: object, prefix: string): string[] {
  return Object.entries(value).flatMap(([key, value]) => {
    if (Array.isArray(value)) return isPlainList(value) ? [prefix + key] : [];
    return typeof value === "object" && value !== null
      ? pathsOf(value, `${prefix}${key}.`)
      : [prefix + key];
  });
}
