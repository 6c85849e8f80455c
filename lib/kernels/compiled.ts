import type { Arena } from "./arena.ts";
import {
  checkBackward,
  checkFloats,
  checkForward,
  checkGradient,
  checkLabels,
  checkLoss,
  checkOneRow,
  checkPerWeight,
  checkSine,
  checkSoftmax,
  checkUpdate,
} from "./check_arguments.ts";
import type { FloatArray } from "./float_array.ts";
import { backwardEnd, type KernelName, type Kernels, strideOf } from "./kernels.ts";
import { squaredError } from "./squared_error.ts";
import type { WorkerStart } from "./worker_start.ts";

/** The names of the functions of `kernels.c`. */
export type CompiledName =
  | `sparse_${"forward" | "backward" | "gradient" | "gradient_sgd"}`
  | `block_${"forward" | "backward" | "gradient" | "gradient_sgd"}`
  | `dense_${"forward" | "backward" | "gradient"}`
  | `${"sgd" | "adam"}_update`
  | `softmax${"" | "_cross_entropy"}`
  | "transpose"
  | "sine"
  | `${"sparse" | "dense"}_row`
  | "stream";

/** The functions of `kernels.c`, with addresses as numbers. */
export type CompiledFunctions = Record<CompiledName, (...args: number[]) => void>;

/** Any array a kernel reads or writes. */
export type KernelArray = FloatArray | Int32Array;

/** A compiled back end: the differences between WebAssembly and native code. */
export interface CompiledBackend {
  /** The name of the back end. */
  readonly name: KernelName;
  /** One line for run records. */
  readonly description: string;
  /** The functions of `kernels.c`. */
  readonly functions: CompiledFunctions;
  /** Returns the address of an array's first element in the compiled code. */
  readonly address: (array: KernelArray) => number;
  /** Opens an arena of arrays that the compiled code can reach. */
  readonly openArena: () => Arena;
  /**
   * Returns what a worker thread needs to open the same back end on the same memory. The arena keeps
   * the thread's own memory, such as its stack.
   */
  readonly workerStart: (arena: Arena) => Pick<WorkerStart, "wasm" | "library">;
}

