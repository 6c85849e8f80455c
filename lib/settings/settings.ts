/**
 * The settings of a run: a plain JSON object that is checked once and stored with every result.
 *
 * @module
 */
import * as v from "../valibot.ts";
import type { Activation, Optimizer } from "../nn/mod.ts";
import { recipeDefaults } from "./recipes.ts";
import { didYouMean } from "../messages.ts";
import {
  type MethodName,
  METHODS,
  type RecipeName,
  RECIPES,
  type Settings,
} from "./setting_types.ts";

export {
  type Candidate,
  type MethodName,
  METHODS,
  type RecipeName,
  RECIPES,
  type Settings,
} from "./setting_types.ts";

const integer = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.integer("an integer"), v.minValue(from), v.maxValue(to));
const number = (from: number, to: number) =>
  v.pipe(v.number(), v.finite("a finite number"), v.minValue(from), v.maxValue(to));
const above = (from: number, to: number) =>
  v.pipe(v.number(), v.finite("a finite number"), v.gtValue(from), v.maxValue(to));

const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
const frequencies = integer(1, 10_000);
const frequency = above(0, 1e6);
const frequencySpread = number(1, 1e6);
const weightDecay = number(0, 1);

const schema = v.strictObject({
  recipe: v.picklist(RECIPES),
  task: v.picklist(["classification", "regression"]),
  method: v.picklist(METHODS),
  epsilon: above(0, 1e9),
  density: v.nullable(above(0, 1)),
  hidden: v.pipe(v.array(integer(1, 2 ** 31 - 1)), v.maxLength(100)),
  members: integer(1, 10_000),
  epochs: integer(1, 10_000_000),
  explore: integer(0, 10_000_000),
  activation: v.picklist(["all-relu", "relu"]),
  alpha: number(0, 100),
  lambda: number(0, 100),
  distanceSamples: integer(2, 1_000_000),
  densityLimit: number(0, 1),
  refinement: v.picklist(["comprehensive", "plain"]),
  pruneRate: number(0, 1),
  reinitializeRate: number(0, 1),
  interval: integer(1, 10_000_000),
  evolveUntil: number(0, 1),
  growth: v.picklist(["random", "gradient", "strength"]),
  growthCandidates: v.nullable(number(1, 1e9)),
  memberSelection: v.picklist(["best", "last"]),
  validationFraction: share,
  optimizer: v.picklist(["sgd", "adam"]),
  learningRate: above(0, 1000),
  learningRateCurve: v.picklist(["step", "constant", "cosine", "one-cycle"]),
  momentum: share,
  beta1: share,
  beta2: share,
  adamEpsilon: above(0, 1),
  weightDecay,
  decayStyle: v.picklist(["direct", "decoupled", "l2"]),
  dropout: share,
  labelSmoothing: share,
  classWeights: v.picklist(["none", "balanced"]),
  memberWeighting: number(0, 100),
  batchSize: integer(1, 1_000_000),
  dropLastBatch: v.boolean(),
  initializer: v.picklist(["he-uniform", "he-normal", "xavier-uniform", "xavier-normal", "normal"]),
  fan: v.picklist(["dense", "sparse"]),
  scaling: v.picklist(["none", "min-max", "standard", "quantile"]),
  embedding: v.picklist(["none", "periodic"]),
  frequencies,
  frequency,
  frequencySpread,
  trials: integer(0, 1000),
  candidates: v.pipe(
    v.array(v.strictObject({
      dropout: v.exactOptional(share),
      labelSmoothing: v.exactOptional(share),
      weightDecay: v.exactOptional(weightDecay),
      frequencies: v.exactOptional(frequencies),
      frequency: v.exactOptional(frequency),
      frequencySpread: v.exactOptional(frequencySpread),
    })),
    v.maxLength(100),
  ),
  adaptToRows: v.boolean(),
  calibration: v.picklist(["none", "temperature"]),
  onDivergence: v.picklist(["stop", "rollback"]),
  seed: integer(0),
  kernels: v.picklist(["auto", "wasm", "native", "reference"]),
});

/**
 * The methods that train one member only; "sparse-ensemble" and "dense-ensemble" are their ensembles.
 */
const SINGLE: readonly MethodName[] = ["static", "dense"];

/** The methods whose members have a network each. */
const INDEPENDENT: readonly MethodName[] = [
  ...SINGLE,
  "set",
  "rigl",
  "sparse-ensemble",
  "dense-ensemble",
];

