/**
 * The workers of one network, as its master sees them. They compute gradients and train copies, in this
 * thread or in others.
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
  /** The number of the batch in the worker's own count. It selects the batch's random streams. */
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
  /** The divergence that ended the epoch early; `null` if there was none. */
  readonly divergence: Rollback | null;
}

/** The workers, as a master uses them. */
export interface Team extends Disposable {
  /** The number of threads that compute. This thread counts if it computes. */
  readonly threads: number;
  /** Lets a worker fetch the current network and compute the gradient of a batch. */
  begin(batch: WorkerBatch): void;
  /** The next gradient. */
  next(): Promise<WorkerGradient>;
  /** Discards all gradients that are still to come. */
  forget(): Promise<void>;
  /**
   * Trains the copies of all workers for one epoch.
   *
   * @returns The epochs, in the order of the workers. Yields the finished share of the work.
   */
  apart(copies: readonly NetworkState[]): AsyncGenerator<number, readonly ApartEpoch[]>;
}

/** Everything that a gradient depends on, except the network. */
export interface GradientContext {
  readonly rows: Rows;
  readonly rowWeights: RowWeights | null;
  readonly settings: Pick<Settings, "seed">;
  readonly memberSettings: Settings;
}

/** Computes the mean gradient of a worker's batch, and writes it into the network's layers. */
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

/** Views of one array that have the sizes of a network's weights and biases, layer by layer. */
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
