import type { DecayStyle, Optimizer } from "../nn/mod.ts";
import { choice, number, positive, type SettingTable, share } from "../setting.ts";

/** The settings of the optimiser. */
export interface OptimizerSettings {
  /** The optimiser of the weights. */
  readonly optimizer: "sgd" | "adam";
  /** η: the learning rate of exploration. */
  readonly learningRate: number;
  /** The schedule of the learning rate. */
  readonly learningRateCurve: "step" | "constant" | "cosine" | "one-cycle";
  /** μ: the momentum of gradient descent. */
  readonly momentum: number;
  /** β₁: the decay of Adam's mean of gradients. */
  readonly beta1: number;
  /** β₂: the decay of Adam's mean of squared gradients. */
  readonly beta2: number;
  /** ε of Adam: the number added to the root in its denominator. */
  readonly adamEpsilon: number;
  /** λ: the decay of the weights. */
  readonly weightDecay: number;
  /** The weight decay: `direct` is not scaled by η, as in the paper. */
  readonly decayStyle: DecayStyle;
}

export const OPTIMIZER: SettingTable<OptimizerSettings> = {
  optimizer: choice("The optimiser of the weights", ["sgd", "adam"]),
  learningRate: positive("η: the learning rate of exploration", 0.1, 1000),
  learningRateCurve: choice("The schedule of the learning rate", [
    "step",
    "constant",
    "cosine",
    "one-cycle",
  ]),
  momentum: share("μ: the momentum of gradient descent", 0.9),
  beta1: share("β₁: the decay of Adam's mean of gradients", 0.9),
  beta2: share("β₂: the decay of Adam's mean of squared gradients", 0.999),
  adamEpsilon: positive("ε of Adam: the number added to the root in its denominator", 1e-8, 1),
  weightDecay: number("λ: the decay of the weights", 0.0002, 0, 1),
  decayStyle: choice("The weight decay: `direct` is not scaled by η, as in the paper", [
    "direct",
    "decoupled",
    "l2",
  ]),
};

/** The optimiser that the settings name. */
export function optimizerOf(settings: OptimizerSettings): Optimizer {
  const { momentum, beta1, beta2, adamEpsilon: epsilon, weightDecay, decayStyle } = settings;
  return settings.optimizer === "sgd"
    ? { kind: "sgd", momentum, weightDecay, decayStyle }
    : { kind: "adam", beta1, beta2, epsilon, weightDecay, decayStyle };
}
