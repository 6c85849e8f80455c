/**
 * The settings of a run: one plain JSON object, checked once at the door and stored with every
 * result. The defaults are the paper's recipe (Appendix, Table 6).
 *
 * @module
 */
import * as v from "./valibot.ts";
import type { Scaling } from "../data/scaling.ts";
import type { KernelChoice } from "../kernels/choose.ts";
import type { Activation } from "../nn/activation.ts";
import type { Initializer } from "../nn/initializer.ts";
import type { DecayStyle, Optimizer } from "../nn/optimizer.ts";

/** The methods by name. */
export const METHODS = [
  "fd",
  "rd",
  "dist",
  "edst",
  "set",
  "rigl",
  "static",
  "dense",
  "dense-ensemble",
] as const;

/** The name of a method. */
export type MethodName = typeof METHODS[number];

const integer = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.integer("an integer"), v.minValue(from), v.maxValue(to));
const number = (from: number, to: number) =>
  v.pipe(v.number(), v.finite("a finite number"), v.minValue(from), v.maxValue(to));
const above = (from: number, to: number) =>
  v.pipe(v.number(), v.finite("a finite number"), v.gtValue(from), v.maxValue(to));

const schema = v.strictObject({
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
  growth: v.picklist(["random", "gradient"]),
  growthCandidates: v.nullable(number(1, 1e9)),
  memberSelection: v.picklist(["best", "last"]),
  validationFraction: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  optimizer: v.picklist(["sgd", "adam"]),
  learningRate: above(0, 1000),
  learningRateCurve: v.picklist(["step", "constant", "cosine", "one-cycle"]),
  momentum: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  beta1: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  beta2: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  adamEpsilon: above(0, 1),
  weightDecay: number(0, 1),
  decayStyle: v.picklist(["direct", "decoupled", "l2"]),
  dropout: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  labelSmoothing: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  classWeights: v.picklist(["none", "balanced"]),
  memberWeighting: number(0, 100),
  batchSize: integer(1, 1_000_000),
  dropLastBatch: v.boolean(),
  initializer: v.picklist([
    "he-uniform",
    "he-normal",
    "xavier-uniform",
    "xavier-normal",
    "normal",
  ]),
  fan: v.picklist(["dense", "sparse"]),
  scaling: v.picklist(["none", "min-max", "standard", "quantile"]),
  embedding: v.picklist(["none", "periodic"]),
  frequencies: integer(1, 10_000),
  frequency: above(0, 1e6),
  frequencySpread: number(1, 1e6),
  onDivergence: v.picklist(["stop", "rollback"]),
  seed: integer(0),
  kernels: v.picklist(["auto", "wasm", "native", "reference"]),
});

/** The settings of a run. Shares are from 0 to 1. */
export interface Settings {
  /** How members come about. */
  method: MethodName;
  /** ε: density control of the Erdős–Rényi layers. */
  epsilon: number;
  /** The density of the whole network, in place of `epsilon`; `null` to take `epsilon`. */
  density: number | null;
  /** Neurons per hidden layer. */
  hidden: number[];
  /** M: members of the ensemble. */
  members: number;
  /** E: epochs in all; of each member where members are independent. */
  epochs: number;
  /** E₀: epochs of exploration before the first member's refinement. */
  explore: number;
  /** What hidden neurons do. */
  activation: "all-relu" | "relu";
  /** α: the slope of All-ReLU. */
  alpha: number;
  /** λ: the distance coefficient of Dist-TSE. */
  lambda: number;
  /** Candidates that set Dist-TSE's threshold. */
  distanceSamples: number;
  /** Layers at least this dense are not regrown disjointly. */
  densityLimit: number;
  /** Whether refinement also updates the topology less often. */
  refinement: "comprehensive" | "plain";
  /** ζ: the share of connections that a topology update replaces. */
  pruneRate: number;
  /** q: the share of connections replaced between members. */
  reinitializeRate: number;
  /** e: epochs between topology updates in exploration. */
  interval: number;
  /** Where connections grow: anywhere, or where the loss's gradient is largest. */
  growth: "random" | "gradient";
  /** Positions whose gradient is taken per connection to grow; `null` for all that are free. */
  growthCandidates: number | null;
  /** Which network is the member: the best on held-out rows, or its last. */
  memberSelection: "best" | "last";
  /** The share of training rows held out to choose members. */
  validationFraction: number;
  /** What trains the weights. */
  optimizer: "sgd" | "adam";
  /** η of exploration. */
  learningRate: number;
  /** How the learning rate moves. */
  learningRateCurve: "step" | "constant" | "cosine" | "one-cycle";
  /** μ of gradient descent. */
  momentum: number;
  /** β₁ of Adam. */
  beta1: number;
  /** β₂ of Adam. */
  beta2: number;
  /** Added to the root in Adam's denominator. */
  adamEpsilon: number;
  /** λ of the weights' decay. */
  weightDecay: number;
  /** How weight decay acts. */
  decayStyle: DecayStyle;
  /** The share of hidden activations set to zero in training. */
  dropout: number;
  /** The share of each label that is spread over all classes. */
  labelSmoothing: number;
  /** Whether rows of rare classes count more in the loss, so that every class counts the same. */
  classWeights: "none" | "balanced";
  /**
   * How much more rows count for a member that the members before it get wrong: up to
   * exp(memberWeighting) times as much. 0 is not at all.
   */
  memberWeighting: number;
  /** Rows per batch. */
  batchSize: number;
  /** Whether an epoch's incomplete last batch is left out. */
  dropLastBatch: boolean;
  /** How fresh weights are drawn. */
  initializer: Initializer;
  /** Which fan-in the initialiser sees. */
  fan: "dense" | "sparse";
  /** How features are scaled. */
  scaling: Scaling;
  /** Whether learned sines of every feature come before the first hidden layer. */
  embedding: "none" | "periodic";
  /** Sine units per feature, beside a slow one. */
  frequencies: number;
  /** The middle of their first frequencies, in periods per unit of the scaled feature. */
  frequency: number;
  /** How many times higher and lower than the middle they reach. */
  frequencySpread: number;
  /** Whether an exploding loss stops the run, or takes it back with half the learning rate. */
  onDivergence: "stop" | "rollback";
  /** Names all random streams. */
  seed: number;
  /** The back end. */
  kernels: KernelChoice;
}

