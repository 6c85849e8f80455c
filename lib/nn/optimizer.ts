import type { AdamStep, SgdStep } from "../kernels/mod.ts";

/**
 * The effect of weight decay λ on a weight w at learning rate η:
 * - `"direct"`: w ← w − λ w at every step, independent of η (the paper's implementation);
 * - `"decoupled"`: w ← w − η λ w (AdamW: I. Loshchilov and F. Hutter, "Decoupled weight decay
 *   regularization", 2019, https://arxiv.org/abs/1711.05101);
 * - `"l2"`: λ w is added to the gradient.
 */
export type DecayStyle = "direct" | "decoupled" | "l2";

/** Gradient descent with momentum: v ← μ v − η g, w ← w + v, and weight decay. */
export interface Sgd {
  /** The kind of optimiser. */
  readonly kind: "sgd";
  /** The momentum μ. */
  readonly momentum: number;
  /** The weight decay λ. */
  readonly weightDecay: number;
  /** The effect of λ. */
  readonly decayStyle: DecayStyle;
}

/**
 * Adam (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015,
 * https://arxiv.org/abs/1412.6980). With decoupled decay it is AdamW.
 */
export interface Adam {
  /** The kind of optimiser. */
  readonly kind: "adam";
  /** Decay of the running mean of gradients. */
  readonly beta1: number;
  /** Decay of the running mean of squared gradients. */
  readonly beta2: number;
  /** The ε that is added to the root in the denominator. */
  readonly epsilon: number;
  /** The weight decay λ. */
  readonly weightDecay: number;
  /** The effect of λ. */
  readonly decayStyle: DecayStyle;
}

/** An optimiser and its constants. The learning rate comes from the schedule. */
export type Optimizer = Sgd | Adam;

/** The number of state values that the optimiser keeps for every weight. */
export function stateSlots(optimizer: Optimizer): 1 | 2 {
  return optimizer.kind === "sgd" ? 1 : 2;
}

/** The coefficients of one momentum step at learning rate `rate`. */
export function sgdStep(optimizer: Sgd, rate: number): SgdStep {
  return { rate, momentum: optimizer.momentum, ...decayOf(optimizer, rate) };
}

/** The coefficients of Adam's step number `step`, counted from 1. */
export function adamStep(optimizer: Adam, rate: number, step: number): AdamStep {
  return {
    rate: rate / (1 - optimizer.beta1 ** step),
    beta1: optimizer.beta1,
    beta2: optimizer.beta2,
    correction: Math.sqrt(1 - optimizer.beta2 ** step),
    epsilon: optimizer.epsilon,
    ...decayOf(optimizer, rate),
  };
}

function decayOf(optimizer: Optimizer, rate: number): { l2: number; decay: number } {
  const { decayStyle: style, weightDecay: lambda } = optimizer;
  if (style === "l2") return { l2: lambda, decay: 0 };
  return { l2: 0, decay: style === "direct" ? lambda : rate * lambda };
}
