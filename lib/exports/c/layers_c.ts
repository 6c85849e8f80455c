/**
 * The sums of layers in C: tables of weights, and a loop for every kind of layer.
 *
 * @module
 */
import { addTable, type TableType, typeName, unsignedType } from "./c_text.ts";
import type { PlannedActivation } from "../plan.ts";
import { encodeDeltas } from "./delta_indices.ts";
import { addFunction, type Program } from "./program.ts";

/** The arrays of a layer's weights, planned ones or integers. */
export type LayerArrays =
  & { readonly outputs: number; readonly inputs: number }
  & (
    | {
      readonly kind: "sparse";
      readonly blockSize: number;
      readonly indptr: Int32Array;
      readonly indices: Int32Array;
      readonly data: Float32Array | Int16Array;
    }
    | { readonly kind: "dense"; readonly weights: Float32Array | Int16Array }
  );

/** The types of sums in C. */
export interface SumTypes {
  /** The type of weights. */
  readonly weight: Extract<TableType, "f32" | "i8" | "i16">;
  /** The type of a layer's inputs. */
  readonly input: string;
  /** The type of a sum. */
  readonly sum: string;
  /** The type of an element of the buffer of sums. */
  readonly cell: string;
  /** The part of such an element that holds the sum, as it stands behind its name. */
  readonly member: string;
}

/**
 * Adds a layer's tables and its loop.
 *
 * @param name The beginning of the tables' names.
 * @param before The activation of the layer before. Left out: the inputs are those of the network.
 * @returns The call, from buffer `x` to buffer `y`.
 */
export function addLayer(
  program: Program,
  layer: LayerArrays,
  name: string,
  types: SumTypes,
  x: string,
  y: string,
  before?: PlannedActivation,
): string {
  const { tables } = program;
  const weights = `${name}_weights`;
  if (layer.kind === "dense") {
    addTable(tables, types.weight, weights, layer.weights);
    addFunction(program, "dense", denseLoop(types));
    return `dense(${weights}, ${layer.outputs}, ${layer.inputs}, ${x}, ${y});`;
  }
  const { outputs, blockSize, indptr, indices, data } = layer;
  const entryBytes = blockSize * (types.weight === "f32" ? 4 : types.weight === "i16" ? 2 : 1);
  const { bits, counts, deltas, entries } = encodeDeltas(indptr, indices, entryBytes);
  const [ofCount, ofDelta] = [
    unsignedType(Math.max(0, ...counts)),
    bits === 8 ? "u8" : "u16",
  ] as const;
  addTable(tables, ofCount, `${name}_counts`, counts);
  addTable(tables, ofDelta, `${name}_steps`, deltas);
  const stored = entries.flatMap((entry) =>
    entry < 0
      ? Array<number>(blockSize).fill(0)
      : [...data.subarray(entry * blockSize, (entry + 1) * blockSize)]
  );
  addTable(tables, types.weight, weights, stored);
  // About half of what comes out of a ReLU is 0. To look costs more than a single product does.
  const skips = blockSize > 1 && before?.kind === "rectified" && before.slope === 0;
  const loop = `sparse_${ofCount}_${ofDelta}_${blockSize}${skips ? "_relu" : ""}`;
  addFunction(program, loop, sparseLoop(loop, ofCount, ofDelta, blockSize, types, skips));
  const rows = outputs / blockSize;
  return `${loop}(${name}_counts, ${name}_steps, ${weights}, ${rows}, ${x}, ${y});`;
}

function sparseLoop(
  name: string,
  ofCount: TableType,
  ofDelta: TableType,
  size: number,
  { weight, input, sum, cell, member }: SumTypes,
  skips: boolean,
): string {
  const read = (type: TableType) => `READ_${type.toUpperCase()}`;
  const head = `\
static void ${name}(const ${typeName(ofCount)} *counts, const ${typeName(ofDelta)} *steps,
  const ${typeName(weight)} *weights, unsigned rows, const ${input} *x, ${cell} *y)
{`;
  const product = (at: string) =>
    sum === "float" ? `${read(weight)}(${at}) * *at` : `(${sum})${read(weight)}(${at}) * *at`;
  if (size === 1) {
    return `\
/* Sums of sparse rows: each has a count of steps, and a weight at the end of every step. */
${head}
  for (; rows > 0; rows--) {
    const ${input} *at = x;
    ${sum} sum = 0;
    unsigned n = ${read(ofCount)}(counts);
    for (; n > 0; n--) {
      at += ${read(ofDelta)}(steps);
      sum += ${product("weights")};
      steps++;
      weights++;
    }
    y[0]${member} = sum;
    y++;
    counts++;
  }
}`;
  }
  // Sums with names stay in registers, where those of an array do not.
  const each = Array.from({ length: size }, (_, g) => g);
  const list = (text: (g: number) => string, between: string) => each.map(text).join(between);
  const term = (g: number) =>
    sum === "float"
      ? `s${g} += ${read(weight)}(weights + ${g}) * v;`
      : `s${g} += (${sum})${read(weight)}(weights + ${g}) * v;`;
  return `\
/* As many sums at a time share their inputs as the name says.${
    skips ? " An input of 0 adds nothing." : ""
  } */
${head}
  for (; rows > 0; rows--) {
    const ${input} *at = x;
    ${sum} ${list((g) => `s${g} = 0`, ", ")};
    unsigned n = ${read(ofCount)}(counts);
    for (; n > 0; n--) {
      ${input} v;
      at += ${read(ofDelta)}(steps);
      v = *at;
      ${
    skips ? `if (v != 0) {\n        ${list(term, "\n        ")}\n      }` : list(term, "\n      ")
  }
      steps++;
      weights += ${size};
    }
    ${list((g) => `y[${g}]${member} = s${g};`, "\n    ")}
    y += ${size};
    counts++;
  }
}`;
}

function denseLoop({ weight, input, sum, cell, member }: SumTypes): string {
  const read = `READ_${weight.toUpperCase()}(weights)`;
  return `\
static void dense(const ${typeName(weight)} *weights, unsigned rows, unsigned inputs,
  const ${input} *x, ${cell} *y)
{
  for (; rows > 0; rows--) {
    ${sum} sum = 0;
    unsigned i;
    for (i = 0; i < inputs; i++) {
      sum += ${sum === "float" ? "" : `(${sum})`}${read} * x[i];
      weights++;
    }
    (y++)->sum = sum;
  }
}`.replace("(y++)->sum", member === "" ? "*y++" : `(y++)->${member.slice(1)}`);
}
