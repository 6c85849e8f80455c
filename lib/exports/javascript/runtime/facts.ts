/**
 * The content of a module of an exported model: JSON of this form, and one array of bytes with all numbers.
 *
 * @module
 */
import type { CategoryInputs, ExportPlan, NumberInput, PlannedActivation } from "../../plan.ts";

/** The places of an array's elements among all bytes. */
export interface ArrayPlace {
  /** The type of the elements. */
  readonly type: "Float32Array" | "Float64Array" | "Uint8Array" | "Uint16Array" | "Int32Array";
  /** The first byte. */
  readonly at: number;
  /** The number of elements. */
  readonly length: number;
}

/** A column of numbers. */
export interface NumberFacts extends Omit<NumberInput, "scaling"> {
  /** The scaling; quantiles are among the bytes. */
  readonly scaling:
    | Exclude<NumberInput["scaling"], { readonly kind: "quantile" }>
    | { readonly kind: "quantile"; readonly quantiles: ArrayPlace; readonly beyond: number };
}

/** A layer; its arrays are among the bytes. */
export interface LayerFacts {
  /** The number of outputs. */
  readonly outputs: number;
  /** The number of inputs. */
  readonly inputs: number;
  /** G: the number of neighbouring outputs that share their inputs; 0 for a dense layer. */
  readonly block: number;
  /** The activation that follows. */
  readonly activation: PlannedActivation;
  /** The number of inputs of every row of blocks; `null` for a dense layer. */
  readonly lengths: ArrayPlace | null;
  /** The inputs of all rows of blocks; `null` for a dense layer. */
  readonly indices: ArrayPlace | null;
  /** The weights. */
  readonly weights: ArrayPlace;
  /** The biases. */
  readonly bias: ArrayPlace;
}

/** A member. */
export interface MemberFacts {
  /** The factor of its outputs. */
  readonly share: number;
  /** Its layers, from the inputs to the outputs. */
  readonly layers: readonly LayerFacts[];
}

/** An exported model without its arrays. */
export interface Facts extends
  Pick<
    ExportPlan,
    "columns" | "target" | "inputs" | "missing" | "texts" | "notations" | "output" | "conformal"
  > {
  /** The columns of numbers. */
  readonly numbers: readonly NumberFacts[];
  /** The columns of categories that set inputs. */
  readonly categories:
    readonly (Pick<CategoryInputs, "column" | "other"> & { readonly inputs: readonly number[] })[];
  /** The members. */
  readonly members: readonly MemberFacts[];
}

/** The array of a place. */
export type ReadArray = (
  place: ArrayPlace,
) => Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array;

/** Computes the sum of the members' outputs times their shares: rows × outputs, row by row. */
export type MemberSum = (inputs: Float32Array, rows: number) => Float32Array;
