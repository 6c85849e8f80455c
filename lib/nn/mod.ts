/**
 * The multilayer perceptron: layers, activations, losses, optimisers, one step of training.
 *
 * Layers are arrays in kernel memory. Stored layers are ordinary arrays.
 *
 * @module
 */
export * from "./activation.ts";
export * from "./backpropagation.ts";
export * from "./forward.ts";
export * from "./forward_row.ts";
export * from "./initializer.ts";
export {
  type DenseLayer,
  indexTranspose,
  type Layer,
  openLayer,
  type SparseLayer,
  type Trainable,
} from "./layer.ts";
export * from "./loss.ts";
export * from "./member.ts";
export * from "./network.ts";
export { type Adam, type DecayStyle, type Optimizer, type Sgd, stateSlots } from "./optimizer.ts";
export * from "./output_kind.ts";
export * from "./periodic_embedding.ts";
export * from "./pruned_layer.ts";
export * from "./repulsion.ts";
export * from "./resize.ts";
export * from "./second_moments.ts";
export * from "./stored_layer.ts";
export * from "./training_step.ts";
export * from "./workspace.ts";
