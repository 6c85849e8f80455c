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
 * The candidates of the modern recipe, from smooth to fine: how fast the sines of the features are at
 * first, and how much is dropped out. Many features are smooth; times and positions are not. Where
 * the target follows fine detail, the mean over the members regularises enough.
 */
const CANDIDATES: readonly Candidate[] = [
  { frequency: 0.02, dropout: 0.1 },
  { frequency: 0.2, dropout: 0.4 },
  { frequency: 0.2, dropout: 0.2 },
  { frequency: 0.2, dropout: 0 },
  { frequency: 2, dropout: 0 },
];

/**
 * The settings that differ where a number is predicted, which the paper does not do. The gradient of a
 * squared error has no bound, unlike that of a probability, and the noise of dropout stays as an error.
 * They were chosen on held-out training rows of four tables.
 */
const REGRESSION: Partial<Settings> = {
  task: "regression",
  dropout: 0,
  labelSmoothing: 0,
  calibration: "none",
  onDivergence: "rollback",
};

/** The candidates of the modern recipe where a number is predicted: they have less dropout. */
const NUMBER_CANDIDATES: readonly Candidate[] = [
  { frequency: 0.02, dropout: 0.1 },
  { frequency: 0.2, dropout: 0.1 },
  { frequency: 0.2, dropout: 0 },
  { frequency: 2, dropout: 0 },
];

/**
 * The modern settings that differ where a number is predicted. A smooth function gains by depth and by longer
 * training where classes lose by it. Small batches were tried on classes alone.
 */
const MODERN_NUMBERS: Partial<Settings> = {
  hidden: [1000, 1000, 1000],
  epochs: 24,
  learningRate: 0.012,
  batchSize: 256,
  candidates: NUMBER_CANDIDATES,
};

/**
 * The settings of autoencoders. Hidden neurons, ε, noise, the rate and the interval of updates are those of
 * Z. Atashgahi et al., "Quick and robust feature selection", 2022, https://doi.org/10.1007/s10994-021-06063-x,
 * and of their code (https://github.com/zahraatashgahi/QuickSelection). The rest is ours: with their gradient
 * descent, at a rate of 0.01, narrow tables diverge.
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

/** The learning rate for numbers where that for classes is the paper's 0.1. */
const REGRESSION_RATE = 0.03;

/** The recipe for accuracy on tables, chosen on held-out training rows; the same for all tables. */
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
  scaling: "quantile",
  embedding: "periodic",
  trials: 2,
  trialEpochs: 0.5,
  keepTrials: false,
  candidates: CANDIDATES,
  adaptToRows: true,
  calibration: "temperature",
};

/** The modern settings of members from one run, which have no trials. */
const MODERN_SEQUENTIAL: Partial<Settings> = { candidates: [], epochs: 80 };

/** The modern settings of members that descend from one network. */
const MODERN_LINEAGE: Partial<Settings> = { candidates: [], explore: MODERN.epochs };

/**
 * The recipe where none is given: a method that is named is the paper's; whoever names none wants accuracy.
 * An autoencoder has settings of its own.
 */
export function recipeFor(method: unknown, task: unknown): RecipeName {
  return method === undefined && task !== "reconstruction" ? "modern" : "paper";
}

/**
 * A recipe's settings for a method, frozen. Numbers are predicted without dropout in the paper's recipe and
 * without label smoothing, with `onDivergence` `"rollback"`, and with a learning rate of 0.03 where it
 * is 0.1 for classes. Autoencoders follow SET where no method is named.
 *
 * @param method Left out: the recipe's own.
 * @param recipe Left out: the paper's for a method, the modern one without.
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
      // The last connections that grow are trained as well.
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

/** Defaults share their lists: a change of one would change them all. */
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

/** The table whose epochs and batches the settings name where they adapt to the rows. */
const ROWS = 10_000;

/** The least and the largest share of the epochs that settings adapt to. */
const [LEAST, LARGEST] = [1 / 3, 4];

/** The smallest batch, and how many batches an epoch has at least where they need not be smaller. */
const [SMALLEST, BATCHES] = [16, 16];

/**
 * The settings for a table of so many rows. Where they adapt, epochs shrink with the square root of the
 * rows, to a third at most, and grow to four times as many at most; batches are halved until an epoch has
 * 16 of them. The result adapts no more.
 *
 * @param rows The table's, those that are held out included.
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
