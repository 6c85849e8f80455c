/**
 * Writes the sums of layers in C: tables of weights, and a loop for every kind of layer.
 *
 * @module
 */
import { addTable, type TableType, typeName, unsignedType } from "./c_text.ts";
import type { PlannedActivation } from "../plan.ts";
import { encodeDeltas } from "./delta_indices.ts";
import { addFunction, type Program } from "./program.ts";

/** The arrays of a layer's weights: floats of the plan, or integers. */
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

/** The code that stores a sum of floats. */
export interface SumEnd {
  /** Its name in the names of loops. */
  readonly name: string;
  /** The value to store, given the variable that holds the sum. */
  readonly stored: (sum: string) => string;
}

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
  /** The access to the sum within such an element, written after the element's name. */
  readonly member: string;
}

/**
 * The layer without indices if all its connections exist, as those of many last layers do. Sums keep their
 * order, so the answers have the same bits.
 */
function withoutIndices(layer: LayerArrays): LayerArrays {
  if (layer.kind === "dense") return layer;
  const { outputs, inputs, blockSize, indices, data } = layer;
  // No row has an input twice.
  if (data.length < outputs * inputs) return layer;
  const weights = data.slice();
  indices.forEach((input, entry) => {
    const first = Math.floor(entry / inputs) * blockSize;
    for (let g = 0; g < blockSize; g++) {
      weights[(first + g) * inputs + input] = data[entry * blockSize + g];
    }
  });
  return { kind: "dense", outputs, inputs, weights };
}

/** The largest number of outputs of a dense layer that are summed together. */
const MOST_TOGETHER = 8;

/**
 * Adds a layer's tables and its loop.
 *
 * @param name The beginning of the tables' names.
 * @param before The activation of the previous layer. Left out: this is the first layer.
 * @param end For floats: sums start at the table `NAME_bias`, and `end` stores them. Left out: sums start
 * at 0.
 * @returns The call, from buffer `x` to buffer `y`.
 */
