import { randomStream, shuffle } from "../random.ts";
import { batchesPerEpoch } from "./batches.ts";

/** The batches of an epoch: their size, and the workers that share its rows. */
export interface Division {
  /** Rows per batch, of one worker. */
  readonly batchSize: number;
  /** Leaves out the incomplete last batch of an epoch. */
  readonly dropLastBatch: boolean;
  /** K: the workers. Left out: 1. */
  readonly workers?: number | undefined;
  /**
   * `synchronous`: a step takes one batch of every worker. `asynchronous`: a step takes one batch. Left
   * out: synchronous.
   */
  readonly exchange?: "synchronous" | "asynchronous" | undefined;
}

/** The number of rows in a worker's share. The shares differ by at most one row. */
export function shareSize(rows: number, workers: number, worker: number): number {
  return Math.floor(rows / workers) + (worker < rows % workers ? 1 : 0);
}

/**
 * The number of batches of a worker in an epoch. If incomplete batches are left out, all workers have the
 * same number.
 *
 * @param worker The worker's number, counted from 0.
 */
export function shareBatches(rows: number, division: Division, worker: number): number {
  const { workers = 1, batchSize, dropLastBatch } = division;
  const judged = dropLastBatch ? workers - 1 : worker;
  return batchesPerEpoch(shareSize(rows, workers, judged), batchSize, dropLastBatch);
}

/**
 * The number of steps (updates of the network) in an epoch. Workers with a synchronous exchange make each
 * step together. With an asynchronous exchange, every batch of a worker is a step.
 *
 * @example Usage
 * ```ts
 * import { stepsPerEpoch } from "@sparsemble/sparsemble/training";
 * import assert from "node:assert/strict";
 *
 * const division = { batchSize: 10, dropLastBatch: false, workers: 2 } as const;
 * assert.equal(stepsPerEpoch(100, division), 5);
 * assert.equal(stepsPerEpoch(100, { ...division, exchange: "asynchronous" }), 10);
 * ```
 */
export function stepsPerEpoch(rows: number, division: Division): number {
  const { workers = 1, exchange } = division;
  if (exchange !== "asynchronous") return shareBatches(rows, division, 0);
  let steps = 0;
  for (let worker = 0; worker < workers; worker++) steps += shareBatches(rows, division, worker);
  return steps;
}

/** The number of rows in the first `steps` steps of an epoch. */
export function trainedRows(rows: number, steps: number, division: Division): number {
  const { workers = 1, exchange, batchSize } = division;
  return Math.min(rows, steps * batchSize * (exchange === "asynchronous" ? 1 : workers));
}

/**
 * Divides rows at random among workers. Every row belongs to one of them.
 *
 * @param network A number that distinguishes networks of one seed, such as independent members.
 * @returns Per worker, its row numbers.
 *
 * @example Usage
 * ```ts
 * import { workerShares } from "@sparsemble/sparsemble/training";
 * import assert from "node:assert/strict";
 *
 * const shares = workerShares(7, 2, 1, 0);
 * assert.deepEqual(shares.map(({ length }) => length), [4, 3]);
 * assert.deepEqual([...shares[0], ...shares[1]].sort(), [0, 1, 2, 3, 4, 5, 6]);
 * ```
 */
export function workerShares(
  rows: number,
  workers: number,
  seed: number,
  network: number,
): Int32Array[] {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, randomStream(seed, "shares", network));
  let start = 0;
  return Array.from({ length: workers }, (_, worker) => {
    const size = shareSize(rows, workers, worker);
    start += size;
    return order.slice(start - size, start);
  });
}

/** The order of a worker's rows in an epoch: a shuffle of its share. */
export function shareOrder(
  share: Int32Array,
  seed: number,
  epoch: number,
  worker: number,
): Int32Array {
  const order = share.slice();
  shuffle(order, randomStream(seed, "batches", epoch, worker));
  return order;
}
