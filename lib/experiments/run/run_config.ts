import { checkedFold, type FoldConfig } from "./fold_data.ts";
import { quoted, shown } from "../../messages.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import { completeSettings, type Settings } from "../../settings/mod.ts";
import { checkMemory, streamSettings } from "../../streams/mod.ts";

/** The rows that a run learns from and is tested on. */
export interface DataConfig {
  /** The table, or `builtin:NAME`. */
  readonly file: string;
  /** The target column. */
  readonly target: string;
  /** A table of test rows. `null`: test rows are held out of `file`. */
  readonly test: string | null;
  /** The share of rows held out for the test, if `test` is `null`. 0: no test. */
  readonly testFraction: number;
  /** `"median"` replaces missing values by the median of the training rows; `"error"` refuses them. */
  readonly missing: "median" | "error";
  /** `"skip"` leaves rows without a target out; `"error"` refuses them. */
  readonly missingTarget: "skip" | "error";
  /**
   * Columns of categories, by name; the others are read as with `"auto"`. `"auto"`: every column with text
   * in it; such a column that also holds more than 20 different numbers is refused, as numbers with a
   * mistake. An empty list refuses text.
   */
  readonly categorical: readonly string[] | "auto";
  /** Columns that are neither features nor the target. */
  readonly ignore: readonly string[];
  /** The column with the weights of rows in training and scores. Left out: all rows have the same weight. */
  readonly weights?: string | undefined;
  /** The fold whose rows are the test rows, instead of a share. Left out: no folds. */
  readonly fold?: FoldConfig | undefined;
  /**
   * The memory for rows, in bytes. Rows are then streamed from a file beside the run. Left out: all rows
   * are in memory.
   */
  readonly memory?: number | undefined;
}

/** Everything that a run depends on: its `config.json`. Data and settings are keys of one object. */
export type RunConfig = DataConfig & Settings & {
  /** The custom strategy that replaces the method's; `null` for the method's. */
  readonly strategy: StrategyOrigin | null;
};

/** The keys of data that a run stores only if it uses them. */
type KeyOfSome = {
  [Key in keyof DataConfig]-?: undefined extends DataConfig[Key] ? Key : never;
}[keyof DataConfig];

/** An entry for every such key. */
export const KEYS_OF_SOME: Readonly<Record<KeyOfSome, true>> = {
  weights: true,
  fold: true,
  memory: true,
};

/** The keys that are not settings. */
const OTHER_KEYS = [
  ...["file", "target", "test", "testFraction", "missing", "missingTarget"],
  ...["categorical", "ignore", ...Object.keys(KEYS_OF_SOME)],
  "strategy",
];

function settingsAmong(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !OTHER_KEYS.includes(key)));
}

/**
 * Completes and checks a run's configuration. Missing settings get the values of the modern recipe. If a
 * method is named, they get the paper's values for it.
 *
 * @param given Any of the keys; `file` and `target` are required.
 * @throws {TypeError} If a key is unknown, missing or of the wrong type.
 * @throws {RangeError} If a value is out of its range.
 *
 * @example Usage
 * ```ts
 * import { completeConfig } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const config = completeConfig({ file: "table.csv", target: "class", epsilon: 10 });
 * assert.equal(config.testFraction, 0.2);
 * assert.equal(config.recipe, "modern");
 * ```
 */
