import type { HardwareCount, HardwareCounter } from "../../counters/mod.ts";

/** The compared work. A layer is 1000 × 1000 with ε = 20. A step trains the paper's network. */
export type Work =
  | "sparse forward"
  | "sparse forward + backward"
  | "dense forward"
  | "dense forward + backward"
  | "dense training step"
  | "sparse training step";

/** The sizes of the work. */
export interface WorkSizes {
  /** The outputs and inputs of the layer. */
  readonly neurons: number;
  /** Stored weights of the sparse layer. */
  readonly nnz: number;
  readonly batch: number;
  /** Neurons per layer of the network. */
  readonly layers: readonly number[];
}

/** One work of one library. */
export interface PeerCase {
  /** Name and version. */
  readonly library: string;
  readonly work: Work;
}

/** A library, or a work of it, that is not available. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** Libraries that are ready to be measured. */
export interface Peers extends AsyncDisposable {
  readonly cases: readonly PeerCase[];
  readonly missing: readonly Missing[];
  /** Runs every case once and returns the milliseconds, in the order of the cases. */
  round(): Promise<readonly number[]>;
  /** Runs every case once more and returns the hardware's counts, in the same order. */
  counts(counter: HardwareCounter): readonly HardwareCount[];
}

/** Peers without any case. */
export function absent(...missing: Missing[]): Peers {
  return {
    cases: [],
    missing,
    round: () => Promise.resolve([]),
    counts: () => [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
