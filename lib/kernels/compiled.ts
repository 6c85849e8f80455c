import type { Arena } from "./arena.ts";
import type { FloatArray } from "./float_array.ts";
import { type KernelName, type Kernels, strideOf } from "./kernels.ts";
import { squaredError } from "./squared_error.ts";
import type { WorkerStart } from "./worker_start.ts";

/** The functions of `kernels.c`, with pointers as numbers. */
export interface CompiledFunctions {
  sparse_forward(...args: number[]): void;
  sparse_backward(...args: number[]): void;
  sparse_gradient(...args: number[]): void;
  sparse_gradient_sgd(...args: number[]): void;
  dense_forward(...args: number[]): void;
  dense_backward(...args: number[]): void;
  dense_gradient(...args: number[]): void;
  transpose(...args: number[]): void;
  sine(...args: number[]): void;
  sgd_update(...args: number[]): void;
  adam_update(...args: number[]): void;
  softmax(...args: number[]): void;
  softmax_cross_entropy(...args: number[]): void;
  stream(...args: number[]): void;
}

/** Any array a kernel reads or writes. */
export type KernelArray = FloatArray | Int32Array;

/** A back end made of compiled code. WebAssembly and native code differ in these points alone. */
export interface CompiledBackend {
  /** Which one it is. */
  readonly name: KernelName;
  /** One line for run records. */
  readonly description: string;
  /** The functions of `kernels.c`. */
  readonly functions: CompiledFunctions;
  /** The address of an array's first element, as the compiled code sees it. */
  readonly address: (array: KernelArray) => number;
  /** Opens an arena of arrays that the compiled code can reach. */
  readonly openArena: () => Arena;
  /**
   * What a worker thread needs to open the same back end on the same memory. What it takes from the
   * arena is its own for as long as it runs.
   */
  readonly workerStart: (arena: Arena) => Pick<WorkerStart, "wasm" | "library">;
}

/** Binds compiled functions to the arrays of this library. */
export function compiledKernels(backend: CompiledBackend): Kernels {
  const { name, description, functions: c, address, openArena } = backend;
  const optional = (array: KernelArray | null) => array === null ? 0 : address(array);
  return {
    name,
    description,
    openArena,

    sparseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      c.sparse_forward(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        address(layer.indptr),
        address(layer.indices),
        address(layer.weights),
        address(layer.bias),
        address(x),
        address(out),
        optional(factor),
        gate.slope,
        gate.dropThreshold,
        gate.dropKey,
      );
    },

    sparseBackward(layer, dz, factor, dx, stride, from = 0, to = layer.columns) {
      c.sparse_backward(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        address(layer.transpose.indptr),
        address(layer.transpose.rows),
        address(layer.transpose.entries),
        address(layer.weights),
        address(layer.transpose.weights),
        address(dz),
        optional(factor),
        address(dx),
      );
    },

    sparseGradient(layer, x, dz, gradient, stride, batch, from = 0, to = layer.rows) {
      c.sparse_gradient(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        1 / batch,
        address(layer.indptr),
        address(layer.indices),
        address(x),
        address(dz),
        address(gradient.weights),
        address(gradient.bias),
      );
    },

    sparseGradientSgd(
      layer,
      x,
      dz,
      gradient,
      velocity,
      step,
      stride,
      batch,
      from = 0,
      to = layer.rows,
    ) {
      c.sparse_gradient_sgd(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        1 / batch,
        address(layer.indptr),
        address(layer.indices),
        address(x),
        address(dz),
        address(gradient.weights),
        address(gradient.bias),
        address(layer.weights),
        address(velocity.weights),
        address(layer.bias),
        address(velocity.bias),
        step.rate,
        step.momentum,
        step.l2,
        step.decay,
      );
    },

    denseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      c.dense_forward(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        address(layer.weights),
        address(layer.bias),
        address(x),
        address(out),
        optional(factor),
        gate.slope,
        gate.dropThreshold,
        gate.dropKey,
      );
    },

    denseBackward(layer, dz, factor, dx, stride, from = 0, to = layer.columns) {
      c.dense_backward(
        from,
        to,
        layer.rows,
        layer.columns,
        stride,
        address(layer.weights),
        address(dz),
        optional(factor),
        address(dx),
      );
    },

    denseGradient(
      layer,
      x,
      dz,
      gradient,
      transposed,
      stride,
      batch,
      from = 0,
      to = layer.rows,
    ) {
      const pitch = strideOf(layer.columns);
      c.transpose(layer.columns, stride, pitch, address(x), address(transposed));
      c.dense_gradient(
        from,
        to,
        layer.rows,
        layer.columns,
        pitch,
        stride,
        1 / batch,
        address(transposed),
        address(dz),
        address(gradient.weights),
        address(gradient.bias),
      );
    },

    sine(rows, z, factor, stride, from = 0, to = rows) {
      c.sine(from, to, rows, stride, address(z), optional(factor));
    },

    sgdUpdate(gradient, weights, velocity, step, from = 0, to = weights.length) {
      c.sgd_update(
        from,
        to,
        address(gradient),
        address(weights),
        address(velocity),
        step.rate,
        step.momentum,
        step.l2,
        step.decay,
      );
    },

    adamUpdate(gradient, weights, mean, square, step, from = 0, to = weights.length) {
      c.adam_update(
        from,
        to,
        address(gradient),
        address(weights),
        address(mean),
        address(square),
        step.rate,
        step.beta1,
        step.beta2,
        step.correction,
        step.epsilon,
        step.l2,
        step.decay,
      );
    },

    softmax(classes, batch, stride, z, p) {
      c.softmax(classes, batch, stride, address(z), address(p));
    },

    softmaxCrossEntropy(
      classes,
      batch,
      stride,
      z,
      labels,
      smoothing,
      dz,
      result,
      weights = null,
    ) {
      c.softmax_cross_entropy(
        classes,
        batch,
        stride,
        address(z),
        address(labels),
        smoothing,
        address(dz),
        address(result),
        optional(weights),
      );
    },

    squaredError,
  };
}