/** The methods whose topology never changes. */
const UNCHANGING: readonly MethodName[] = ["static", "sparse-ensemble", "dense", "dense-ensemble"];

/**
 * A recipe's settings for a method. Numbers are predicted without dropout in the paper's recipe and
 * without label smoothing, with `onDivergence` `"rollback"`, and with a learning rate of 0.03 where it
 * is 0.1 for classes.
 *
 * @param method Left out: the recipe's own.
 *
 * @example Usage
 * ```ts
 * import { defaultSettings } from "@sparsemble/sparsemble/settings";
 * import assert from "node:assert/strict";
 *
 * assert.equal(defaultSettings("fd").epsilon, 20);
 * assert.equal(defaultSettings("set").learningRate, 0.01);
 * assert.equal(defaultSettings(undefined, "modern").method, "set");
 * ```
 */
export function defaultSettings(
  method?: MethodName,
  recipe: RecipeName = "paper",
  task: Settings["task"] = "classification",
): Settings {
  return recipeDefaults(recipe, method, task);
}

/**
 * Completes settings with those of their recipe (left out: the paper's) for their method, and checks
 * every one of them.
 *
 * @param partial Any of the settings, such as a run's `config.json`.
 * @throws {TypeError} If a setting is unknown or of the wrong type.
 * @throws {RangeError} If a setting is out of its range, or two do not go together.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.equal(completeSettings({ method: "rd", epsilon: 10 }).members, 5);
 * assert.throws(() => completeSettings({ epsilon: -1 }), RangeError);
 * ```
 */
export function completeSettings(partial: object = {}): Settings {
  const given = partial as Readonly<Record<string, unknown>>;
  const recipe = oneOf("recipe", given.recipe ?? "paper", RECIPES);
  const method = given.method === undefined ? undefined : oneOf("method", given.method, METHODS);
  const task = given.task === "regression" ? given.task : "classification";
  const defaults = recipeDefaults(recipe, method, task);
  const result = v.safeParse(schema, { ...defaults, ...defined(given) });
  if (!result.success) throw issueError(result.issues[0]);
  const settings = result.output;
  if (SINGLE.includes(settings.method) && settings.members !== 1) {
    throw settingError("members", settings.members, `1 with method "${settings.method}"`);
  }
  if (settings.growth !== "random" && UNCHANGING.includes(settings.method)) {
    throw settingError("growth", settings.growth, `"random" with method "${settings.method}"`);
  }
  if (settings.growth !== "gradient" && settings.method === "rigl") {
    throw settingError("growth", settings.growth, `"gradient" with method "rigl"`);
  }
  if (settings.task === "regression") checkRegression(settings);
  if (settings.memberWeighting > 0 && settings.members === 1) {
    throw settingError("memberWeighting", settings.memberWeighting, "0 with one member");
  }
  checkTrials(settings);
  const sequential = !INDEPENDENT.includes(settings.method);
  if (sequential && settings.evolveUntil < 1) {
    throw settingError("evolveUntil", settings.evolveUntil, `1 with method "${settings.method}"`);
  }
  if (sequential && settings.epochs - settings.explore < 2 * settings.members) {
    throw new RangeError(
      `Cannot divide the run: ${settings.epochs} epochs less ${settings.explore} of exploration ` +
        `leave ${Math.max(0, settings.epochs - settings.explore)} for ${settings.members} ` +
        `members, need at least ${2 * settings.members}`,
    );
  }
  if (settings.memberSelection === "best" && settings.validationFraction === 0) {
    throw settingError("validationFraction", 0, `above 0 with memberSelection "best"`);
  }
  return settings;
}

/** The settings of classifiers: a network that predicts numbers has no use for them. */
const OF_CLASSES = {
  labelSmoothing: 0,
  classWeights: "none",
  memberWeighting: 0,
  calibration: "none",
} as const;

function checkRegression(settings: Settings): void {
  for (const [name, none] of Object.entries(OF_CLASSES)) {
    const found = settings[name as keyof typeof OF_CLASSES];
    if (found !== none) throw settingError(name, found, `${show(none)} with task "regression"`);
  }
  const smoothed = settings.candidates.find(({ labelSmoothing = 0 }) => labelSmoothing > 0);
  if (smoothed === undefined) return;
  throw settingError("candidates", [smoothed], `no labelSmoothing with task "regression"`);
}

