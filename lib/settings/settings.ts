/**
 * The settings of a run: a plain JSON object that is checked once and stored with every result.
 *
 * @module
 */
import * as v from "../valibot.ts";
import type { Activation, Optimizer } from "../nn/mod.ts";
import { defaultSettings } from "./recipes.ts";
import { didYouMean, quoted, quotedList, shown } from "../messages.ts";
import { type MethodName, METHODS, RECIPES, type Settings } from "./setting_types.ts";

export * from "./recipes.ts";
export * from "./setting_types.ts";

// The messages of the schema say what is needed.
const isNumber = v.number("a number");
const isSwitch = v.boolean("a boolean");

function integer(
  from: number,
  to = Number.MAX_SAFE_INTEGER,
  range = ` (range: ${from} to ${to})`,
) {
  return v.pipe(
    isNumber,
    v.integer(`an integer${range}`),
    v.minValue(from, `at least ${from}${range}`),
    v.maxValue(to, `at most ${to}${range}`),
  );
}

function number(from: number, to: number) {
  const range = ` (range: ${from} to ${to})`;
  return v.pipe(
    isNumber,
    v.finite(`a finite number${range}`),
    v.minValue(from, `at least ${from}${range}`),
    v.maxValue(to, `at most ${to}${range}`),
  );
}

function above(from: number, to: number) {
  const range = ` (range: above ${from} to ${to})`;
  return v.pipe(
    isNumber,
    v.finite(`a finite number${range}`),
    v.gtValue(from, `more than ${from}${range}`),
    v.maxValue(to, `at most ${to}${range}`),
  );
}

function choice<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `one of ${quotedList(words)}`);
}

const share = v.pipe(
  isNumber,
  v.minValue(0, "at least 0 (range: 0 to below 1)"),
  v.ltValue(1, "less than 1 (range: 0 to below 1)"),
);
const frequencies = integer(1, 10_000);
const frequency = above(0, 1e6);
const frequencySpread = number(1, 1e6);
const weightDecay = number(0, 1);

