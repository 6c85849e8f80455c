import { type MethodName, methodNamed } from "../methods/mod.ts";
import { onlyValues } from "./by_method.ts";
import type { RecipeName } from "./run.ts";
import { type Settings, settingsWith } from "./setting_table.ts";
import type { Candidate } from "./trials.ts";

/** The paper's recipe for the Gesture Phase data (Appendix, Table 6), FD-TSE. */
const PAPER = defaultsOf(settingsWith(methodNamed("fd"))) as Settings;

function defaultsOf(table: object): object {
  return Object.fromEntries(
    Object.entries(table).map(([name, setting]) => [name, setting.default])
      .filter(([, value]) => value !== undefined),
  );
}

/**
 * The candidates of the modern recipe, from smooth to fine. They differ in the initial frequencies of the
 * features' sines, and in the dropout. The target is a smooth function of many features, but not of times
 * and positions. If it follows fine detail, the mean over the members regularises enough.
 */
const CANDIDATES: readonly Candidate[] = [
  { frequency: 0.02, dropout: 0.1 },
  { frequency: 0.2, dropout: 0.4 },
  { frequency: 0.2, dropout: 0.2 },
  { frequency: 0.2, dropout: 0 },
  { frequency: 2, dropout: 0 },
];

/**
 * The settings that differ for regression, which the paper does not do. Unlike the gradient of a
 * cross-entropy, the gradient of a squared error has no bound, and the noise of dropout remains as an
 * error. These settings were chosen on held-out training rows of four tables.
 */
const REGRESSION: Partial<Settings> = {
  task: "regression",
  dropout: 0,
  labelSmoothing: 0,
  calibration: "none",
  onDivergence: "rollback",
};

/** The candidates of the modern recipe for regression. They have less dropout. */
const NUMBER_CANDIDATES: readonly Candidate[] = [
  { frequency: 0.02, dropout: 0.1 },
  { frequency: 0.2, dropout: 0.1 },
  { frequency: 0.2, dropout: 0 },
  { frequency: 2, dropout: 0 },
];

/**
 * The modern settings that differ for regression. Depth and longer training improve a regression and worsen
 * a classification. Small batches and bounded quantiles were tried on classes only.
 */
const MODERN_NUMBERS: Partial<Settings> = {
  hidden: [1000, 1000, 1000],
  epochs: 24,
  learningRate: 0.012,
  batchSize: 256,
  scaling: "quantile",
  candidates: NUMBER_CANDIDATES,
};

/**
 * The settings of autoencoders. Hidden neurons, ε, noise, pruning rate and update interval are those of Z.
 * Atashgahi et al., "Quick and robust feature selection", 2022, https://doi.org/10.1007/s10994-021-06063-x,
 * and of their code (https://github.com/zahraatashgahi/QuickSelection). The other settings are our choice:
 * with their gradient descent at a rate of 0.01, training on narrow tables diverges.
 */
const RECONSTRUCTION: Partial<Settings> = {
  ...REGRESSION,
  task: "reconstruction",
  hidden: [1000],
  epsilon: 13,
  activation: "relu",
  epochs: 100,
  pruneRate: 0.2,
  interval: 1,
  optimizer: "adam",
  learningRate: 0.003,
  weightDecay: 0,
  memberSelection: "last",
  validationFraction: 0.1,
  batchSize: 100,
  scaling: "standard",
  embedding: "none",
  trials: 0,
  candidates: [],
  adaptToRows: false,
  corruption: "gaussian",
  noise: 0.2,
};

/** The learning rate for regression, if that for classes is the paper's 0.1. */
const REGRESSION_RATE = 0.03;

/**
 * The recipe for accuracy on tables. It is the same for all tables, and was chosen on held-out training
 * rows.
 */
const MODERN: Settings = {
  ...PAPER,
  recipe: "modern",
  method: "set",
  hidden: [512, 512],
  blockSize: 8,
  epsilon: 10,
  members: 8,
  epochs: 12,
  explore: 0,
  activation: "relu",
  pruneRate: 0.3,
  interval: 1,
  evolveUntil: 0.6,
  memberSelection: "last",
  optimizer: "adam",
  learningRate: 0.01,
  learningRateCurve: "one-cycle",
  weightDecay: 0,
  decayStyle: "decoupled",
  dropout: 0.1,
  labelSmoothing: 0.1,
  batchSize: 64,
  scaling: "bounded-quantile",
  embedding: "periodic",
  trials: 2,
  trialEpochs: 0.5,
  keepTrials: false,
  candidates: CANDIDATES,
  adaptToRows: true,
  calibration: "temperature",
};

/** The modern settings of methods whose members come from one run. They have no trials. */
const MODERN_SEQUENTIAL: Partial<Settings> = { candidates: [], epochs: 80 };

/** The modern settings of methods whose members descend from one ancestor. */
const MODERN_LINEAGE: Partial<Settings> = { candidates: [], explore: MODERN.epochs };

