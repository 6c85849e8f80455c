/**
 * The settings of a run. `settings.ts` completes and checks them, `recipes.ts` has their defaults.
 *
 * @module
 */
import type { Scaling } from "../data/preprocessing/mod.ts";
import type { KernelChoice } from "../kernels/mod.ts";
import type { DecayStyle, Initializer } from "../nn/mod.ts";

/** The methods by name. */
export const METHODS = [
  "fd",
  "rd",
  "dist",
  "edst",
  "set",
  "rigl",
  "static",
  "sparse-ensemble",
  "dense",
  "dense-ensemble",
] as const;

/** The name of a method. */
export type MethodName = typeof METHODS[number];

/** The recipes by name. */
export const RECIPES = ["paper", "modern"] as const;

/** The name of a recipe. */
export type RecipeName = typeof RECIPES[number];

/** Settings that trials may choose, in place of the run's own. */
export type Candidate = Partial<
  Pick<
    Settings,
    "dropout" | "labelSmoothing" | "weightDecay" | "frequencies" | "frequency" | "frequencySpread"
  >
>;

/** The settings of a run. Shares are from 0 to 1. */
export interface Settings {
  /** Whose defaults the settings began with: the paper's, or those made for accuracy. */
  readonly recipe: RecipeName;
  /** Whether the target is a class, or a number whose squared error is to be small. */
  readonly task: "classification" | "regression";
  /** How members come about. */
  readonly method: MethodName;
  /** ε: density control of the Erdős–Rényi layers. */
  readonly epsilon: number;
  /** The density of the whole network, in place of `epsilon`; `null` to take `epsilon`. */
  readonly density: number | null;
  /** Neurons per hidden layer. */
  readonly hidden: readonly number[];
  /** M: members of the ensemble. */
  readonly members: number;
  /** E: epochs in all; of each member where members are independent. */
  readonly epochs: number;
  /** E₀: epochs of exploration before the first member's refinement. */
  readonly explore: number;
  /** What hidden neurons do. */
  readonly activation: "all-relu" | "relu";
  /** α: the slope of All-ReLU. */
  readonly alpha: number;
  /** λ: the distance coefficient of Dist-TSE. */
  readonly lambda: number;
  /** Candidates that set Dist-TSE's threshold. */
  readonly distanceSamples: number;
  /** Layers at least this dense are not regrown disjointly. */
  readonly densityLimit: number;
  /** Whether refinement also updates the topology less often. */
  readonly refinement: "comprehensive" | "plain";
  /** ζ: the share of connections that a topology update replaces. */
  readonly pruneRate: number;
  /** q: the share of connections replaced between members. */
  readonly reinitializeRate: number;
  /** e: epochs between topology updates in exploration. */
  readonly interval: number;
  /** The share of an independent member's epochs after which its topology stays as it is. */
  readonly evolveUntil: number;
  /** Where connections grow: anywhere, where the loss's gradient is largest, or from strong neurons. */
  readonly growth: "random" | "gradient" | "strength";
  /** Positions that are scored per connection to grow; `null` for all that are free. */
  readonly growthCandidates: number | null;
  /** Which network is the member: the best on held-out rows, or its last. */
  readonly memberSelection: "best" | "last";
  /** The share of training rows held out to choose members. */
  readonly validationFraction: number;
  /** What trains the weights. */
  readonly optimizer: "sgd" | "adam";
  /** η of exploration. */
  readonly learningRate: number;
  /** How the learning rate moves. */
  readonly learningRateCurve: "step" | "constant" | "cosine" | "one-cycle";
  /** μ of gradient descent. */
  readonly momentum: number;
  /** β₁ of Adam. */
  readonly beta1: number;
  /** β₂ of Adam. */
  readonly beta2: number;
  /** Added to the root in Adam's denominator. */
  readonly adamEpsilon: number;
  /** λ of the weights' decay. */
  readonly weightDecay: number;
  /** How weight decay acts. */
  readonly decayStyle: DecayStyle;
  /** The share of hidden activations set to zero in training. */
  readonly dropout: number;
  /** The share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Whether rows of rare classes count more in the loss, so that every class counts the same. */
  readonly classWeights: "none" | "balanced";
  /**
   * How much more rows count for a member that the members before it get wrong: up to
   * exp(memberWeighting) times as much. 0 is not at all.
   */
  readonly memberWeighting: number;
  /** Rows per batch. */
  readonly batchSize: number;
  /** Whether an epoch's incomplete last batch is left out. */
  readonly dropLastBatch: boolean;
  /** How fresh weights are drawn. */
  readonly initializer: Initializer;
  /** Which fan-in the initialiser sees. */
  readonly fan: "dense" | "sparse";
  /** How features are scaled. */
  readonly scaling: Scaling;
  /** Whether learned sines of every feature come before the first hidden layer. */
  readonly embedding: "none" | "periodic";
  /** Sine units per feature, beside a slow one. */
  readonly frequencies: number;
  /** The middle of their first frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** How many times higher and lower than the middle they reach. */
  readonly frequencySpread: number;
  /**
   * Members that are trained for every candidate, with rows held out, before the members proper; 0 for
   * none.
   */
  readonly trials: number;
  /** Settings among which the trials choose one, or two that the members share. */
  readonly candidates: readonly Candidate[];
  /**
   * Whether `epochs` and `batchSize` are those of a table of 10,000 rows: a smaller table has more
   * epochs and smaller batches, a larger one fewer epochs.
   */
  readonly adaptToRows: boolean;
  /** Whether the held-out rows, where there are any, set the temperature of predicted probabilities. */
  readonly calibration: "none" | "temperature";
  /** Whether an exploding loss stops the run, or takes it back with half the learning rate. */
  readonly onDivergence: "stop" | "rollback";
  /** Names all random streams. */
  readonly seed: number;
  /** The back end. */
  readonly kernels: KernelChoice;
}