const schema = v.strictObject({
  recipe: choice(RECIPES),
  task: choice(["classification", "regression"]),
  method: choice(METHODS),
  epsilon: above(0, 1e9),
  density: v.nullable(above(0, 1)),
  hidden: v.pipe(v.array(integer(1, 2 ** 31 - 1, ""), "an array"), v.maxLength(100, "at most 100")),
  members: integer(1, 10_000),
  epochs: integer(1, 10_000_000),
  explore: integer(0, 10_000_000),
  activation: choice(["all-relu", "relu"]),
  alpha: number(0, 100),
  lambda: number(0, 100),
  distanceSamples: integer(2, 1_000_000),
  densityLimit: number(0, 1),
  refinement: choice(["comprehensive", "plain"]),
  pruneRate: number(0, 1),
  reinitializeRate: number(0, 1),
  interval: integer(1, 10_000_000),
  evolveUntil: number(0, 1),
  updateSteps: v.exactOptional(integer(1, 10_000_000)),
  growth: choice(["random", "gradient", "sampled-gradient", "strength"]),
  growthCandidates: v.nullable(number(1, 1e9)),
  memberSelection: choice(["best", "last"]),
  validationFraction: share,
  optimizer: choice(["sgd", "adam"]),
  learningRate: above(0, 1000),
  learningRateCurve: choice(["step", "constant", "cosine", "one-cycle"]),
  momentum: share,
  beta1: share,
  beta2: share,
  adamEpsilon: above(0, 1),
  weightDecay,
  decayStyle: choice(["direct", "decoupled", "l2"]),
  dropout: share,
  labelSmoothing: share,
  classWeights: choice(["none", "balanced"]),
  memberWeighting: number(0, 100),
  batchSize: integer(1, 1_000_000),
  dropLastBatch: isSwitch,
  initializer: choice(["he-uniform", "he-normal", "xavier-uniform", "xavier-normal", "normal"]),
  fan: choice(["dense", "sparse"]),
  scaling: choice(["none", "min-max", "standard", "quantile"]),
  embedding: choice(["none", "periodic"]),
  frequencies,
  frequency,
  frequencySpread,
  trials: integer(0, 1000),
  candidates: v.pipe(
    v.array(
      v.strictObject({
        dropout: v.exactOptional(share),
        labelSmoothing: v.exactOptional(share),
        weightDecay: v.exactOptional(weightDecay),
        frequencies: v.exactOptional(frequencies),
        frequency: v.exactOptional(frequency),
        frequencySpread: v.exactOptional(frequencySpread),
      }, "an object"),
      "an array",
    ),
    v.maxLength(100, "at most 100"),
  ),
  adaptToRows: isSwitch,
  calibration: choice(["none", "temperature"]),
  onDivergence: choice(["stop", "rollback"]),
  seed: integer(0),
  kernels: choice(["auto", "wasm", "native", "reference"]),
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
  const defaults = { ...defaultSettings(method, recipe, task), ...impliedBy(given) };
  const result = v.safeParse(schema, defined({ ...defaults, ...defined(given) }));
  if (!result.success) throw issueError(result.issues[0]);
  const settings = result.output;
  checkTogether(settings);
  return settings;
}

/** The defaults that follow from other settings. */
function impliedBy(given: Readonly<Record<string, unknown>>): Partial<Settings> {
  const implied: { -readonly [Name in keyof Settings]?: Settings[Name] } = {};
  // An interval in epochs takes the place of one in steps.
  if (given.interval !== undefined) implied.updateSteps = undefined;
  // The gradient of a rare class comes in few batches, and is large there.
  if (given.classWeights === "balanced") implied.onDivergence = "rollback";
  if (given.growth === "gradient") implied.growthCandidates = null;
  return implied;
}

/** The settings of classifiers: a network that predicts numbers has no use for them. */
const OF_CLASSES = {
  labelSmoothing: 0,
  classWeights: "none",
  memberWeighting: 0,
  calibration: "none",
} as const;

/** Checks that settings go together. */
function checkTogether(settings: Settings): void {
  const { method, members, growth, task, trials, candidates, memberWeighting } = settings;
  const refuse = (isWrong: boolean, name: keyof Settings, need: string) => {
    if (isWrong) throw settingError(name, settings[name], need);
  };
  const byMethod = `with method "${method}"`;
  const byGrowth = `with growth "${growth}"`;
  refuse(SINGLE.includes(method) && members !== 1, "members", `1 ${byMethod}`);
  const isFixed = UNCHANGING.includes(method);
  refuse(isFixed && growth !== "random", "growth", `"random" ${byMethod}`);
  const byGradient = growth === "gradient" || growth === "sampled-gradient";
  refuse(method === "rigl" && !byGradient, "growth", `"gradient" ${byMethod}`);
  const isSampled = growth === "sampled-gradient";
  const { growthCandidates, updateSteps } = settings;
  refuse(isSampled && growthCandidates === null, "growthCandidates", `a number ${byGrowth}`);
  const isTimed = method === "rigl" || method === "set";
  refuse(!isTimed && updateSteps !== undefined, "updateSteps", `none ${byMethod}`);
  if (task === "regression") {
    for (const [name, none] of Object.entries(OF_CLASSES)) {
      const setting = name as keyof typeof OF_CLASSES;
      refuse(settings[setting] !== none, setting, `${shown(none)} with task "regression"`);
    }
    const smoothed = candidates.find(({ labelSmoothing = 0 }) => labelSmoothing > 0);
    if (smoothed !== undefined) {
      throw settingError("candidates", [smoothed], `no labelSmoothing with task "regression"`);
    }
  }
  refuse(memberWeighting > 0 && members === 1, "memberWeighting", "0 with one member");
  const isSequential = !INDEPENDENT.includes(method);
  const holdsNoneOut = settings.validationFraction === 0;
  if (trials > 0) {
    // Trials hold rows out to choose, and train the members proper on all of them.
    const byTrials = `with trials ${trials}`;
    const { memberSelection } = settings;
    refuse(trials === 1, "trials", "0, or at least 2");
    refuse(candidates.length === 0, "candidates", `some ${byTrials}`);
    refuse(isSequential, "trials", `0 ${byMethod}`);
    refuse(memberSelection !== "last", "memberSelection", `"last" ${byTrials}`);
    refuse(holdsNoneOut, "validationFraction", `above 0 ${byTrials}`);
    refuse(memberWeighting > 0, "memberWeighting", `0 ${byTrials}`);
  }
  refuse(isSequential && settings.evolveUntil < 1, "evolveUntil", `1 ${byMethod}`);
  const left = settings.epochs - settings.explore;
  if (isSequential && left < 2 * members) {
    throw new RangeError(
      `Cannot divide the run: ${settings.epochs} epochs less ${settings.explore} of exploration ` +
        `leave ${Math.max(0, left)} for ${members} members, need at least ${2 * members}`,
    );
  }
  const choosesBest = settings.memberSelection === "best";
  refuse(choosesBest && holdsNoneOut, "validationFraction", `above 0 with memberSelection "best"`);
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
  return new RangeError(`Cannot use setting ${quoted(name)}: found ${shown(found)}, need ${need}`);
}

/** A schema's complaint as a sentence with the value found and the value needed. */
function issueError(issue: v.BaseIssue<unknown>): Error {
  const path = v.getDotPath(issue) ?? "";
  if (issue.expected === "never") {
    const meant = didYouMean(path, Object.keys(schema.entries));
    return new TypeError(`Cannot use setting ${quoted(path)}: there is none of this name${meant}`);
  }
  const error = settingError(path, issue.input, issue.message);
  const isOfWrongType = issue.kind === "schema" &&
    (issue.type !== "picklist" || typeof issue.input !== "string");
  return isOfWrongType ? new TypeError(error.message) : error;
}
