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
  /** ε, which controls the density of the sparse layer and of the sparse network. */
  readonly epsilon: number;
  readonly batch: number;
  /** Neurons per layer of the network. */
  readonly layers: readonly number[];
}

/**
 * The timed runs of every case in a round, after one untimed run. A single run would be too short to
 * measure.
 */
export const REPEATS = 5;

/** One work of one library. */
export interface PeerCase {
  /** Name and version. */
  readonly library: string;
  readonly work: Work;
  /** The largest difference of its result from ours, as a share of our largest number. */
  readonly difference?: number;
  /** The reason why its result cannot be checked. */
  readonly unchecked?: string;
}

/** A library, or a work of it, that is not available. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
  /** The command that installs the library, if it is not installed. */
  readonly install?: string;
}

/** Libraries that are ready to be measured. */
export interface Peers extends AsyncDisposable {
  readonly cases: readonly PeerCase[];
  readonly missing: readonly Missing[];
  /** Runs every case and returns the milliseconds of one run, in the order of the cases. */
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

/** Milliseconds of one run, after an untimed run that brings its arrays back into the caches. */
export function milliseconds(run: () => void): number {
  run();
  const started = performance.now();
  for (let r = 0; r < REPEATS; r++) run();
  return (performance.now() - started) / REPEATS;
}