export function completeConfig(given: Readonly<Record<string, unknown>>): RunConfig {
  const { file, target, test = null, testFraction = 0.2 } = given;
  const { missing = "median", missingTarget = "error" } = given;
  const { categorical = "auto", ignore = [], weights, fold, memory, strategy = null } = given;
  const text = (name: string, value: unknown): string => {
    if (typeof value === "string" && value !== "") return value;
    throw new TypeError(
      `Cannot use setting "${name}": found ${
        value === undefined ? "none" : shown(value)
      }, need a text`,
    );
  };
  if (typeof testFraction !== "number" || !(testFraction >= 0 && testFraction < 1)) {
    throw new RangeError(
      `Cannot use setting "testFraction": found ${
        shown(testFraction)
      }, need 0 or more, less than 1`,
    );
  }
  if (missing !== "median" && missing !== "error") {
    const error = typeof missing === "string" ? RangeError : TypeError;
    throw new error(
      `Cannot use setting "missing": found ${shown(missing)}, need "median" or "error"`,
    );
  }
  if (missingTarget !== "skip" && missingTarget !== "error") {
    const error = typeof missingTarget === "string" ? RangeError : TypeError;
    throw new error(
      `Cannot use setting "missingTarget": found ${shown(missingTarget)}, need "skip" or "error"`,
    );
  }
  const texts = (name: string, value: unknown): string[] => {
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
    throw new TypeError(
      `Cannot use setting "${name}": found ${shown(value)}, need a list of columns` +
        (name === "categorical" ? `, [] for none, or "auto"` : ""),
    );
  };
  const config: RunConfig = {
    file: text("file", file),
    target: text("target", target),
    test: test === null ? null : text("test", test),
    testFraction,
    missing,
    missingTarget,
    categorical: categorical === "auto" ? categorical : texts("categorical", categorical),
    ignore: texts("ignore", ignore),
    ...(memory === undefined ? completeSettings : streamSettings)(settingsAmong(given)),
    strategy: strategy === null ? null : checkedOrigin(strategy),
  };
  if (config.ignore.includes(config.target)) {
    throw new TypeError(
      `Cannot ignore column ${quoted(config.target)}: found it as the target, need another column`,
    );
  }
  // Runs without weights, folds and streamed rows are stored in the same form as before these existed.
  const weighted = weights === undefined
    ? config
    : { ...config, weights: text("weights", weights) };
  const folded = fold === undefined ? weighted : { ...weighted, fold: checkedFold(fold) };
  return memory === undefined ? folded : { ...folded, memory: checkedMemory(memory, folded) };
}

/** Checks the memory for streamed rows. Streamed rows can have neither weights nor folds. */
function checkedMemory(memory: unknown, { weights, fold }: Partial<DataConfig>): number {
  if (typeof memory !== "number") {
    throw new TypeError(
      `Cannot use setting "memory": found ${shown(memory)}, need a number of bytes`,
    );
  }
  if (weights === undefined && fold === undefined) return checkMemory(memory);
  const found = weights === undefined ? "folds" : "weights";
  throw new TypeError(
    `Cannot use setting "memory": found ${found} of rows, which need all rows in memory, need rows ` +
      `without ${found}, or no "memory"`,
  );
}

/** A text that is shown as a whole. A longer one is neither a name nor a path. */
const LINE = /^[^]{1,4096}$/;

/** Checks the strategy that a configuration names. */
function checkedOrigin(given: unknown): StrategyOrigin {
  const wrong = (found: unknown, need: string) =>
    new TypeError(`Cannot use setting "strategy": found ${shown(found)}, need ${need}`);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw wrong(given, "an object with path and sha256");
  }
  const { earlier, ...texts } = given as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(texts)) {
    if (!["name", "path", "export", "sha256"].includes(key)) {
      throw wrong(key, "the keys name, path, export and sha256");
    }
    const form = key === "sha256" ? /^[0-9a-f]{64}$/ : LINE;
    if (typeof value === "string" && form.test(value)) continue;
    throw wrong(value, `${key === "sha256" ? "64 hexadecimal digits" : "a text"} as ${key}`);
  }
  const { name, path, sha256 } = texts;
  if ((path === undefined) !== (sha256 === undefined) || (name ?? path) === undefined) {
    throw wrong(given, "path and sha256, or the name of a script's strategy");
  }
  const isList = Array.isArray(earlier) && earlier.length <= 1000 &&
    earlier.every((one) => typeof one === "string" && LINE.test(one));
  if (earlier !== undefined && !isList) throw wrong(earlier, "a list of texts as earlier");
  return given;
}

/** The settings part of a configuration. */
export function settingsOf(config: RunConfig): Settings {
  return settingsAmong(config) as unknown as Settings;
}
