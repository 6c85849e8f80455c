/**
 * The record of a table of the study of exports.
 *
 * @module
 */
import type { CWeights } from "../../exports/mod.ts";
import type { Candidate, HeldOut } from "./edge_model.ts";
import type { OnM4 } from "./on_m4.ts";

/** A small network as a program. */
export interface SmallProgram extends OnM4 {
  readonly settings: Candidate;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}

/** A table of the study. */
export interface ExportMeasurement {
  /** The data, as a run names them. */
  readonly file: string;
  readonly rows: { readonly training: number; readonly held: number; readonly test: number };
  /**
   * The ensemble of the modern recipe: its accuracy on the test rows, and on the held-out rows where it was
   * trained without them; and its weights.
   */
  readonly ensemble: { readonly held: number; readonly accuracy: number; readonly weights: number };
  /** The program with integer weights that fits 64 KB. */
  readonly int8: SmallProgram & {
    readonly tried: readonly HeldOut[];
    readonly members: number;
    /** The accuracy on the held-out rows, when it was chosen. */
    readonly held: number;
    /** Its own ensemble's accuracy, in 32-bit floats. */
    readonly floatAccuracy: number;
  };
  /**
   * The best member of the whole ensemble, as `train` makes it, in 32-bit floats. Left out in tables that were
   * measured before it was.
   */
  readonly trained?: SmallProgram | undefined;
  /** One distilled member in 32-bit floats. */
  readonly float32: SmallProgram;
  /** emlearn's networks. Left out where emlearn is not installed. */
  readonly emlearn?: {
    readonly version: string;
    /** The narrowest that is as accurate on the held-out rows as `int8`, to half a point; or the best. */
    readonly asAll: DenseNetwork;
    /** The narrowest that is as good as the best of all, to half a point. */
    readonly best: DenseNetwork;
  } | undefined;
  /**
   * The program of ours with the fewest instructions that is at least as accurate on the held-out rows as
   * emlearn's `best`. Left out where none is, or before it is measured.
   */
  readonly equal?: SmallProgram & { readonly weights: CWeights; readonly held: number } | undefined;
  /** m2cgen's random forest of the most trees that fit. Left out where m2cgen is not installed. */
  readonly forest?: Forest | undefined;
}

/** A dense network of two hidden layers of equal width. Its costs are those of the network alone. */
export interface DenseNetwork extends OnM4 {
  /** The scaling of its inputs, which are prepared for it. */
  readonly scaling: "standard" | "quantile";
  /**
   * Instructions that the inputs of a row take, by our own reading of a row. None are counted for standard
   * scaling, which weights and biases could take over.
   */
  readonly preparation: number;
  readonly width: number;
  readonly weights: number;
  /** The accuracy on the held-out rows, when it was chosen. */
  readonly held: number;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}

/** A random forest as a program. */
export interface Forest extends OnM4 {
  readonly version: string;
  readonly trees: number;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}
