/**
 * Calls of every kernel that would leave its arrays if nobody looked: arrays too short or of another
 * type, ranges and sizes out of bounds, connections and labels that point elsewhere.
 *
 * @module
 */
import type { Kernels } from "../../../lib/kernels/kernels.ts";
import { BLOCK_LAYERS, LAYERS, openProblem, sparseProblem } from "../problem.ts";

/** A kernel with its arguments by name, in order. */
interface Call {
  readonly kernel: Exclude<keyof Kernels, "name" | "description" | "openArena">;
  readonly args: Readonly<Record<string, unknown>>;
  /** The key of {@linkcode UNUSED}: the kernel's name if absent. */
  readonly unused?: string;
}

/** A call with one thing wrong, and what it is. */
export interface WrongCall {
  readonly what: string;
  readonly run: () => void;
}

const GATE = { slope: 0, dropThreshold: 0, dropKey: 0 };
const SGD = { rate: 0.1, momentum: 0.9, l2: 0, decay: 0 };
const ADAM = { ...SGD, beta1: 0.9, beta2: 0.999, correction: 0.3, epsilon: 1e-8 };
const NUMBERS = [-1, 1.5, NaN, Infinity, 2 ** 31, -(2 ** 31), 1e9 + 16];
/** Contents that lead out of other arrays, by the name of the array that holds them. */
const CONTENTS: Readonly<Record<string, readonly number[]>> = {
  indptr: [-1, -(2 ** 31), 2 ** 31 - 1],
  indices: [-1, 70, 2 ** 31 - 1, -(2 ** 31)],
  rows: [-1, 40, 2 ** 31 - 1],
  entries: [-1, 100_000, 2 ** 31 - 1],
  labels: [-1, 40, 2 ** 31 - 1],
};

/** One call of every kernel as it should be, with arrays that are exactly as long as needed. */
export function rightCalls(kernels: Kernels): Call[] {
  const problem = sparseProblem(LAYERS[8], 46);
  const { batch, stride, rows, columns } = problem;
  const o = openProblem(kernels, problem);
  const { arena, layer, x, dz, factor, velocity, out, outFactor, dx, gradient } = o;
  const { blockSize: _, indptr: __, indices: ___, transpose: ____, ...sizes } = layer;
  const dense = { ...sizes, weights: arena.floats(rows * columns) };
  const full = { weights: arena.floats(rows * columns), bias: arena.floats(rows) };
  const [labels, result] = [arena.integers(batch), arena.doubles(2)];
  const weights = arena.floats(batch);
  const sample = { x: x.subarray(0, columns), out: out.subarray(0, rows) };
  const sparseRange = { stride, from: 0, to: rows };
  const range = { from: 0, to: velocity.weights.length };
  const update = { gradient: gradient.weights, weights: layer.weights };
  return [
    ...blockCalls(kernels),
    { kernel: "sparseForward", args: { layer, x, out, outFactor, gate: GATE, ...sparseRange } },
    { kernel: "denseForward", args: { dense, x, out, outFactor, gate: GATE, ...sparseRange } },
    { kernel: "sparseBackward", args: { layer, dz, factor, dx, stride, from: 0, to: columns } },
    { kernel: "denseBackward", args: { dense, dz, factor, dx, stride, from: 0, to: columns } },
    {
      kernel: "sparseGradient",
      args: { layer, x, dz, gradient, stride, batch, from: 0, to: rows },
    },
    {
      kernel: "sparseGradientSgd",
      args: { layer, x, dz, gradient, velocity, sgd: SGD, stride, batch, from: 0, to: rows },
    },
    {
      kernel: "denseGradient",
      args: { dense, x, dz, full, transposed: o.transposed, stride, batch, from: 0, to: rows },
    },
    { kernel: "sparseRow", args: { layer, ...sample, slope: 0.5 } },
    { kernel: "denseRow", args: { dense, ...sample, slope: 0.5 } },
    { kernel: "sine", args: { rows, out, outFactor, ...sparseRange } },
    {
      kernel: "sgdUpdate",
      args: { ...update, velocity: velocity.weights, sgd: SGD, ...range },
    },
    {
      kernel: "adamUpdate",
      args: {
        ...{ ...update, mean: velocity.weights, square: layer.transpose.weights },
        ...{ adam: ADAM, ...range },
      },
    },
    { kernel: "softmax", args: { classes: rows, batch, stride, out, dz } },
    {
      kernel: "softmaxCrossEntropy",
      args: { classes: rows, batch, stride, out, labels, smoothing: 0.1, dz, result, weights },
    },
    {
      kernel: "squaredError",
      args: {
        ...{ outputs: rows, batch, stride, z: out, targets: outFactor },
        ...{ dz, result, weights },
      },
    },
  ];
}

