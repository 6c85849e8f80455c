import type { DecayStyle, Optimizer } from "../nn/mod.ts";
import { choice, number, positive, type SettingTable, share } from "../setting.ts";

/** The settings of the optimiser. */
export interface OptimizerSettings {
  /** The optimiser. */
  readonly optimizer: "sgd" | "adam";
  /** η: the learning rate of exploration. */
  readonly learningRate: number;
  /** The schedule of the learning rate. */
  readonly learningRateCurve: "step" | "constant" | "cosine" | "one-cycle";
  /** μ: the momentum of gradient descent. */
  readonly momentum: number;
  /** β₁: the decay of Adam's running mean of gradients. */
  readonly beta1: number;
  /** β₂: the decay of Adam's running mean of squared gradients. */
  readonly beta2: number;
  /** ε of Adam: a number added to the denominator of its step. */
  readonly adamEpsilon: number;
  /** λ: the weight decay. */
  readonly weightDecay: number;
  /** The style of weight decay; `direct`, as in the paper, is not multiplied by η. */
  readonly decayStyle: DecayStyle;
}

export const OPTIMIZER: SettingTable<OptimizerSettings> = {
  optimizer: choice("The optimiser", ["sgd", "adam"]),
  learningRate: positive("η: the learning rate of exploration", 0.1, 1000),
  learningRateCurve: choice("The schedule of the learning rate", [
    "step",
    "constant",
    "cosine",
    "one-cycle",
  ]),
  momentum: share("μ: the momentum of gradient descent", 0.9),
  beta1: share("β₁: the decay of Adam's running mean of gradients", 0.9),
  beta2: share("β₂: the decay of Adam's running mean of squared gradients", 0.999),
  adamEpsilon: positive("ε of Adam: a number added to the denominator of its step", 1e-8, 1),
  weightDecay: number("λ: the weight decay", 0.0002, 0, 1),
  decayStyle: choice(
    "The style of weight decay; `direct`, as in the paper, is not multiplied by η",
    [
      "direct",
      "decoupled",
      "l2",
    ],
  ),
};

/** Returns the optimiser that the settings name. */
export function optimizerOf(settings: OptimizerSettings): Optimizer {
  const { momentum, beta1, beta2, adamEpsilon: epsilon, weightDecay, decayStyle } = settings;
  return settings.optimizer === "sgd"
    ? { kind: "sgd", momentum, weightDecay, decayStyle }
    : { kind: "adam", beta1, beta2, epsilon, weightDecay, decayStyle };
}
