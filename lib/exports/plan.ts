/**
 * The plan of an export: a model lowered to plain steps, the same for every format. A raw row becomes
 * inputs, every member turns inputs into outputs, and the members' outputs become the answer.
 *
 * 1. In a column of numbers, the median replaces missing values, and the numbers are scaled. In a column of
 *    categories, the code of the category sets one input to 1. All other inputs are 0.
 * 2. A layer's sums are its weights times its inputs, plus biases. Its activation follows.
 * 3. For classes, a softmax turns a member's outputs into probabilities. The answer is the sum of the
 *    members' outputs times their shares. A temperature T raises probabilities to the power of 1 / T and
 *    normalises them. A predicted number is converted to the target's unit.
 *
 * @module
 */
import { requireKind } from "../arguments.ts";
import type {
  ColumnNotation,
  FittedScaling,
  OneHotColumn,
  Preprocessing,
} from "../data/preprocessing/mod.ts";
import { BEYOND, inputCount, isByRank } from "../data/preprocessing/mod.ts";
import { memberNumbers, type Model, requireModel } from "../model/mod.ts";
import { type Activation, type Member, slopeOf, type StoredLayer } from "../nn/mod.ts";
import type { Conformal } from "../prediction/mod.ts";
import { activationOf } from "../settings/mod.ts";
import { blockSizeOf } from "../sparse/mod.ts";

/** The scaling of one column, in 64-bit floats; its result is rounded to 32 bits. */
export type ColumnScaling =
  /** The number as it is. */
  | { readonly kind: "none" }
  /** Always 0, because the column did not vary in the training rows. */
  | { readonly kind: "zero" }
  /** (x − centre) / width, with a width above 0. */
  | { readonly kind: "linear"; readonly centre: number; readonly width: number }
  /**
   * The normal quantile of the number's rank among ascending quantiles: `quantileToNormal` of the
   * preprocessing. At least two quantiles differ.
   */
  | { readonly kind: "quantile"; readonly quantiles: Float64Array; readonly beyond: number };

/** A column of numbers that becomes an input. */
export interface NumberInput {
  /** The raw column. */
  readonly column: number;
  /** The input. */
  readonly input: number;
  /** The number that takes the place of a missing one; `null` if the model refuses missing values. */
  readonly median: number | null;
  /** The scaling that follows. */
  readonly scaling: ColumnScaling;
}

/** An input that is 1 if a column's value is missing, and otherwise 0. */
export interface MissingInput {
  /** The raw column. */
  readonly column: number;
  /** The input. */
  readonly input: number;
}

/**
 * The inputs of a column of categories. A row's category is given by its code: the place in `categories`.
 * An unknown category has another code, such as −1. A missing category is NaN and sets no input.
 */
export interface CategoryInputs {
  /** The raw column. */
  readonly column: number;
  /** The categories' names. */
  readonly categories: readonly string[];
  /** Length of `categories`: the input that each category sets to 1, or −1 for none. */
  readonly inputs: Int32Array;
  /** The input that an unknown category sets to 1; −1 for none. */
  readonly other: number;
}

/** A column whose cells are texts, whether or not a step uses it. */
export interface TextColumn {
  /** The raw column. */
  readonly column: number;
  /** The texts that the model knows; their places are their codes. */
  readonly categories: readonly string[];
}

/** The activation that follows a layer. */
export type PlannedActivation =
  /** None: the layer's sums are its outputs. */
  | { readonly kind: "none" }
  /** A sum below 0 is multiplied by the slope: 0 for ReLU. */
  | { readonly kind: "rectified"; readonly slope: number }
  /** The sine of the sum, in radians: a periodic embedding. */
  | { readonly kind: "sine" };

/** The common part of all layers. */
export interface PlannedShape {
  /** The number of outputs. */
  readonly outputs: number;
  /** The number of inputs. */
  readonly inputs: number;
  /** Length outputs. */
  readonly bias: Float32Array;
  /** The activation that follows. */
  readonly activation: PlannedActivation;
}

