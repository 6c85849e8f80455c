import type { AdamStep, SgdStep } from "../kernels/mod.ts";

/**
 * How weight decay λ acts on a weight w at learning rate η:
 * - `"direct"`: w ← w − λ w at every step, whatever η is (the paper's implementation);
 * - `"decoupled"`: w ← w − η λ w (AdamW: Loshchilov and Hutter, 2019);
 * - `"l2"`: λ w is added to the gradient.
 */
export type DecayStyle = "direct" | "decoupled" | "l2";

/** Gradient descent with momentum: v ← μ v − η g, w ← w + v − λ w. */
export interface Sgd {
  /** Which optimiser this is. */
  readonly kind: "sgd";
  /** μ. */
  readonly momentum: number;
  /** λ. */
  readonly weightDecay: number;
  /** How λ acts. */
  readonly decayStyle: DecayStyle;
}

/** Adam (Kingma and Ba, 2015); with decoupled decay it is AdamW. */
export interface Adam {
  /** Which optimiser this is. */
  readonly kind: "adam";
  /** Decay of the running mean of gradients. */
  readonly beta1: number;
  /** Decay of the running mean of squared gradients. */
  readonly beta2: number;
  /** Added to the root in the denominator. */
  readonly epsilon: number;
  /** λ. */
  readonly weightDecay: number;
  /** How λ acts. */
  readonly decayStyle: DecayStyle;
}

/** An optimiser and its constants. The learning rate comes from the schedule. */
export type Optimizer = Sgd | Adam;

/** How many numbers of state the optimiser keeps for every weight. */
export function stateSlots(optimizer: Optimizer): 1 | 2 {
  return optimizer.kind === "sgd" ? 1 : 2;
}

/** The kernel's coefficients of one momentum step at learning rate `rate`. */
export function sgdStep(optimizer: Sgd, rate: number): SgdStep {
  return { rate, momentum: optimizer.momentum, ...decayOf(optimizer, rate) };
}

/** The kernel's coefficients of Adam's step number `step`, counted from 1. */
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
