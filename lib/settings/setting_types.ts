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
  /** The recipe of the defaults: the paper's, or the one made for accuracy. */
  readonly recipe: RecipeName;
  /** The kind of the target: a class, or a number. */
  readonly task: "classification" | "regression";
  /** The method that makes the members. */
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
  /** The activation of hidden neurons. */
  readonly activation: "all-relu" | "relu";
  /** α: the slope of All-ReLU. */
  readonly alpha: number;
  /** λ: the distance coefficient of Dist-TSE. */
  readonly lambda: number;
  /** Candidates that set Dist-TSE's threshold. */
  readonly distanceSamples: number;
  /** Layers at least this dense are not regrown disjointly. */
  readonly densityLimit: number;
  /** The refinement phase; the comprehensive one also updates the topology less often. */
  readonly refinement: "comprehensive" | "plain";
  /** ζ: the share of connections that a topology update replaces. */
  readonly pruneRate: number;
  /** q: the share of connections replaced between members. */
  readonly reinitializeRate: number;
  /** e: epochs between topology updates in exploration. */
  readonly interval: number;
  /** The share of an independent member's epochs after which its topology stays as it is. */
  readonly evolveUntil: number;
  /**
   * ΔT: steps between topology updates, in place of `interval`. The share of connections replaced then
   * falls from `pruneRate` by a cosine, to 0 at `evolveUntil`. Left out: `interval`.
   */
  readonly updateSteps?: number | undefined;
  /**
   * The places of new connections: anywhere, where the gradient is largest, where it is largest among
   * `growthCandidates` sampled positions, or from strong neurons.
   */
  readonly growth: "random" | "gradient" | "sampled-gradient" | "strength";
  /**
   * Positions that are scored per connection to grow; `null` for all that are free. With a number,
   * `growth` `"gradient"` samples too, as in settings of a time when there was no other name.
   */
  readonly growthCandidates: number | null;
  /** The network that becomes the member: the best on held-out rows, or the last. */
  readonly memberSelection: "best" | "last";
  /** The share of training rows held out to choose members. */
  readonly validationFraction: number;
  /** The optimiser of the weights. */
  readonly optimizer: "sgd" | "adam";
  /** η of exploration. */
  readonly learningRate: number;
  /** The schedule of the learning rate. */
  readonly learningRateCurve: "step" | "constant" | "cosine" | "one-cycle";
  /** μ of gradient descent. */
  readonly momentum: number;
  /** β₁ of Adam. */
  readonly beta1: number;
  /** β₂ of Adam. */
  readonly beta2: number;
  /** The number added to the root in Adam's denominator. */
  readonly adamEpsilon: number;
  /** λ of the weights' decay. */
  readonly weightDecay: number;
  /** The form of the weight decay. */
  readonly decayStyle: DecayStyle;
  /** The share of hidden activations set to zero in training. */
  readonly dropout: number;
  /** The share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** `"balanced"` weights rows so that every class counts the same in the loss. */
  readonly classWeights: "none" | "balanced";
  /**
   * Weights rows that earlier members get wrong, by up to exp(memberWeighting). 0 weights all rows the
   * same.
   */
  readonly memberWeighting: number;
  /** Rows per batch. */
  readonly batchSize: number;
  /** Leaves out the incomplete last batch of an epoch. */
  readonly dropLastBatch: boolean;
  /** The distribution of fresh weights. */
  readonly initializer: Initializer;
  /** The fan-in that the initialiser sees. */
  readonly fan: "dense" | "sparse";
  /** The scaling of features. */
  readonly scaling: Scaling;
  /** `"periodic"` puts learned sines of every feature before the first hidden layer. */
  readonly embedding: "none" | "periodic";
  /** Sine units per feature, beside a slow one. */
  readonly frequencies: number;
  /** The middle of their first frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** The factor by which they reach above and below the middle. */
  readonly frequencySpread: number;
  /**
   * Members that are trained for every candidate, with rows held out, before the members proper; 0 for
   * none.
   */
  readonly trials: number;
  /** Settings among which the trials choose one, or two that the members share. */
  readonly candidates: readonly Candidate[];
  /**
   * Adapts `epochs` and `batchSize`, which then are those of a table of 10,000 rows. A smaller table
   * has more epochs and smaller batches, a larger one fewer epochs.
   */
  readonly adaptToRows: boolean;
  /** `"temperature"` fits the temperature of the probabilities to the held-out rows. */
  readonly calibration: "none" | "temperature";
  /**
   * An exploding loss stops the run, or takes it back with half the learning rate, up to three times a
   * member: first to the beginning of the epoch, then to that of the network.
   */
  readonly onDivergence: "stop" | "rollback";
  /** The seed of all random streams. */
  readonly seed: number;
  /** The back end. */
  readonly kernels: KernelChoice;
}
