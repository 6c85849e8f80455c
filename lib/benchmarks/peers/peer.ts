/**
 * What another library has to offer to be timed beside this one.
 *
 * @module
 */

import type { HardwareCount, HardwareCounter } from "../../counters/mod.ts";

/** What is compared. A layer is 1000 × 1000 at ε = 20; a step trains the paper's network. */
export type Work =
  | "sparse forward"
  | "sparse forward + backward"
  | "dense forward"
  | "dense forward + backward"
  | "dense training step"
  | "sparse training step";

/** The sizes of the work, as the peers are told them. */
export interface WorkSizes {
  /** Outputs and inputs of the layer. */
  readonly neurons: number;
  /** Stored weights of the sparse layer. */
  readonly nnz: number;
  /** Samples. */
  readonly batch: number;
  /** Neurons per layer of the network. */
  readonly layers: readonly number[];
}

/** One library doing one thing. */
export interface PeerCase {
  /** Name and version. */
  readonly library: string;
  /** What it does. */
  readonly work: Work;
}

/** Something that is not there. */
export interface Missing {
  /** The library, or what of it. */
  readonly name: string;
  /** Why. */
  readonly reason: string;
}

/** Libraries that are ready to be timed. */
export interface Peers extends AsyncDisposable {
  /** What they do. */
  readonly cases: readonly PeerCase[];
  /** What they cannot do here. */
  readonly missing: readonly Missing[];
  /** Runs every case once and tells the milliseconds, in the order of the cases. */
  round(): Promise<readonly number[]>;
  /** Runs every case once more and tells what the hardware counted of it, in the same order. */
  counts(counter: HardwareCounter): readonly HardwareCount[];
}

/** Peers that are not there. */
export function absent(...missing: Missing[]): Peers {
  return {
    cases: [],
    missing,
    round: () => Promise.resolve([]),
    counts: () => [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
