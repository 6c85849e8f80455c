import { shown } from "../../messages.ts";
import { completeSettings, type Settings } from "../../settings/mod.ts";

/** The rows that a run learns from and is tested on. */
export interface DataConfig {
  /** The table, or `builtin:NAME`. */
  readonly file: string;
  /** The target column. */
  readonly target: string;
  /** A table of test rows; `null` to hold some of `file` out. */
  readonly test: string | null;
  /** The share of rows held out for the test, where `test` is `null`; 0 for no test. */
  readonly testFraction: number;
  /** `"median"` replaces missing values by the median of the training rows; `"error"` refuses them. */
  readonly missing: "median" | "error";
  /**
   * The columns of categories, by name; `"auto"` for every column with text in it (one with more than
   * 20 different numbers too is refused, as a column of numbers with a mistake). An empty list refuses
   * text.
   */
  readonly categorical: readonly string[] | "auto";
  /** Columns that are neither features nor the target. */
  readonly ignore: readonly string[];
}

/** All that a run depends on: its `config.json`. Data and settings stand side by side. */
export type RunConfig = DataConfig & Settings;

const DATA_KEYS = ["file", "target", "test", "testFraction", "missing", "categorical", "ignore"];

function withoutDataKeys(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !DATA_KEYS.includes(key)));
}

/**
 * Completes and checks a run's configuration.
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
 * assert.equal(config.epochs, 350);
 * ```
 */
export function completeConfig(given: Readonly<Record<string, unknown>>): RunConfig {
  const { file, target, test = null, testFraction = 0.2 } = given;
  const { missing = "median", categorical = "auto", ignore = [] } = given;
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
  const texts = (name: string, value: unknown): string[] => {
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
    throw new TypeError(
      `Cannot use setting "${name}": found ${shown(value)}, need a list of columns` +
        (name === "categorical" ? ` or "auto"` : ""),
    );
  };
  return {
    file: text("file", file),
    target: text("target", target),
    test: test === null ? null : text("test", test),
    testFraction,
    missing,
    categorical: categorical === "auto" ? categorical : texts("categorical", categorical),
    ignore: texts("ignore", ignore),
    ...completeSettings(withoutDataKeys(given)),
  };
}

/** The settings part of a configuration. */
export function settingsOf(config: RunConfig): Settings {
  return withoutDataKeys(config) as unknown as Settings;
}
