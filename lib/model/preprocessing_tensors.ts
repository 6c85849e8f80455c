/**
 * Preprocessing as named tensors beside a description in JSON, and back.
 *
 * @module
 */
import {
  type ColumnNotation,
  type OneHotColumn,
  type Preprocessing,
  type Scaling,
  SCALINGS,
  validatePreprocessing,
} from "../data/preprocessing/mod.ts";
import { DATE_ORDERS, NOTATION_KINDS } from "../data/table/mod.ts";
import type { Tensor } from "../files/mod.ts";
import { contentError } from "../messages.ts";
import * as v from "../valibot.ts";
import { whileReading } from "./description.ts";
import { takeTensor } from "./member_tensors.ts";

/** The largest number of 32 bits: a target or feature is one, and so are their means and deviations. */
export const LARGEST = 2 ** 128 - 2 ** 104;

const text = v.string("a text");
const number = v.number("a number");
export const texts = v.pipe(
  v.array(text, "a list"),
  v.check((list) => new Set(list).size === list.length, "each text once"),
);

/** The way in which numbers are written. */
export const notation = {
  kind: v.picklist(NOTATION_KINDS, `one of ${NOTATION_KINDS.join(", ")}`),
  sign: v.exactOptional(text),
  origin: v.exactOptional(v.pipe(number, v.finite("a finite number"))),
  order: v.exactOptional(v.picklist(DATE_ORDERS, `one of ${DATE_ORDERS.join(", ")}`)),
  missing: v.exactOptional(text),
};

/** The part of a description that is about preprocessing. */
export const preprocessingEntries = {
  featureNames: texts,
  scaling: v.picklist(SCALINGS, `one of ${SCALINGS.join(", ")}`),
  /** The columns of categories; from version 2 on. */
  categorical: v.exactOptional(v.array(
    v.pipe(
      v.object({
        column: number,
        categories: v.array(text, "a list"),
        places: v.pipe(v.array(number, "a list"), v.transform((places) => Int32Array.from(places))),
        inputs: number,
        shared: v.boolean("true or false"),
      }, "an object"),
      v.check(
        ({ categories, inputs }) => inputs <= categories.length,
        "a category for every input",
      ),
    ),
    "a list",
  )),
  /** The columns whose numbers are not written plainly; from version 4 on, the only new thing. */
  notations: v.exactOptional(v.array(
    v.object({ column: number, ...notation }, "an object"),
    "a list",
  )),
};

const schema = v.object(preprocessingEntries);

/** Preprocessing beside its tensors. */
export interface PreprocessingDescription {
  /** The raw feature columns. */
  readonly featureNames: readonly string[];
  /** The kind of the scaling. */
  readonly scaling: Scaling;
  /** The columns of categories. Left out: a model file of version 1. */
  readonly categorical?: readonly OneHotColumn[] | undefined;
  /** The columns whose numbers are not written plainly. */
  readonly notations?: readonly ColumnNotation[] | undefined;
}

/**
 * Checks a description of preprocessing in a file.
 *
 * @throws {SyntaxError} If anything is missing or wrong.
 */
export function readPreprocessing(value: unknown, source: string): PreprocessingDescription {
  return v.checkContent(schema, value, source);
}

/**
 * Adds the tensors of preprocessing to those of a file.
 *
 * @returns The description of the rest, as JSON.
 */
export function describePreprocessing(
  { featureNames, kept, scaling, medians, indicators, categorical, notations }: Preprocessing,
  tensors: Map<string, Tensor>,
): Record<string, unknown> {
  const list = (name: string, tensor: Pick<Tensor, "dtype" | "data">) =>
    tensors.set(`preprocessing.${name}`, { ...tensor, shape: [tensor.data.length] } as Tensor);
  list("kept", { dtype: "I32", data: kept });
  list("scaling", { dtype: "F64", data: scaling.parameters });
  // A model without medians came from a file of version 1, and is saved as one.
  if (medians !== undefined) {
    list("medians", { dtype: "F32", data: medians });
    list("indicators", { dtype: "I32", data: indicators ?? new Int32Array(0) });
  }
  const columns = categorical?.map((column) => ({ ...column, places: [...column.places] })) ?? [];
  return { featureNames, scaling: scaling.kind, categorical: medians && columns, notations };
}

/**
 * Takes the tensors of preprocessing out of those of a file, and checks them.
 *
 * @param isOldest `true` for a model file of version 1, which has no medians.
 * @throws {SyntaxError} If anything is missing or wrong.
 */
export function takePreprocessing(
  tensors: Map<string, Tensor>,
  { featureNames, scaling, categorical, notations }: PreprocessingDescription,
  isOldest: boolean,
  source: string,
): Preprocessing {
  const kept = takeTensor(tensors, "preprocessing.kept", "I32", null, source);
  const parameters = takeTensor(tensors, "preprocessing.scaling", "F64", null, source);
  let preprocessing: Preprocessing = {
    featureNames,
    kept,
    scaling: { kind: scaling, columns: kept.length, parameters },
  };
  if (!isOldest) {
    if (categorical === undefined) throw contentError(source, 'no "categorical"', "a list");
    preprocessing = {
      ...preprocessing,
      medians: takeTensor(tensors, "preprocessing.medians", "F32", null, source),
      indicators: takeTensor(tensors, "preprocessing.indicators", "I32", null, source),
      categorical,
      notations,
    };
  }
  whileReading(source, () => validatePreprocessing(preprocessing));
  const beyond = parameters.find((parameter) => Math.abs(parameter) > LARGEST);
  if (beyond === undefined) return preprocessing;
  throw contentError(source, `${beyond} in the scaling`, `numbers up to ${LARGEST}`);
}
