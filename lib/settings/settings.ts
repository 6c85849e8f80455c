/**
 * The settings of a run: a plain JSON object that is checked once and stored with every result.
 *
 * @module
 */
import { foundValue } from "../arguments.ts";
import { quoted, shown } from "../messages.ts";
import { type Method, METHOD_TABLE, methodNamed } from "../methods/mod.ts";
import { settingError, unknownSetting } from "../setting.ts";
import { readsSetting } from "./by_method.ts";
import { PROTOCOL } from "./protocol.ts";
import { defaultSettings, recipeFor } from "./recipes.ts";
import { checkTogether } from "./rules.ts";
import { RUN, TASKS } from "./run.ts";
import { SETTINGS, type Settings, settingsWith } from "./setting_table.ts";
import { candidatesBeside } from "./trials.ts";

/**
 * Fills in missing settings from the recipe and checks all of them. If no recipe is given, it is the
 * paper's with a method, and the modern one without a method.
 *
 * If `epochs` is given and `explore` is not, exploration keeps the recipe's share of the epochs, or less if
 * the members need the epochs. If `members` is given, no trial members are added to the ensemble. If a
 * setting is given that the recipe's candidates vary, such as `dropout`, all members have the given value.
 * Candidates that become equal are one, also where there are no sines whose frequency could differ.
 *
 * @param partial Any of the settings, such as a run's `config.json`.
 * @throws {TypeError} If a setting is unknown or of the wrong type.
 * @throws {RangeError} If a setting is out of range, or two settings contradict each other.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.equal(completeSettings({ method: "rd", epsilon: 10 }).members, 5);
 * assert.equal(completeSettings({ epsilon: 10 }).recipe, "modern");
 * assert.throws(() => completeSettings({ epsilon: -1 }), RangeError);
 * ```
 */
export function completeSettings(partial: object = {}): Settings {
  requireSettings(partial);
  const given = Object.fromEntries(
    Object.entries(partial).filter(([, value]) => value !== undefined),
  );
  const recipe = RUN.recipe.read(given.recipe ?? recipeFor(given.method, given.task), "recipe");
  const method = given.method === undefined ? undefined : RUN.method.read(given.method, "method");
  const task = TASKS.find((task) => task === given.task);
  const defaults = defaultSettings(method, recipe, task);
  const all: Record<string, unknown> = { ...defaults, ...impliedBy(given, defaults), ...given };
  const table = settingsWith(methodNamed(defaults.method));
  const settings = Object.fromEntries(
    Object.entries(table).map(([name, { read }]) => [name, read(all[name], name)])
      .filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
  const strange = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (strange !== undefined) throw strangeSetting(strange, given[strange]);
  checkTogether(settings);
  return settings;
}

/**
 * Checks that settings are an object.
 *
 * @throws {TypeError} If they are not, but for example the name of a method.
 */
export function requireSettings(settings: unknown): asserts settings is object {
  const isObject = typeof settings === "object" && settings !== null;
  if (isObject && !Array.isArray(settings) && !(settings instanceof Promise)) return;
  throw new TypeError(
    `Cannot use settings: found ${foundValue(settings)}, need an object, such as ` +
      `{ method: "set", epochs: 20 }`,
  );
}

/**
 * Finds given settings that have no effect: the method does not read them, and their values are not its
 * defaults.
 *
 * @param given The settings that a person gave.
 * @param settings All settings, completed from the given ones.
 * @param changes `true` if the user's own strategy changes the topology instead of the method's.
 * @returns The names of these settings, in the order of `given`.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import { settingsWithoutEffect } from "@sparsemble/sparsemble/settings";
 * import assert from "node:assert/strict";
 *
 * const given = { method: "set", explore: 3, epochs: 20 };
 * assert.deepEqual(settingsWithoutEffect(given, completeSettings(given)), ["explore"]);
 * ```
 */
export function settingsWithoutEffect(
  given: object,
  { method: name, recipe, task }: Pick<Settings, "method" | "recipe" | "task">,
  changes = false,
): string[] {
  const named: Method = methodNamed(name);
  const method: Method = changes ? { ...named, strategy: () => ({ name: "own" }) } : named;
  const defaults = defaultSettings(name, recipe, task) as unknown as Record<string, unknown>;
  return Object.entries(given).filter(([key, value]) =>
    Object.hasOwn(SETTINGS, key) && value !== undefined && !readsSetting(method, key) &&
    shown(value) !== shown(defaults[key])
  ).map(([key]) => key);
}

/** Computes the defaults that depend on other settings. */
function impliedBy(
  given: Readonly<Record<string, unknown>>,
  defaults: Settings,
): Record<string, unknown> {
  const implied: Record<string, unknown> = {};
  const { epochs } = given;
  if (Number.isSafeInteger(epochs)) {
    const share = Math.round(defaults.explore * (epochs as number) / defaults.epochs);
    // Each member needs two epochs, even if this leaves less exploration.
    const members = Number.isSafeInteger(given.members)
      ? given.members as number
      : defaults.members;
    implied.explore = Math.max(0, Math.min(share, (epochs as number) - 2 * members));
  }
  // Stored settings name every setting, so their `members` does not mean that a person asked for it.
  const isWhole = Object.entries(PROTOCOL).every(([name, setting]) =>
    setting.default === undefined || Object.hasOwn(given, name)
  );
  const trials = given.trials ?? defaults.trials;
  if (trials === 0) {
    implied.keepTrials = undefined;
    implied.trialEpochs = undefined;
  } else if (given.members !== undefined && !isWhole) implied.keepTrials = false;
  const embedding = given.embedding === "none" ? "none" : defaults.embedding;
  implied.candidates = candidatesBeside(defaults.candidates, given, embedding);
  if (isWhole) {
    // Stored settings leave out optional settings. Then the recipe's present defaults must not be filled
    // in.
    const names = Object.keys(defaults).filter((name) =>
      SETTINGS[name as keyof Settings]?.default === undefined
    );
    for (const name of names) implied[name] = undefined;
  }
  // A given interval in epochs replaces the recipe's interval in steps.
  if (given.interval !== undefined && readsSetting(methodNamed(defaults.method), "interval")) {
    implied.updateSteps = undefined;
  }
  // With balanced class weights, a rare class has large gradients in few batches.
  if (given.classWeights === "balanced") implied.onDivergence = "rollback";
  if (given.growth === "gradient") implied.growthCandidates = null;
  if (given.growth === "sampled-gradient") {
    implied.growthCandidates = SETTINGS.growthCandidates.default;
  }
  return implied;
}

/** Makes the error about a setting that the method does not have, or that does not exist. */
function strangeSetting(name: string, found: unknown): Error {
  const owners = METHOD_TABLE.filter(({ settings }) => Object.hasOwn(settings, name));
  if (owners.length === 0) return unknownSetting(name, Object.keys(SETTINGS));
  const methods = owners.map((owner) => quoted(owner.name)).join(" or ");
  return settingError(name, found, `method ${methods} for it`);
}
