/**
 * The workers of one network, as its master sees them: whoever computes their gradients and trains their
 * copies, in this thread or in others.
 *
 * @module
 */
import type { FlopCount, WorkSeconds } from "../../counters/mod.ts";
import type { FloatArray, PerWeight } from "../../kernels/mod.ts";
import { meanGradient, type Network, type Workspace } from "../../nn/mod.ts";
import { streamKey } from "../../random.ts";
import type { Settings } from "../../settings/mod.ts";
import { gatherBatch, type Rows } from "../../training/mod.ts";
import type { NetworkState } from "../saved_run.ts";
import type { RowWeights } from "../teaching/mod.ts";
import type { Rollback } from "../training_event.ts";

/** A batch of a worker. */
export interface WorkerBatch {
  /** The worker, counted from 0. */
  readonly worker: number;
  /** The numbers of its rows. */
  readonly rows: Int32Array;
  /** The worker's own count of its batches, which names their random streams. */
  readonly number: number;
}

/** The gradient of a worker's batch. */
export interface WorkerGradient {
  /** The worker, counted from 0. */
  readonly worker: number;
  /** The summed loss of its rows. */
  readonly loss: number;
  /** The rows that were classified correctly, with dropout. */
  readonly correct: number;
  /** Per layer, the mean gradient of weights and biases. */
  readonly gradients: readonly PerWeight[];
}

/** An epoch of a worker's own copy. */
export interface ApartEpoch {
  /** The worker, counted from 0. */
  readonly worker: number;
  /** The copy after the epoch. */
  readonly copy: NetworkState;
  /** The summed loss of its rows. */
  readonly loss: number;
  /** The rows that were classified correctly, with dropout. */
  readonly correct: number;
  /** The operations. */
  readonly flops: FlopCount;
  /** The seconds, by kind of work. */
  readonly seconds: WorkSeconds;
  /** The divergence that ended it before its time; `null` without. */
  readonly divergence: Rollback | null;
}

/** Those who work for the master. */
export interface Team extends Disposable {
  /** The threads that compute, this one included where it does. */
  readonly threads: number;
  /** Lets a worker fetch the network as it is now, and compute the gradient of a batch. */
  begin(batch: WorkerBatch): void;
  /** The next gradient. */
  next(): Promise<WorkerGradient>;
  /** Forgets all gradients that are still to come. */
  forget(): Promise<void>;
  /**
   * Trains the copies of all workers for one epoch.
   *
   * @returns Their epochs, in the order of the workers. It yields the share that is done.
   */
  apart(copies: readonly NetworkState[]): AsyncGenerator<number, readonly ApartEpoch[]>;
}

/** All that a gradient depends on beside the network. */
export interface GradientContext {
  readonly rows: Rows;
  readonly rowWeights: RowWeights | null;
  readonly settings: Pick<Settings, "seed">;
  readonly memberSettings: Settings;
}

/** Computes the mean gradient of a worker's batch, and leaves it in the network's layers. */
export function gradientOf(
  network: Network,
  workspace: Workspace,
  { rows, rowWeights, settings: { seed }, memberSettings }: GradientContext,
  batch: WorkerBatch,
): Pick<WorkerGradient, "loss" | "correct"> {
  const { length } = batch.rows;
  const size = gatherBatch(workspace, rows, batch.rows, 0, length, rowWeights?.values);
  return meanGradient(network, workspace, size, {
    dropout: memberSettings.dropout,
    labelSmoothing: memberSettings.labelSmoothing,
    weighted: rowWeights !== null,
    dropKey: (layer) => streamKey(seed, "dropout", batch.worker, batch.number, layer),
  });
}

/** The arrays of a network with so many numbers, as views of one array, layer by layer. */
export function perWeightViews(
  { layers }: Pick<Network, "layers">,
  all: Float32Array,
): readonly PerWeight[] {
  let start = 0;
  const take = ({ length }: FloatArray) => all.subarray(start, start += length);
  return layers.map(({ weights, bias }) => ({ weights: take(weights), bias: take(bias) }));
}

/** The number of weights and biases of a network. */
export function parametersOf({ layers }: Pick<Network, "layers">): number {
  return layers.reduce((sum, { weights, bias }) => sum + weights.length + bias.length, 0);
}