/**
 * Chooses the recipe if none is given: the paper's recipe with a method, the modern recipe without one, and
 * the paper's for an autoencoder, whose settings are its own.
 */
export function recipeFor(method: unknown, task: unknown): RecipeName {
  return method === undefined && task !== "reconstruction" ? "modern" : "paper";
}

/**
 * Returns a recipe's settings for a method, frozen. For regression the paper's recipe has no dropout and no
 * label smoothing, `onDivergence` is `"rollback"`, and a learning rate of 0.1 becomes 0.03. Autoencoders
 * use SET if no method is given.
 *
 * @param method Left out: the recipe's method.
 * @param recipe Left out: the paper's recipe if a method is given, else the modern one.
 * @param task The kind of the target.
 *
 * @example Usage
 * ```ts
 * import { defaultSettings } from "@sparsemble/sparsemble/settings";
 * import assert from "node:assert/strict";
 *
 * assert.equal(defaultSettings("fd").epsilon, 20);
 * assert.equal(defaultSettings("set").learningRate, 0.01);
 * assert.equal(defaultSettings().recipe, "modern");
 * ```
 */
export function defaultSettings(
  method?: MethodName,
  recipe?: RecipeName,
  task: Settings["task"] = "classification",
): Settings {
  const settings = classDefaults(
    recipe ?? recipeFor(method, task),
    method ?? (task === "reconstruction" ? "set" : undefined),
  );
  if (task === "classification") return frozen(settings);
  if (task === "reconstruction") {
    const { explore, epochs, members } = settings;
    const isSequential = methodNamed(settings.method).members === "sequential";
    return frozen({
      ...settings,
      ...RECONSTRUCTION,
      members: isSequential ? members : 1,
      // Topology updates end before the last epochs, so that the last grown connections are trained too.
      evolveUntil: isSequential ? 1 : 0.75,
      explore: Math.round(explore * RECONSTRUCTION.epochs! / epochs),
    });
  }
  const learningRate = settings.learningRate === PAPER.learningRate
    ? REGRESSION_RATE
    : settings.learningRate;
  const modern = settings.candidates.length === 0 ? null : MODERN_NUMBERS;
  return frozen({ ...settings, ...REGRESSION, learningRate, ...modern });
}

/** Freezes nested lists too. All defaults share them, so a change of one would change all. */
function frozen(settings: Settings): Settings {
  settings.candidates.forEach(Object.freeze);
  for (const value of Object.values(settings)) Object.freeze(value);
  return Object.freeze(settings);
}

function classDefaults(recipe: RecipeName, name?: MethodName): Settings {
  const settings = recipe === "modern" ? MODERN : PAPER;
  if (name === undefined) return { ...settings };
  const method = methodNamed(name);
  const modern = method.members === "sequential"
    ? MODERN_SEQUENTIAL
    : method.lineage === undefined
    ? null
    : MODERN_LINEAGE;
  const own = recipe === "modern" ? modern : method.paper;
  return {
    ...defaultsOf(method.settings),
    ...settings,
    ...own,
    ...method.published,
    ...firstOf(onlyValues(method)),
    method: name,
  };
}

function firstOf(values: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(Object.entries(values).map(([name, [first]]) => [name, first]));
}

/** The number of rows for which the recipes' epochs and batch size are meant. */
const ROWS = 10_000;

/** The smallest and the largest factor by which epochs adapt. */
const [LEAST, LARGEST] = [1 / 3, 4];

/** The smallest adapted batch size, and the number of batches that an epoch should have at least. */
const [SMALLEST, BATCHES] = [16, 16];

/**
 * Adapts settings to a table's number of rows, if `adaptToRows` is set. Epochs are multiplied by √(10,000 /
 * rows), with a factor of at least a third and at most four. The batch size is halved until an epoch has at
 * least 16 batches. In the result `adaptToRows` is off.
 *
 * @param rows The number of rows of the table, including held-out rows.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import { settingsForRows } from "@sparsemble/sparsemble/settings";
 * import assert from "node:assert/strict";
 *
 * const settings = completeSettings({ recipe: "modern", epochs: 32, batchSize: 256 });
 * const { epochs, batchSize } = settingsForRows(settings, 2500);
 * assert.deepEqual([epochs, batchSize], [64, 128]);
 * ```
 */
export function settingsForRows(settings: Settings, rows: number): Settings {
  if (!settings.adaptToRows) return settings;
  const share = Math.min(LARGEST, Math.max(LEAST, Math.sqrt(ROWS / rows)));
  let { batchSize } = settings;
  while (batchSize > SMALLEST && batchSize * BATCHES > rows) batchSize = Math.ceil(batchSize / 2);
  const epochs = Math.max(1, Math.round(settings.epochs * share));
  return { ...settings, epochs, batchSize, adaptToRows: false };
}
