/**
 * The record of a table of the study of exports.
 *
 * @module
 */
import type { Settings } from "../../settings/mod.ts";
import type { HeldOut } from "./edge_model.ts";
import type { OnM4 } from "./on_m4.ts";

/** One member of a small network as a program. */
export interface SmallProgram extends OnM4 {
  readonly settings: Partial<Settings>;
  readonly accuracy: number;
}

/** A table of the study. */
export interface ExportMeasurement {
  /** The data, as a run names them. */
  readonly file: string;
  readonly rows: { readonly training: number; readonly test: number };
  /** The ensemble of the modern recipe as it is: its accuracy on the test rows, and its weights. */
  readonly ensemble: { readonly accuracy: number; readonly weights: number };
  /** The program with integer weights. */
  readonly int8: OnM4 & {
    readonly tried: readonly HeldOut[];
    readonly settings: Partial<Settings>;
    readonly members: number;
    readonly accuracy: number;
    /** Its own ensemble's accuracy, in 32-bit floats. */
    readonly floatAccuracy: number;
  };
  /** One member alone, with integer weights and in 32-bit floats. Left out before it is measured. */
  readonly alone?: {
    readonly settings: Partial<Settings>;
    readonly int8: OnM4 & { readonly accuracy: number };
    readonly float32: OnM4 & { readonly accuracy: number };
  } | undefined;
  /**
   * emlearn's networks on inputs that are prepared for them: the narrowest that are as accurate on the
   * held-out rows as the best member alone, and as all members. Left out where emlearn is not installed.
   */
  readonly emlearn?: {
    readonly version: string;
    readonly asAlone: DenseNetwork;
    readonly asAll: DenseNetwork;
    /** The narrowest that is as good as the best of all widths, to half a point. */
    readonly best?: DenseNetwork | undefined;
  } | undefined;
  /**
   * The program of ours with the fewest instructions that is as accurate on the held-out rows as
   * emlearn's `best`, to half a point. Left out where none is, or before it is measured.
   */
  readonly equal?: SmallProgram & { readonly weights: "int8" | "float32" } | undefined;
  /** m2cgen's random forest of the most trees that fit. Left out where m2cgen is not installed. */
  readonly forest?: Forest | undefined;
}

/** A dense network of two hidden layers of equal width. */
export interface DenseNetwork extends OnM4 {
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