/** A layer of a member. */
export type PlannedLayer =
  & PlannedShape
  & (
    | {
      /** Block sparse rows: G neighbouring outputs share their inputs. G = 1 is compressed sparse rows. */
      readonly kind: "sparse";
      /** G, which divides the outputs. */
      readonly blockSize: number;
      /** Length outputs / G + 1. */
      readonly indptr: Int32Array;
      /** The input of every block, ascending in each row of blocks. */
      readonly indices: Int32Array;
      /** Length G × blocks: block after block, the weights of its G outputs. */
      readonly data: Float32Array;
    }
    | {
      /** All weights. */
      readonly kind: "dense";
      /** Length outputs × inputs, output after output. */
      readonly weights: Float32Array;
    }
  );

/** A member of the ensemble. */
export interface PlannedMember {
  /** Its number in the order of training, from 1. */
  readonly number: number;
  /** The factor of its outputs in the ensemble's answer. */
  readonly share: number;
  /** Its layers, from the inputs to the outputs. */
  readonly layers: readonly PlannedLayer[];
}

/** The answer that the members' outputs become. */
export type PlannedOutput =
  | {
    /** Probabilities: the members' softmaxes, times their shares. */
    readonly kind: "classes";
    /** The classes' names, as many as outputs. */
    readonly classes: readonly string[];
    /** T; `null` if probabilities are not calibrated. */
    readonly temperature: number | null;
  }
  | {
    /** A number: mean + deviation × the sum of the members' outputs times their shares. */
    readonly kind: "number";
    readonly mean: number;
    readonly deviation: number;
  };

/** The counts of the parts that folding removed from a plan. */
export interface Folded {
  /** The removed neurons of all members: no output depends on them, or they are constant. */
  readonly neurons: number;
  /** The removed weights of all members. */
  readonly weights: number;
  /** The removed inputs, which no member uses. */
  readonly inputs: number;
}

/** A model as plain steps. */
export interface ExportPlan {
  /** The raw columns of a row, in order. Some may be used by no step. */
  readonly columns: readonly string[];
  /** The target's name. */
  readonly target: string;
  /** The number of inputs that members see. */
  readonly inputs: number;
  /** The columns of numbers, ascending. */
  readonly numbers: readonly NumberInput[];
  /** The inputs that tell of missing values. */
  readonly missing: readonly MissingInput[];
  /** The columns of categories. */
  readonly categories: readonly CategoryInputs[];
  /** All columns of texts, ascending. Every other column has numbers. */
  readonly texts: readonly TextColumn[];
  /** The columns whose numbers are not written plainly in tables, ascending, and how they are. */
  readonly notations: readonly ColumnNotation[];
  /** The members, one at least. */
  readonly members: readonly PlannedMember[];
  /** The answer. */
  readonly output: PlannedOutput;
  /** The calibration of intervals or sets of classes; `null` without. */
  readonly conformal: Conformal | null;
  /** The counts of what was folded away. */
  readonly folded: Folded;
}

/**
 * Refuses what is no plan, such as the model itself.
 *
 * @throws {TypeError} If it lacks what a plan has.
 */
export function requirePlan(value: unknown): asserts value is ExportPlan {
  requireKind("export a model", value, {
    name: "a plan",
    has: ["columns", "inputs", "members", "output"],
    makers: ["planModel"],
  });
}

/**
 * The plan of a model. It shares the model's memory. Nothing is folded yet.
 *
 * @param chosen The places of the members to keep. Left out: all.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { planModel } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const settings = { hidden: [20], epsilon: 5, epochs: 10, explore: 4, members: 2, batchSize: 16 };
 * const plan = planModel(await fit(dataset, settings));
 * assert.deepEqual([plan.inputs, plan.members.length, plan.output.kind], [2, 2, "classes"]);
 * ```
 */