/** Makes kernels of compiled functions: arrays become addresses, `null` becomes address 0. */
export function compiledKernels(backend: CompiledBackend): Kernels {
  const { name, description, functions: c, address, openArena } = backend;
  const at = (array: KernelArray) => {
    if (array.BYTES_PER_ELEMENT === 4) return address(array);
    throw new TypeError(
      `Cannot compute with ${name} kernels: found 64-bit floats, need 32-bit ones`,
    );
  };
  const orNull = (array: KernelArray | null) => array === null ? 0 : at(array);
  // deno-fmt-ignore: the arguments of a call in groups, sizes before arrays before coefficients.
  return {
    name,
    description,
    openArena,

    sparseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      checkForward("compute sparseForward", layer, x, out, factor, stride, from, to);
      const { blockSize } = layer;
      if (blockSize > 1) {
        return c.block_forward(
          from / blockSize, to / blockSize, blockSize, layer.rows, layer.columns, stride,
          at(layer.indptr), at(layer.indices), at(layer.weights), at(layer.bias),
          at(x), at(out), orNull(factor),
          gate.slope, gate.dropThreshold, gate.dropKey,
        );
      }
      c.sparse_forward(
        from, to, layer.rows, layer.columns, stride,
        at(layer.indptr), at(layer.indices), at(layer.weights), at(layer.bias),
        at(x), at(out), orNull(factor),
        gate.slope, gate.dropThreshold, gate.dropKey,
      );
    },

    sparseBackward(layer, dz, factor, dx, stride, from = 0, to = backwardEnd(layer, stride)) {
      checkBackward("compute sparseBackward", layer, dz, factor, dx, stride, from, to);
      const { blockSize, transpose } = layer;
      if (blockSize > 1) {
        return c.block_backward(
          from, to, blockSize, layer.rows, layer.columns, stride,
          at(layer.indptr), at(layer.indices), at(layer.weights), at(dz), orNull(factor), at(dx),
        );
      }
      c.sparse_backward(
        from, to, layer.rows, layer.columns, stride,
        at(transpose.indptr), at(transpose.rows), at(transpose.entries),
        at(layer.weights), at(transpose.weights),
        at(dz), orNull(factor), at(dx),
      );
    },

    sparseGradient(layer, x, dz, gradient, stride, batch, from = 0, to = layer.rows) {
      checkGradient("compute sparseGradient", layer, x, dz, gradient, stride, batch, from, to);
      const { blockSize } = layer;
      if (blockSize > 1) {
        return c.block_gradient(
          from / blockSize, to / blockSize, blockSize, layer.rows, layer.columns, stride, 1 / batch,
          at(layer.indptr), at(layer.indices), at(x), at(dz), at(gradient.weights), at(gradient.bias),
        );
      }
      c.sparse_gradient(
        from, to, layer.rows, layer.columns, stride, 1 / batch,
        at(layer.indptr), at(layer.indices), at(x), at(dz), at(gradient.weights), at(gradient.bias),
      );
    },

    sparseGradientSgd(
      layer, x, dz, gradient, velocity, step, stride, batch, from = 0, to = layer.rows,
    ) {
      checkGradient("compute sparseGradientSgd", layer, x, dz, gradient, stride, batch, from, to);
      checkPerWeight("compute sparseGradientSgd", "layer", layer, layer);
      checkPerWeight("compute sparseGradientSgd", "velocity", velocity, layer);
      const { blockSize } = layer;
      if (blockSize > 1) {
        return c.block_gradient_sgd(
          from / blockSize, to / blockSize, blockSize, layer.rows, layer.columns, stride, 1 / batch,
          at(layer.indptr), at(layer.indices), at(x), at(dz), at(gradient.weights), at(gradient.bias),
          at(layer.weights), at(velocity.weights), at(layer.bias), at(velocity.bias),
          step.rate, step.momentum, step.l2, step.decay,
        );
      }
      c.sparse_gradient_sgd(
        from, to, layer.rows, layer.columns, stride, 1 / batch,
        at(layer.indptr), at(layer.indices), at(x), at(dz), at(gradient.weights), at(gradient.bias),
        at(layer.weights), at(velocity.weights), at(layer.bias), at(velocity.bias),
        step.rate, step.momentum, step.l2, step.decay,
      );
    },

    denseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      checkForward("compute denseForward", layer, x, out, factor, stride, from, to);
      c.dense_forward(
        from, to, layer.rows, layer.columns, stride,
        at(layer.weights), at(layer.bias), at(x), at(out), orNull(factor),
        gate.slope, gate.dropThreshold, gate.dropKey,
      );
    },

    denseBackward(layer, dz, factor, dx, stride, from = 0, to = layer.columns) {
      checkBackward("compute denseBackward", layer, dz, factor, dx, stride, from, to);
      c.dense_backward(
        from, to, layer.rows, layer.columns, stride,
        at(layer.weights), at(dz), orNull(factor), at(dx),
      );
    },

    denseGradient(layer, x, dz, gradient, transposed, stride, batch, from = 0, to = layer.rows) {
      checkGradient("compute denseGradient", layer, x, dz, gradient, stride, batch, from, to);
      const pitch = strideOf(layer.columns);
      checkFloats("compute denseGradient", "transposed", transposed, stride * pitch);
      c.transpose(layer.columns, stride, pitch, at(x), at(transposed));
      c.dense_gradient(
        from, to, layer.rows, layer.columns, pitch, stride, 1 / batch,
        at(transposed), at(dz), at(gradient.weights), at(gradient.bias),
      );
    },

    sparseRow(layer, x, out, slope) {
      checkOneRow("compute sparseRow", layer, x, out);
      const { blockSize: block } = layer;
      c.sparse_row(
        0, layer.rows / block, block, at(layer.indptr), at(layer.indices),
        at(layer.weights), at(layer.bias), at(x), at(out), slope,
      );
    },

    denseRow(layer, x, out, slope) {
      checkOneRow("compute denseRow", layer, x, out);
      c.dense_row(
        0, layer.rows, layer.columns, at(layer.weights), at(layer.bias), at(x), at(out), slope,
      );
    },

    sine(rows, z, factor, stride, from = 0, to = rows) {
      checkSine("compute sine", rows, z, factor, stride, from, to);
      c.sine(from, to, rows, stride, at(z), orNull(factor));
    },

    sgdUpdate(gradient, weights, velocity, step, from = 0, to = weights.length) {
      checkUpdate("compute sgdUpdate", gradient, weights, velocity, null, from, to);
      c.sgd_update(
        from, to, at(gradient), at(weights), at(velocity),
        step.rate, step.momentum, step.l2, step.decay,
      );
    },

    adamUpdate(gradient, weights, mean, square, step, from = 0, to = weights.length) {
      checkUpdate("compute adamUpdate", gradient, weights, mean, square, from, to);
      c.adam_update(
        from, to, at(gradient), at(weights), at(mean), at(square),
        step.rate, step.beta1, step.beta2, step.correction, step.epsilon, step.l2, step.decay,
      );
    },

    softmax(classes, batch, stride, z, p) {
      checkSoftmax("compute softmax", classes, batch, stride, z, p);
      c.softmax(classes, batch, stride, at(z), at(p));
    },

    softmaxCrossEntropy(classes, batch, stride, z, labels, smoothing, dz, result, weights = null) {
      checkLoss("compute softmaxCrossEntropy", classes, batch, stride, z, dz, result, weights);
      checkLabels("compute softmaxCrossEntropy", labels, batch, classes);
      c.softmax_cross_entropy(
        classes, batch, stride, at(z), at(labels), smoothing, at(dz), address(result), orNull(weights),
      );
    },

    squaredError,
  };
}