/** The paper's recipe for the Gesture Phase data (Appendix, Table 6), FD-TSE. */
const PAPER: Settings = {
  method: "fd",
  epsilon: 20,
  density: null,
  hidden: [1000, 1000, 1000],
  members: 5,
  epochs: 350,
  explore: 100,
  activation: "all-relu",
  alpha: 0.5,
  lambda: 1.5,
  distanceSamples: 100,
  densityLimit: 0.25,
  refinement: "comprehensive",
  pruneRate: 0.2,
  reinitializeRate: 0.8,
  interval: 2,
  growth: "random",
  growthCandidates: 5,
  memberSelection: "best",
  validationFraction: 0.2,
  optimizer: "sgd",
  learningRate: 0.1,
  learningRateCurve: "step",
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  adamEpsilon: 1e-8,
  weightDecay: 0.0002,
  decayStyle: "direct",
  dropout: 0.2,
  labelSmoothing: 0,
  classWeights: "none",
  memberWeighting: 0,
  batchSize: 128,
  dropLastBatch: true,
  initializer: "he-uniform",
  fan: "dense",
  scaling: "min-max",
  embedding: "none",
  frequencies: 16,
  frequency: 0.2,
  frequencySpread: 10,
  onDivergence: "stop",
  seed: 1,
  kernels: "auto",
};

/** What the paper does differently for a method. */
const PER_METHOD: Partial<Record<MethodName, Partial<Settings>>> = {
  edst: { refinement: "plain" },
  set: { members: 1, explore: 0, learningRate: 0.01 },
  rigl: { members: 1, explore: 0, learningRate: 0.01, growth: "gradient" },
  static: { members: 1, explore: 0, learningRate: 0.01 },
  dense: { members: 1, explore: 0, learningRate: 0.001, activation: "relu" },
  "dense-ensemble": { explore: 0, learningRate: 0.001, activation: "relu" },
};

/** The methods that train one member only. */
const SINGLE: readonly MethodName[] = ["set", "rigl", "static", "dense"];

/** The methods whose topology never changes. */
const UNCHANGING: readonly MethodName[] = ["static", "dense", "dense-ensemble"];

/**
 * The paper's settings for a method.
 *
 * @example Usage
 * ```ts
 * import { defaultSettings } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.equal(defaultSettings("fd").epsilon, 20);
 * assert.equal(defaultSettings("set").learningRate, 0.01);
 * ```
 */
export function defaultSettings(method: MethodName): Settings {
  return { ...PAPER, ...PER_METHOD[method], method };
}

/**
 * Completes settings with the paper's for their method and checks every one of them.
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
  const method = given.method ?? "fd";
  const known = METHODS.find((name) => name === method);
  if (known === undefined) {
    const error = settingError("method", method, `one of ${METHODS.join(", ")}`);
    throw typeof method === "string" ? error : new TypeError(error.message);
  }
  const result = v.safeParse(schema, { ...defaultSettings(known), ...defined(given) });
  if (!result.success) throw issueError(result.issues[0]);
  const settings = result.output;
  if (SINGLE.includes(settings.method) && settings.members !== 1) {
    throw settingError("members", settings.members, `1 with method "${settings.method}"`);
  }
  if (settings.growth === "gradient" && UNCHANGING.includes(settings.method)) {
    throw settingError("growth", "gradient", `"random" with method "${settings.method}"`);
  }
  if (settings.growth === "random" && settings.method === "rigl") {
    throw settingError("growth", "random", `"gradient" with method "rigl"`);
  }
  if (settings.memberWeighting > 0 && settings.members === 1) {
    throw settingError("memberWeighting", settings.memberWeighting, "0 with one member");
  }
  const sequential = !SINGLE.includes(settings.method) && settings.method !== "dense-ensemble";
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

function settingError(name: string, found: unknown, need: string): RangeError {
  return new RangeError(`Cannot use setting "${name}": found ${show(found)}, need ${need}`);
}

/** A schema's complaint as a sentence with the value found and the value needed. */
function issueError(issue: v.BaseIssue<unknown>): Error {
  const path = v.getDotPath(issue) ?? "";
  const name = path.split(".")[0];
  if (issue.kind === "schema" && issue.type === "strict_object" && issue.expected === "never") {
    const near = nearest(name, Object.keys(PAPER));
    return new TypeError(
      `Cannot use setting "${name}": there is none of this name` +
        (near === undefined ? "" : `; did you mean "${near}"?`),
    );
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
  return (issue.expected ?? "").replaceAll("(", "one of ").replaceAll(")", "").replaceAll(
    " | ",
    ", ",
  )
    .toLowerCase();
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
  return typeof value === "number" && !Number.isFinite(value)
    ? `${value}`
    : JSON.stringify(value) ??
      `${value}`;
}

/** The candidate with the smallest edit distance, if it is a plausible slip. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