export function planModel(model: Model, chosen?: readonly number[]): ExportPlan {
  requireModel("export a model", model);
  const { preprocessing, members, classes, targetScaling, temperature = null, target } = model;
  const { categorical = [], notations = [] } = preprocessing;
  const activation = activationOf(model.settings);
  const numbers = memberNumbers(model);
  const places = chosen ?? members.map((_, place) => place);
  const shares = sharesOf(places.map((place) => members[place]), model);
  return {
    columns: preprocessing.featureNames,
    target,
    inputs: inputCount(preprocessing),
    ...planInputs(preprocessing),
    texts: categorical.map(({ column, categories }) => ({ column, categories })),
    notations,
    members: places.map((place, m) => ({
      number: numbers[place],
      share: shares[m],
      layers: planLayers(members[place].layers, activation),
    })),
    output: targetScaling === undefined
      ? { kind: "classes", classes, temperature }
      : { kind: "number", ...targetScaling },
    conformal: model.conformal ?? null,
    folded: { neurons: 0, weights: 0, inputs: 0 },
  };
}

/**
 * The members' shares: their votes, or equal ones. Where boosted members of classes are left out, the votes
 * of the others grow so that probabilities still add up to what they did.
 */
function sharesOf(chosen: readonly Member[], { members, targetScaling }: Model): number[] {
  const votes = chosen.map(({ vote }) => vote ?? 1 / chosen.length);
  if (targetScaling !== undefined || chosen.length === members.length) return votes;
  if (chosen[0].vote === undefined) return votes;
  const sumOf = (some: readonly Member[]) => some.reduce((sum, { vote = 0 }) => sum + vote, 0);
  const [part, whole] = [sumOf(chosen), sumOf(members)];
  return part === 0
    ? votes.map(() => whole / votes.length)
    : votes.map((vote) => vote * whole / part);
}

function planInputs(
  preprocessing: Preprocessing,
): Pick<ExportPlan, "numbers" | "missing" | "categories"> {
  const { kept, scaling, medians, indicators = [], categorical = [] } = preprocessing;
  let input = 0;
  const numbers = Array.from(kept, (column, place): NumberInput => ({
    column,
    input: input++,
    median: medians?.[place] ?? null,
    scaling: planScaling(scaling, place),
  }));
  const missing = Array.from(indicators, (column) => ({ column, input: input++ }));
  const categories = categorical.filter(({ inputs }) => inputs > 0).map((column) => {
    const planned = planCategories(column, input);
    input += column.inputs;
    return planned;
  });
  return { numbers, missing, categories };
}

function planScaling({ kind, columns, parameters }: FittedScaling, place: number): ColumnScaling {
  if (kind === "none") return { kind };
  const each = parameters.length / columns;
  const own = parameters.subarray(place * each, (place + 1) * each);
  if (isByRank(kind)) {
    return own[0] === own[each - 1]
      ? { kind: "zero" }
      : { kind: "quantile", quantiles: own, beyond: BEYOND[kind] };
  }
  const width = kind === "min-max" ? own[1] - own[0] : own[1];
  return width === 0 ? { kind: "zero" } : { kind: "linear", centre: own[0], width };
}

function planCategories(
  { column, categories, places, inputs, shared }: OneHotColumn,
  first: number,
): CategoryInputs {
  const other = shared ? first + inputs - 1 : -1;
  return {
    column,
    categories,
    inputs: places.map((place) => place < 0 ? other : first + place),
    other,
  };
}

function planLayers(layers: readonly StoredLayer[], activation: Activation): PlannedLayer[] {
  let hidden = 0;
  return layers.map((layer, l): PlannedLayer => {
    const { shape: [outputs, inputs], bias } = layer;
    const after: PlannedActivation = layer.kind === "sparse" && layer.activation !== undefined
      ? { kind: layer.activation }
      : l < layers.length - 1
      ? { kind: "rectified", slope: slopeOf(activation, ++hidden) }
      : { kind: "none" };
    const own = { outputs, inputs, bias, activation: after };
    if (layer.kind === "dense") return { ...own, kind: "dense", weights: layer.weights };
    const { indptr, indices, data } = layer;
    return { ...own, kind: "sparse", blockSize: blockSizeOf(layer), indptr, indices, data };
  });
}
