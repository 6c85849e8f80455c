/**
 * The speed of one training step (forward, backward, update) of the paper's networks, sparse and dense.
 *
 * @module
 */
import { type FlopCount, trainingStepFlops } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import {
  type InitialLayers,
  initialLayers,
  openNetwork,
  openWorkspace,
  trainStep,
} from "../nn/mod.ts";
import { randomStream, streamKey } from "../random.ts";
import { activationOf, defaultSettings, optimizerOf } from "../settings/mod.ts";
import {
  type BackEnds,
  fillRandom,
  measure,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  speedUp,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";

/** The network of the paper's Gesture Phase experiments. */
export const PAPER_SIZES = [50, 1000, 1000, 1000, 5];
/** The paper's batch. */
export const PAPER_BATCH = 128;

/** A network in training on one random batch. */
export interface OpenStep extends Disposable {
  /** Trains the network for one step. */
  step(): void;
  readonly weights: number;
  /** The operations of a step. */
  readonly flops: FlopCount;
}

/**
 * Opens a network for training with the paper's settings.
 *
 * @param epsilon ε, which controls the density; `null` for a dense network.
 * @param topology The size of blocks and the connections, if they are not those of the settings.
 */
export function openStep(
  kernels: Kernels,
  sizes: readonly number[],
  epsilon: number | null,
  batch: number,
  topology: Pick<InitialLayers, "blockSize" | "connections"> = {},
): OpenStep {
  const settings = defaultSettings(epsilon === null ? "dense" : "fd");
  const stored = initialLayers({ ...settings, sizes, epsilon, seed: 1, ...topology });
  const optimizer = optimizerOf(settings);
  const network = openNetwork(kernels, stored, activationOf(settings), optimizer);
  const workspace = openWorkspace(network, batch, true);
  fillRandom(workspace.input, randomStream(1, "benchmark batch"));
  const classes = sizes[sizes.length - 1];
  for (let sample = 0; sample < batch; sample++) workspace.labels[sample] = sample % classes;
  let step = 0;
  return {
    step() {
      const at = step++;
      trainStep(network, workspace, batch, {
        optimizer,
        learningRate: 0.001,
        dropout: settings.dropout,
        labelSmoothing: 0,
        step: at + 1,
        dropKey: (layer) => streamKey(1, "dropout", at, layer),
      });
    },
    flops: trainingStepFlops(
      network.layers.map(({ rows, columns, weights }) => ({ rows, columns, nnz: weights.length })),
      batch,
      optimizer,
      false,
    ),
    weights: network.layers.reduce((sum, layer) => sum + layer.weights.length, 0),
    [Symbol.dispose]: () => network.dispose(),
  };
}

/** The speed of one network on one back end. */
export interface StepSpeed {
  readonly backEnd: string;
  /** ε, which controls the density; `null` for the dense network. */
  readonly epsilon: number | null;
  readonly weights: number;
  /** Milliseconds per step. */
  readonly ms: Quartiles;
  /** The operations of a step. */
  readonly flops: WorkFlops;
  /** The speed as a multiple of the dense network's on the same back end. */
  readonly overDense: Quartiles;
}

/** Measures steps of the paper's networks on all back ends in turn. */
export function stepSpeeds({ present }: BackEnds, options: MeasureOptions): StepSpeed[] {
  using stack = new DisposableStack();
  const cases = present.flatMap(({ name, kernels }) =>
    [null, 10, 20, 30].map((epsilon) => ({
      backEnd: name,
      epsilon,
      key: `${name} ${epsilon}`,
      opened: stack.use(openStep(kernels, PAPER_SIZES, epsilon, PAPER_BATCH)),
    }))
  );
  const steps = cases.map(({ key, opened }) => [key, opened.step]);
  const measured = measure(Object.fromEntries(steps), options);
  return cases.map(({ backEnd, epsilon, key, opened }) => {
    const ms = quartiles(measured[key].samples);
    const overDense = speedUp(measured[key], measured[`${backEnd} null`]);
    const flops = workFlops(opened.flops, measured[key]);
    return { backEnd, epsilon, weights: opened.weights, ms, flops, overDense };
  });
}
