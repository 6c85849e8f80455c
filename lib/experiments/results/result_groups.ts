import { quoted } from "../../messages.ts";
import { compareValues, type ResultValue, settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";

/** Runs that agree in some values. */
export interface ResultGroup {
  /** Their common values. */
  readonly key: Readonly<Record<string, ResultValue>>;
  /** The runs, by seed. */
  readonly results: readonly Result[];
}

/** The first keys; all other settings follow in the order of a configuration. */
const FIRST = ["dataset", "method", "strategy", "epsilon", "density", "blockSize", "fold"];

/** Keys that do not name groups. `dataset` stands for the file. */
const NOT_NAMED = ["file", "seed"];

/**
 * The settings in which runs differ, except the seed. A setting that follows from earlier ones is left out,
 * such as the learning rate if every method has its own. `strategy` is included wherever it differs,
 * because a method's name alone would hide a strategy that replaced the method's own.
 */
export function varyingKeys(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const settings = [...new Set(results.flatMap(({ config }) => Object.keys(config)))];
  const rest = settings.filter((key) => !FIRST.includes(key) && !NOT_NAMED.includes(key));
  const keys: string[] = [];
  for (const key of [...FIRST, ...rest]) {
    const before = key === "strategy" ? [] : keys;
    if (groupResults(results, [...before, key]).length > groupResults(results, before).length) {
      keys.push(key);
    }
  }
  return keys;
}

/** Groups runs by their values for some keys. The groups are in the order of these values. */
export function groupResults(results: readonly Result[], keys: readonly string[]): ResultGroup[] {
  const valuesOf = (result: Result) => keys.map((name) => settingValue(result, name));
  const groups = Map.groupBy(results, (result) => JSON.stringify(valuesOf(result)));
  return Array.from(groups.values(), (own) => ({
    key: Object.fromEntries(valuesOf(own[0]).map((value, k) => [keys[k], value])),
    results: own.sort((a, b) => a.config.seed - b.config.seed),
  })).sort((a, b) =>
    keys.reduce((order, name) => order || compareValues(a.key[name], b.key[name]), 0)
  );
}

/**
 * Selects the runs that meet all conditions: `key=value`, `key=one,other` for either of two values,
 * `key!=value` for all other values. Keys are those of {@linkcode settingValue}.
 *
 * @throws {SyntaxError} If a condition has no `=`.
 * @throws {RangeError} If a run has no value of a condition's name.
 *
 * @example Usage
 * ```ts
 * import { filterResults, type Result } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const results = [10, 20, 30].map((epsilon) => ({ config: { epsilon }, record: {} })) as Result[];
 * assert.equal(filterResults(results, ["epsilon=10,20"]).length, 2);
 * assert.equal(filterResults(results, ["epsilon!=10"]).length, 2);
 * ```
 */
export function filterResults(results: readonly Result[], conditions: readonly string[]): Result[] {
  const parsed = conditions.map((text) => {
    const found = /^([^=!]+)(!?)=(.*)$/.exec(text);
    if (found === null) {
      throw new SyntaxError(`Cannot filter runs: found ${quoted(text)}, need KEY=VALUE`);
    }
    return { key: found[1].trim(), not: found[2] !== "", value: found[3].trim() };
  });
  return results.filter((result) =>
    parsed.every(({ key, not, value }) => {
      const text = `${settingValue(result, key)}`;
      return (text === value || value.split(",").includes(text)) !== not;
    })
  );
}
