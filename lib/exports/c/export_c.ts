/**
 * Exports a model as one file of C99 and its header. The program contains preprocessing, members and
 * calibration. It uses no heap, and needs only `math.h`.
 *
 * @module
 */
import type { ExportedFile } from "../exported_file.ts";
import { foldPlan } from "../folding.ts";
import { type InputSteps, inputSteps, LEAST_ERROR } from "../inputs/mod.ts";
import { predictFloats } from "../float_predictor.ts";
import { type IntegerPlan, predictIntegers, quantizePlan } from "../integer/mod.ts";
import { shown } from "../../messages.ts";
import { type ExportPlan, requirePlan } from "../plan.ts";
import { addFloatMembers, floatInput } from "./float_c.ts";
import { headerText } from "./header.ts";
import { addIntegerMembers, integerInput } from "./integer_c.ts";
import { emptyProgram, type Program } from "./program.ts";
import { addReading } from "./reading_c.ts";
import { sketchText } from "./sketch.ts";
import { sourceText } from "./source.ts";
import type { CWeights } from "./weights.ts";

/** The options of {@linkcode exportC}. */
export interface ExportCOptions {
  /** The files' name before `.c` and `.h`. Left out: `model`. */
  readonly name?: string | undefined;
  /** The beginning of every public name, such as `water_`. Left out: nothing. */
  readonly prefix?: string | undefined;
  /** The type of weights. Left out: `float32`. */
  readonly weights?: CWeights | undefined;
  /**
   * The largest error of a quantile scaling, in standard deviations. 0 keeps the whole tables of up to
   * 1,000 numbers per column. Left out: 0 for `float32`, and 0.01 for integers, which need more than 0.
   */
  readonly quantileError?: number | undefined;
  /** `true` adds an Arduino sketch to the files. */
  readonly sketch?: boolean | undefined;
}

/** A program in C: its files, and the bytes that it takes. */
export interface CProgram {
  /** The source, the header, and the sketch if there is one. */
  readonly files: readonly ExportedFile[];
  /** Bytes of constants. */
  readonly tableBytes: number;
  /**
   * An upper bound of the flash in bytes: constants and code, with the functions of `math.h` on a
   * Cortex-M4.
   */
  readonly flashBytes: number;
  /** Bytes of the buffers, without the stack of a few hundred bytes. */
  readonly bufferBytes: number;
  /**
   * Computes the program's answer to a raw row. With integer weights it is exact to the bit, with floats up
   * to rounding.
   *
   * @param row Length columns; NaN is a missing value.
   * @returns Probabilities or a number. If there is no answer, it is the code that `predict` in C returns.
   */
  predict(row: ArrayLike<number>): Float32Array | number;
}

/** An upper bound of the code's bytes with `-Os`. Tests check it. */
function codeBytes({ members }: ExportPlan, weights: CWeights): number {
  if (weights !== "float32") return 6 * 1024;
  // The sines of `math.h` take half of it.
  const hasSines = members.some(({ layers }) =>
    layers.some(({ activation }) => activation.kind === "sine")
  );
  return (hasSines ? 10 : 5) * 1024;
}

/**
 * Before scaled numbers become integers, they are limited to ± this many deviations or ranges. A distant
 * number would leave no digits to the other numbers of its row.
 */
const BOUND = 256;

/**
 * Characters that the name of files cannot have. It is quoted after `#include`, where C has no escapes and
 * replaces trigraphs.
 */
const NOT_INCLUDED = /["\\/\p{Cc}]|\?\?/u;

/** A prefix that public names may have. */
const PREFIX = /^([A-Za-z][A-Za-z0-9_]*)?$/;

/**
 * Exports a plan as a program in C.
 *
 * @throws {SyntaxError} If a name in C cannot begin with the prefix, or C cannot include files of this
 * name.
 * @throws {RangeError} If the model cannot be exported with these options; the message says why.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { exportC, planModel } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const network = { method: "fd", hidden: [20], epsilon: 5, batchSize: 16 } as const;
 * const settings = { ...network, epochs: 10, explore: 4, members: 1 };
 * const plan = planModel(await fit(dataset, settings));
 * const { files, tableBytes } = exportC(plan, { name: "level", weights: "int8" });
 * assert.deepEqual(files.map(({ name }) => name), ["level.c", "level.h"]);
 * assert.ok(tableBytes < 1000);
 * ```
 */
export function exportC(plan: ExportPlan, options: ExportCOptions = {}): CProgram {
  requirePlan(plan);
  const { name = "model", prefix = "", weights = "float32", sketch = false } = options;
  const { quantileError = weights === "float32" ? 0 : 0.01 } = options;
  if (!PREFIX.test(prefix)) {
    throw new SyntaxError(
      `Cannot export the model: found prefix ${
        shown(prefix)
      }, need letters, digits and underscores, a letter first`,
    );
  }
  if (name === "" || NOT_INCLUDED.test(name)) {
    throw new SyntaxError(
      `Cannot export the model to C: found files named ${
        shown(name)
      }, need a name without quotes, backslashes, slashes, control characters or "??"`,
    );
  }
  requireError(quantileError, weights);
  requireSize(plan);
  const folded = foldPlan(plan);
  const steps = inputSteps(folded, quantileError, weights === "float32" ? null : BOUND);
  const integers = weights === "float32" ? null : quantizePlan(folded, weights);
  const program = programOf(folded, steps, integers);
  const about = { name, prefix, weights, plan: folded };
  const files = [
    { name: `${name}.c`, content: sourceText(program, about) },
    { name: `${name}.h`, content: headerText(about) },
  ];
  if (sketch) files.push({ name: `${name}.ino`, content: sketchText(about) });
  const tableBytes = program.tables.bytes;
  return {
    files,
    tableBytes,
    flashBytes: tableBytes + codeBytes(folded, weights),
    bufferBytes: program.ram,
    predict: (row) =>
      integers === null
        ? predictFloats(steps, folded, row)
        : predictIntegers(steps, integers, folded.output, row),
  };
}

function programOf(
  plan: ExportPlan,
  steps: InputSteps,
  integers: IntegerPlan | null,
): Program {
  const program = emptyProgram();
  addReading(program, steps, integers === null ? floatInput : integerInput);
  if (integers === null) addFloatMembers(program, plan);
  else addIntegerMembers(program, integers, plan.output, plan.inputs);
  return program;
}

function requireError(error: number, weights: CWeights): void {
  const isFine = error >= LEAST_ERROR && error <= 1 || error === 0 && weights === "float32";
  if (isFine) return;
  throw new RangeError(
    `Cannot export the model with ${weights} weights: found quantile error ${error}, need a number ` +
      `from ${LEAST_ERROR} to 1${weights === "float32" ? ", or 0 for whole tables" : ""}`,
  );
}

/** The largest number of columns, inputs or neurons of a layer, because indices and counts have 16 bits. */
const MOST = 65535;

function requireSize({ columns, inputs, members }: ExportPlan): void {
  const widths = members.flatMap(({ layers }) => layers.map(({ outputs }) => outputs));
  const largest = Math.max(columns.length, inputs, ...widths);
  if (largest <= MOST) return;
  throw new RangeError(
    `Cannot export the model to C: found ${largest} columns, inputs or neurons of a layer, ` +
      `need ${MOST} at most`,
  );
}