/** Trials hold rows out to choose, and train the members proper on all of them. */
function checkTrials(settings: Settings): void {
  const { trials, candidates, method, memberSelection } = settings;
  if (trials === 0) return;
  if (trials === 1) throw settingError("trials", 1, "0, or at least 2");
  if (candidates.length === 0) throw settingError("candidates", [], `some with trials ${trials}`);
  if (!INDEPENDENT.includes(method)) {
    throw settingError("trials", trials, `0 with method "${method}"`);
  }
  if (memberSelection !== "last") {
    throw settingError("memberSelection", memberSelection, `"last" with trials ${trials}`);
  }
  if (settings.validationFraction === 0) {
    throw settingError("validationFraction", 0, `above 0 with trials ${trials}`);
  }
  if (settings.memberWeighting > 0) {
    throw settingError("memberWeighting", settings.memberWeighting, `0 with trials ${trials}`);
  }
}

/** The activation that the settings name. */
export function activationOf(settings: Settings): Activation {
  return settings.activation === "relu"
    ? { kind: "relu" }
    : { kind: "all-relu", alpha: settings.alpha };
}

/** The optimiser that the settings name. */
export function optimizerOf(settings: Settings): Optimizer {
  const { momentum, beta1, beta2, adamEpsilon: epsilon, weightDecay, decayStyle } = settings;
  return settings.optimizer === "sgd"
    ? { kind: "sgd", momentum, weightDecay, decayStyle }
    : { kind: "adam", beta1, beta2, epsilon, weightDecay, decayStyle };
}

function defined(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function oneOf<T extends string>(name: string, value: unknown, known: readonly T[]): T {
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  const error = settingError(name, value, `one of ${known.join(", ")}`);
  throw typeof value === "string" ? error : new TypeError(error.message);
}

function settingError(name: string, found: unknown, need: string): RangeError {
  return new RangeError(`Cannot use setting "${name}": found ${show(found)}, need ${need}`);
}

/** A schema's complaint as a sentence with the value found and the value needed. */
function issueError(issue: v.BaseIssue<unknown>): Error {
  const path = v.getDotPath(issue) ?? "";
  const name = path.split(".")[0];
  if (issue.kind === "schema" && issue.type === "strict_object" && issue.expected === "never") {
    const meant = didYouMean(name, Object.keys(schema.entries));
    return new TypeError(`Cannot use setting "${name}": there is none of this name${meant}`);
  }
  const need = issue.expected === null ? issue.message + rangeOf(path) : expectation(path, issue);
  const found = show(issue.input);
  const text = `Cannot use setting "${path}": found ${found}, need ${need}`;
  const wrongType = issue.kind === "schema" &&
    (issue.type !== "picklist" || typeof issue.input !== "string");
  return wrongType ? new TypeError(text) : new RangeError(text);
}

function expectation(name: string, issue: v.BaseIssue<unknown>): string {
  const relation = /^([<>]=?)(.*)$/.exec(issue.expected ?? "");
  if (relation !== null) {
    const words: Record<string, string> = {
      ">=": "at least",
      "<=": "at most",
      ">": "more than",
      "<": "less than",
    };
    return `${words[relation[1]]} ${relation[2]}${rangeOf(name)}`;
  }
  const choices = (issue.expected ?? "").replaceAll("(", "one of ").replaceAll(")", "");
  return choices.replaceAll(" | ", ", ").toLowerCase();
}

/** A setting's whole range, where its schema states both ends. */
function rangeOf(name: string): string {
  type Piped = { pipe?: { type: string; requirement?: number }[] };
  const entry = schema.entries[name as keyof typeof schema.entries] as unknown as
    | Piped & { wrapped?: Piped }
    | undefined;
  const steps = (entry?.wrapped ?? entry)?.pipe;
  const bound = (...types: string[]) => steps?.find((step) => types.includes(step.type));
  const low = bound("min_value", "gt_value");
  const high = bound("max_value", "lt_value");
  if (low === undefined || high === undefined) return "";
  const open = low.type === "gt_value" ? "above " : "";
  const close = high.type === "lt_value" ? "below " : "";
  return ` (range: ${open}${low.requirement} to ${close}${high.requirement})`;
}

function show(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : JSON.stringify(value);
  return text ?? `${value}`;
}
