/**
 * The record of a table of the study of exports.
 *
 * @module
 */
import type { CWeights } from "../../exports/mod.ts";
import type { Candidate, HeldOut } from "./edge_model.ts";
import type { HostSpeed } from "./host/mod.ts";
import type { OnAvr } from "./on_avr.ts";
import type { OnM4 } from "./on_m4.ts";

/** A program on the boards. */
export interface OnBoards extends OnM4 {
  /** Its costs on an AVR. `null`: it does not fit. Left out: `avr-gcc` or `simavr` was not installed. */
  readonly avr?: OnAvr | null | undefined;
}

/** A small network as a program. */
export interface SmallProgram extends OnBoards {
  readonly settings: Candidate;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}

/** A table of the study. */
export interface ExportMeasurement {
  /** The name of the data, as for a run. */
  readonly file: string;
  readonly rows: { readonly training: number; readonly held: number; readonly test: number };
  /**
   * The ensemble of the modern recipe: its accuracy on the test rows, the accuracy on the held-out rows of
   * one trained without them, and the number of its weights.
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
  /** The best member of the whole ensemble, as `train` makes it, in 32-bit floats. */
  readonly trained: SmallProgram & {
    /** Its weights that are left when dead neurons and unused inputs are folded away. */
    readonly weights: number;
    /** Bytes of all its constants. The rest of the flash is code. */
    readonly constants: number;
  };
  /** One distilled member in 32-bit floats. */
  readonly float32: SmallProgram;
  /** emlearn's networks. Left out: emlearn was not installed. */
  readonly emlearn?: {
    /**
     * The narrowest network that is as accurate on the held-out rows as `int8`, within half a point. If
     * there is none, it is the best network.
     */
    readonly asAll: DenseNetwork;
    /** The narrowest network that is as accurate as the best one, within half a point. */
    readonly best: DenseNetwork;
  } | undefined;
  /**
   * Our program with the fewest instructions that is at least as accurate on the held-out rows as emlearn's
   * `best`. Left out: there is none, or it is not measured yet.
   */
  readonly equal?: SmallProgram & { readonly weights: CWeights; readonly held: number } | undefined;
  /** m2cgen's random forest of the most trees that fit. Left out: m2cgen was not installed. */
  readonly forest?: Forest | undefined;
  /** A random forest of scikit-learn's defaults, too large for the boards. Left out as the other one. */
  readonly largeForest?: { readonly trees: number; readonly accuracy: number } | undefined;
  /**
   * The speeds of all forms on the machine that measured. The programs of the boards are there by the names
   * of their places in this record. Left out: a program was not installed.
   */
  readonly host?: Readonly<Record<string, HostSpeed>> | undefined;
}

/** The record of the study. One process has measured all of it. */
export interface ExportStudy {
  /** The number of rounds in which the forms on the host took turns. */
  readonly rounds: number;
  /** The versions of the programs that were used. */
  readonly versions: Readonly<Record<string, string>>;
  /** The tables. */
  readonly tables: readonly ExportMeasurement[];
}

/**
 * A dense network of two hidden layers of equal width. Its costs do not include the preparation of its
 * inputs.
 */
export interface DenseNetwork extends OnBoards {
  /** The scaling of its prepared inputs. */
  readonly scaling: "standard" | "quantile";
  /**
   * The instructions to prepare the inputs of a row, as measured in our own programs. Standard scaling
   * counts as 0, because weights and biases could include it.
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
export interface Forest extends OnBoards {
  readonly trees: number;
  /** The accuracy on the test rows. */
  readonly accuracy: number;
}