/** The calls of a layer whose blocks have four neurons. */
function blockCalls(kernels: Kernels): Call[] {
  const connections = BLOCK_LAYERS.find(({ name }) => name === "5 × 70 blocks of 4")!;
  const { batch, stride, rows, ...problem } = sparseProblem(connections, 46);
  const o = openProblem(kernels, { batch, stride, rows, ...problem });
  const { layer, x, dz, factor, velocity, out, outFactor, dx, gradient } = o;
  const range = { from: 0, to: rows };
  return [
    { kernel: "sparseForward", args: { layer, x, out, outFactor, gate: GATE, stride, ...range } },
    {
      kernel: "sparseBackward",
      unused: "block backward",
      args: { layer, dz, factor, dx, stride, from: 0, to: 2 },
    },
    { kernel: "sparseGradient", args: { layer, x, dz, gradient, stride, batch, ...range } },
    {
      kernel: "sparseGradientSgd",
      args: { layer, x, dz, gradient, velocity, sgd: SGD, stride, batch, ...range },
    },
  ];
}

/** Runs a call. */
export function runCall(kernels: Kernels, { kernel, args }: Call): void {
  (kernels[kernel] as (...values: unknown[]) => void)(...Object.values(args));
}

/** Every right call with one argument, or one field or element of it, made wrong. */
export function wrongCalls(kernels: Kernels): WrongCall[] {
  return rightCalls(kernels).flatMap((call) =>
    Object.entries(call.args).flatMap(([name, value]) =>
      [...wrong(name, value, kernels)].filter(([what]) => isUsed(call.unused ?? call.kernel, what))
        .map(([what, bad]): WrongCall => ({
          what: `${call.kernel}: ${what}`,
          run: () => runCall(kernels, { ...call, args: { ...call.args, [name]: bad } }),
        }))
    )
  );
}

/** Arguments that a kernel does not look at, which may be anything. */
const UNUSED: Readonly<Record<string, RegExp>> = {
  sparseForward: /transpose/,
  sparseBackward: /^layer\.(no )?(indptr|indices|bias)/,
  "block backward": /transpose|^layer\.(no )?bias/,
  sparseGradient: /transpose|^layer\.(no )?(weights|bias)/,
  sparseGradientSgd: /transpose/,
  sparseRow: /transpose|^slope/,
  denseRow: /^slope/,
  denseBackward: /bias/,
  denseGradient: /^dense\.(no )?(weights|bias)/,
  softmaxCrossEntropy: /^weights undefined/,
  // The same plain loop in every back end.
  squaredError: /^weights undefined|of 64 bits|outside the memory/,
};

function isUsed(key: string, what: string): boolean {
  return !(UNUSED[key]?.test(what) ?? false);
}

function* wrong(name: string, value: unknown, kernels: Kernels): Generator<[string, unknown]> {
  if (typeof value === "number" && name !== "smoothing") {
    const odd = name === "stride" ? [0, 17, value + 16] : [value + 1e6];
    if (name === "blockSize") odd.push(0, 3, 32);
    const beyond = { batch: [0], classes: [0, value + 1] }[name] ?? [];
    for (const bad of [...NUMBERS, ...odd, ...beyond]) yield [`${name} ${bad}`, bad];
  } else if (ArrayBuffer.isView(value)) {
    yield* wrongArrays(name, value as Float32Array, kernels);
  } else if (
    value !== null && typeof value === "object" && !("slope" in value || "rate" in value)
  ) {
    for (const [field, inner] of Object.entries(value)) {
      for (const [what, bad] of wrong(field, inner, kernels)) {
        yield [`${name}.${what}`, { ...value, [field]: bad }];
      }
    }
  }
}

function* wrongArrays(
  name: string,
  array: Float32Array | Int32Array,
  kernels: Kernels,
): Generator<[string, unknown]> {
  yield [`${name} too short`, array.subarray(0, array.length - 1)];
  yield [`no ${name}`, array.subarray(0, 0)];
  yield [`${name} undefined`, undefined];
  yield [`${name} a list`, Array.from(array)];
  const other = array instanceof Int32Array ? Float32Array : Int32Array;
  yield [
    `${name} of type ${other.name}`,
    new other(array.buffer as ArrayBuffer, array.byteOffset, array.length),
  ];
  if (kernels.name !== "reference" && array instanceof Float32Array) {
    yield [`${name} of 64 bits`, new Float64Array(array.length)];
  }
  if (kernels.name === "wasm" && !["targets", "result"].includes(name)) {
    yield [`${name} outside the memory`, array.slice()];
  }
  if (!(array instanceof Int32Array)) return;
  for (const value of CONTENTS[name]) {
    for (const place of [0, array.length >> 1, array.length - 1]) {
      const copy = kernels.openArena().integers(array.length);
      copy.set(array);
      copy[place] = value;
      yield [`${name}[${place}] = ${value}`, copy];
    }
  }
}
