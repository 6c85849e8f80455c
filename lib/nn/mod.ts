/**
 * The multilayer perceptron: layers, activations, losses, optimisers, one step of training.
 *
 * Layers are arrays in kernel memory. Stored layers are ordinary arrays.
 *
 * @module
 */
export { type Activation, type OwnActivation, ownActivation, slopeOf } from "./activation.ts";
export { backpropagate, type BackpropagationOptions } from "./backpropagation.ts";
export { type Dropout, forward } from "./forward.ts";
export { fillInitial, type Initializer } from "./initializer.ts";
export {
  type DenseLayer,
  indexTranspose,
  type Layer,
  openLayer,
  type SparseLayer,
  type Trainable,
} from "./layer.ts";
export { lossGradient } from "./loss.ts";
export type { Member } from "./member.ts";
export {
  type InitialLayers,
  initialLayers,
  type Network,
  openNetwork,
  sizesOf,
  storeNetwork,
} from "./network.ts";
export { type Adam, type DecayStyle, type Optimizer, type Sgd, stateSlots } from "./optimizer.ts";
export { type PeriodicEmbedding, periodicEmbedding } from "./periodic_embedding.ts";
export { predictsNumber } from "./predicts_number.ts";
export type { StoredDenseLayer, StoredLayer, StoredSparseLayer } from "./stored_layer.ts";
export { type StepOptions, type StepResult, trainStep } from "./training_step.ts";
export { openWorkspace, type Workspace } from "./workspace.ts";