export function addLayer(
  program: Program,
  arrays: LayerArrays,
  name: string,
  types: SumTypes,
  x: string,
  y: string,
  before?: PlannedActivation,
  end?: SumEnd,
): string {
  const { tables } = program;
  const layer = withoutIndices(arrays);
  const weights = `${name}_weights`;
  const isRelu = before?.kind === "rectified" && before.slope === 0;
  const ending = end === undefined ? "" : `_${end.name}`;
  const bias = end === undefined ? "" : `, ${name}_bias`;
  if (layer.kind === "dense") {
    const { outputs, inputs, weights: rows } = layer;
    const isTogether = outputs > 1 && outputs <= MOST_TOGETHER;
    const ofInputs = Array.from(
      { length: rows.length },
      (_, at) => rows[(at % outputs) * inputs + Math.floor(at / outputs)],
    );
    addTable(tables, types.weight, weights, isTogether ? ofInputs : rows);
    const loop = `dense${isTogether ? `_${outputs}${isRelu ? "_relu" : ""}` : ""}${ending}`;
    const text = isTogether
      ? togetherLoop(loop, outputs, types, isRelu, end)
      : denseLoop(loop, types, end);
    addFunction(program, loop, text);
    return isTogether
      ? `${loop}(${weights}, ${inputs}, ${x}, ${y}${bias});`
      : `${loop}(${weights}, ${outputs}, ${inputs}, ${x}, ${y}${bias});`;
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
  // About half of the outputs of a ReLU are 0. A check for 0 costs more than one product, but less than
  // several.
  const skips = blockSize > 1 && isRelu;
  const loop = `sparse_${ofCount}_${ofDelta}_${blockSize}${skips ? "_relu" : ""}${ending}`;
  addFunction(program, loop, sparseLoop(loop, ofCount, ofDelta, blockSize, types, skips, end));
  const rows = outputs / blockSize;
  return `${loop}(${name}_counts, ${name}_steps, ${weights}, ${rows}, ${x}, ${y}${bias});`;
}

/** The parts of loops that differ between floats and integers. */
function loopParts({ weight, input, sum, cell, member }: SumTypes, end: SumEnd | undefined) {
  const read = `READ_${weight.toUpperCase()}`;
  return {
    weight: typeName(weight),
    parameters: `const ${input} *x, ${cell} *y${end === undefined ? "" : ", const float *bias"}`,
    start: (g: number) => end === undefined ? "0" : `READ_F32(bias + ${g})`,
    product: (at: string, value: string) =>
      `${sum === "float" ? "" : `(${sum})`}${read}(${at}) * ${value}`,
    store: (g: number, one: string) => `y[${g}]${member} = ${end?.stored(one) ?? one};`,
    next: (size: number) => end === undefined ? "" : `\n    bias += ${size};`,
  };
}

/** Sums that share an input `v`. Named variables stay in registers; elements of an array do not. */
function sharedSums(size: number, types: SumTypes, skips: boolean, end: SumEnd | undefined) {
  const { start, product, store } = loopParts(types, end);
  const each = Array.from({ length: size }, (_, g) => g);
  const list = (text: (g: number) => string, between: string) => each.map(text).join(between);
  const term = (g: number) => `s${g} += ${product(`weights + ${g}`, "v")};`;
  const indent = " ".repeat(6);
  return {
    begin: `${types.sum} ${list((g) => `s${g} = ${start(g)}`, ", ")};`,
    add: skips
      ? `if (v != 0) {\n${indent}  ${list(term, `\n${indent}  `)}\n${indent}}`
      : list(term, `\n${indent}`),
    store: list((g) => store(g, `s${g}`), "\n    "),
  };
}

/** The comment on loops that look for inputs of 0. */
const SKIPS = " An input of 0 adds nothing.";

function sparseLoop(
  name: string,
  ofCount: TableType,
  ofDelta: TableType,
  size: number,
  types: SumTypes,
  skips: boolean,
  end: SumEnd | undefined,
): string {
  const read = (type: TableType) => `READ_${type.toUpperCase()}`;
  const { weight, parameters, start, product, store, next } = loopParts(types, end);
  const head = `\
static void ${name}(const ${typeName(ofCount)} *counts, const ${typeName(ofDelta)} *steps,
  const ${weight} *weights, unsigned rows, ${parameters})
{`;
  if (size === 1) {
    return `\
/* Sums of sparse rows: each has a count of steps, and a weight at the end of every step. */
${head}
  for (; rows > 0; rows--) {
    const ${types.input} *at = x;
    ${types.sum} sum = ${start(0)};
    unsigned n = ${read(ofCount)}(counts);
    if (n > 0) do {
      at += ${read(ofDelta)}(steps);
      sum += ${product("weights", "*at")};
      steps++;
      weights++;
    } while (--n > 0);
    ${store(0, "sum")}
    y++;
    counts++;${next(1)}
  }
}`;
  }
  const sums = sharedSums(size, types, skips, end);
  return `\
/* As many sums at a time share their inputs as the name says.${skips ? SKIPS : ""} */
${head}
  for (; rows > 0; rows--) {
    const ${types.input} *at = x;
    ${sums.begin}
    unsigned n = ${read(ofCount)}(counts);
    if (n > 0) do {
      ${types.input} v;
      at += ${read(ofDelta)}(steps);
      v = *at;
      ${sums.add}
      steps++;
      weights += ${size};
    } while (--n > 0);
    ${sums.store}
    y += ${size};
    counts++;${next(size)}
  }
}`;
}

function togetherLoop(
  name: string,
  outputs: number,
  types: SumTypes,
  skips: boolean,
  end: SumEnd | undefined,
): string {
  const { weight, parameters } = loopParts(types, end);
  const { begin, add, store } = sharedSums(outputs, types, skips, end);
  const dedented = (text: string) => text.replaceAll(/\n {2}/g, "\n");
  return `\
/* All sums of a dense layer at a time, input by input.${skips ? SKIPS : ""} */
static void ${name}(const ${weight} *weights, unsigned inputs, ${parameters})
{
  ${begin}
  for (; inputs > 0; inputs--) {
    const ${types.input} v = *x++;
    ${dedented(add)}
    weights += ${outputs};
  }
  ${dedented(store)}
}`;
}

function denseLoop(name: string, types: SumTypes, end: SumEnd | undefined): string {
  const { weight, parameters, start, product, store, next } = loopParts(types, end);
  return `\
static void ${name}(const ${weight} *weights, unsigned rows, unsigned inputs,
  ${parameters})
{
  for (; rows > 0; rows--) {
    ${types.sum} sum = ${start(0)};
    unsigned i;
    for (i = 0; i < inputs; i++) {
      sum += ${product("weights", "x[i]")};
      weights++;
    }
    ${store(0, "sum")}
    y++;${next(1)}
  }
}`;
}
