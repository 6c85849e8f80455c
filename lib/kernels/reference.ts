/**
 * The reference kernels: plain loops. The compiled kernels are tested against them. Sums are computed in
 * double precision and rounded once. With `precision: 64` the arrays hold doubles too, because finite
 * differences need their precision.
 *
 * @module
 */
import { heapArena } from "./arena.ts";
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
import {
  activationIndex as at,
  backwardEnd,
  type Gate,
  type Kernels,
  PANEL,
  type SparseArrays,
  strideOf,
} from "./kernels.ts";
import { squaredError } from "./squared_error.ts";

/** Smaller momenta become 0: see `c/sgd_step.h`. */
const TINY = 1e-30;

/**
 * Makes reference kernels.
 *
 * @param options.precision The bits of floats in their arenas: 32 (the default) or 64.
 *
 * @example Usage
 * ```ts
 * import { referenceKernels } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * const kernels = referenceKernels({ precision: 64 });
 * const p = new Float64Array(32);
 * kernels.softmax(2, 1, 16, new Float64Array(32), p);
 * assert.equal(p[0], 0.5);
 * ```
 */
export function referenceKernels(options: { precision?: 32 | 64 } = {}): Kernels {
  const precision = options.precision ?? 32;
  return {
    name: "reference",
    description: `TypeScript reference (${precision}-bit)`,
    openArena: () => heapArena(precision),

    sparseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      checkForward("compute sparseForward", layer, x, out, factor, stride, from, to);
      const G = layer.blockSize;
      for (let j = from; j < to; j++) {
        const row = Math.floor(j / G);
        for (let b = 0; b < stride; b++) {
          let z = layer.bias[j];
          for (let k = layer.indptr[row]; k < layer.indptr[row + 1]; k++) {
            z += layer.weights[k * G + j % G] * x[at(layer.columns, stride, layer.indices[k], b)];
          }
          applyGate(z, gate, j, b, at(layer.rows, stride, j, b), out, factor);
        }
      }
    },

    sparseBackward(layer, dz, factor, dx, stride, from = 0, to = backwardEnd(layer, stride)) {
      checkBackward("compute sparseBackward", layer, dz, factor, dx, stride, from, to);
      if (layer.blockSize > 1) return blockBackward(layer, dz, factor, dx, stride, from, to);
      const { indptr, rows, entries } = layer.transpose;
      for (let i = from; i < to; i++) {
        for (let b = 0; b < stride; b++) {
          let sum = 0;
          for (let k = indptr[i]; k < indptr[i + 1]; k++) {
            sum += layer.weights[entries[k]] * dz[at(layer.rows, stride, rows[k], b)];
          }
          const place = at(layer.columns, stride, i, b);
          dx[place] = factor === null ? sum : sum * factor[place];
        }
      }
    },

    sparseGradient(layer, x, dz, gradient, stride, batch, from = 0, to = layer.rows) {
      checkGradient("compute sparseGradient", layer, x, dz, gradient, stride, batch, from, to);
      const G = layer.blockSize;
      for (let j = from; j < to; j++) {
        const row = Math.floor(j / G);
        gradient.bias[j] = rowSum(dz, layer.rows, j, stride) / batch;
        for (let k = layer.indptr[row]; k < layer.indptr[row + 1]; k++) {
          const mean = rowProduct(layer, x, layer.indices[k], dz, j, stride) / batch;
          gradient.weights[k * G + j % G] = mean;
        }
      }
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
      checkGradient("compute sparseGradientSgd", layer, x, dz, gradient, stride, batch, from, to);
      checkPerWeight("compute sparseGradientSgd", "layer", layer, layer);
      checkPerWeight("compute sparseGradientSgd", "velocity", velocity, layer);
      this.sparseGradient(layer, x, dz, gradient, stride, batch, from, to);
      const G = layer.blockSize;
      const [first, last] = [from, to].map((row) => layer.indptr[row / G] * G);
      this.sgdUpdate(gradient.weights, layer.weights, velocity.weights, step, first, last);
      this.sgdUpdate(gradient.bias, layer.bias, velocity.bias, step, from, to);
    },

    denseForward(layer, x, out, factor, gate, stride, from = 0, to = layer.rows) {
      checkForward("compute denseForward", layer, x, out, factor, stride, from, to);
      for (let j = from; j < to; j++) {
        for (let b = 0; b < stride; b++) {
          let z = layer.bias[j];
          for (let i = 0; i < layer.columns; i++) {
            z += layer.weights[j * layer.columns + i] * x[at(layer.columns, stride, i, b)];
          }
          applyGate(z, gate, j, b, at(layer.rows, stride, j, b), out, factor);
        }
      }
    },

    denseBackward(layer, dz, factor, dx, stride, from = 0, to = layer.columns) {
      checkBackward("compute denseBackward", layer, dz, factor, dx, stride, from, to);
      for (let i = from; i < to; i++) {
        for (let b = 0; b < stride; b++) {
          let sum = 0;
          for (let j = 0; j < layer.rows; j++) {
            sum += layer.weights[j * layer.columns + i] * dz[at(layer.rows, stride, j, b)];
          }
          const place = at(layer.columns, stride, i, b);
          dx[place] = factor === null ? sum : sum * factor[place];
        }
      }
    },

    denseGradient(layer, x, dz, gradient, transposed, stride, batch, from = 0, to = layer.rows) {
      checkGradient("compute denseGradient", layer, x, dz, gradient, stride, batch, from, to);
      const scratch = stride * strideOf(layer.columns);
      checkFloats("compute denseGradient", "transposed", transposed, scratch);
      for (let j = from; j < to; j++) {
        gradient.bias[j] = rowSum(dz, layer.rows, j, stride) / batch;
        for (let i = 0; i < layer.columns; i++) {
          gradient.weights[j * layer.columns + i] = rowProduct(layer, x, i, dz, j, stride) / batch;
        }
      }
    },

    sparseRow(layer, x, out, slope) {
      checkOneRow("compute sparseRow", layer, x, out);
      const { blockSize: block } = layer;
      for (let j = 0; j < layer.rows; j++) {
        const blockRow = Math.floor(j / block);
        let z = layer.bias[j];
        for (let k = layer.indptr[blockRow]; k < layer.indptr[blockRow + 1]; k++) {
          z += layer.weights[k * block + j % block] * x[layer.indices[k]];
        }
        out[j] = z < 0 ? slope * z : z;
      }
    },

    denseRow(layer, x, out, slope) {
      checkOneRow("compute denseRow", layer, x, out);
      for (let j = 0; j < layer.rows; j++) {
        let z = layer.bias[j];
        for (let i = 0; i < layer.columns; i++) z += layer.weights[j * layer.columns + i] * x[i];
        out[j] = z < 0 ? slope * z : z;
      }
    },

    sine(rows, z, factor, stride, from = 0, to = rows) {
      checkSine("compute sine", rows, z, factor, stride, from, to);
      for (let j = from; j < to; j++) {
        for (let b = 0; b < stride; b++) {
          const place = at(rows, stride, j, b);
          const angle = z[place];
          z[place] = Math.sin(angle);
          if (factor !== null) factor[place] = Math.cos(angle);
        }
      }
    },

    sgdUpdate(gradient, weights, velocity, step, from = 0, to = weights.length) {
      checkUpdate("compute sgdUpdate", gradient, weights, velocity, null, from, to);
      const { rate, momentum, l2, decay } = step;
      for (let k = from; k < to; k++) {
        const v = momentum * velocity[k] - rate * (gradient[k] + l2 * weights[k]);
        velocity[k] = Math.abs(v) < TINY ? 0 : v;
        weights[k] += velocity[k] - decay * weights[k];
      }
    },

    adamUpdate(gradient, weights, mean, square, step, from = 0, to = weights.length) {
      checkUpdate("compute adamUpdate", gradient, weights, mean, square, from, to);
      const { rate, beta1, beta2, correction, epsilon, l2, decay } = step;
      for (let k = from; k < to; k++) {
        const g = gradient[k] + l2 * weights[k];
        const m = beta1 * mean[k] + (1 - beta1) * g;
        const v = beta2 * square[k] + (1 - beta2) * g * g;
        mean[k] = Math.abs(m) < TINY ? 0 : m;
        square[k] = v < TINY ? 0 : v;
        const root = Math.sqrt(square[k]) / correction + epsilon;
        weights[k] -= rate * mean[k] / root + decay * weights[k];
      }
    },

    softmax(classes, batch, stride, z, p) {
      checkSoftmax("compute softmax", classes, batch, stride, z, p);
      for (let b = 0; b < batch; b++) softmaxOfSample(classes, stride, z, p, b);
    },

    softmaxCrossEntropy(classes, batch, stride, z, labels, smoothing, dz, result, weights = null) {
      checkLoss("compute softmaxCrossEntropy", classes, batch, stride, z, dz, result, weights);
      checkLabels("compute softmaxCrossEntropy", labels, batch, classes);
      for (let b = 0; b < batch; b++) {
        const weight = weights === null ? 1 : weights[b];
        const { logTotal, largest } = softmaxOfSample(classes, stride, z, dz, b);
        if (largest === labels[b]) result[1] += 1;
        for (let c = 0; c < classes; c++) {
          const y = (c === labels[b] ? 1 - smoothing : 0) + smoothing / classes;
          const place = at(classes, stride, c, b);
          result[0] += weight * y * (logTotal - z[place]);
          dz[place] = weight * (dz[place] - y);
        }
      }
      for (let b = batch; b < stride; b++) {
        for (let c = 0; c < classes; c++) dz[at(classes, stride, c, b)] = 0;
      }
    },

    squaredError,
  };
}

/** Wᵀ dz of whole panels: every block is added to all its inputs. */
function blockBackward(
  { rows, columns, blockSize: G, indptr, indices, weights }: SparseArrays,
  dz: FloatArray,
  factor: FloatArray | null,
  dx: FloatArray,
  stride: number,
  from: number,
  to: number,
): void {
  const sums = new Float64Array(columns);
  for (let b = from * PANEL; b < Math.min(to * PANEL, stride); b++) {
    sums.fill(0);
    for (let j = 0; j < rows; j++) {
      const row = Math.floor(j / G);
      for (let k = indptr[row]; k < indptr[row + 1]; k++) {
        sums[indices[k]] += weights[k * G + j % G] * dz[at(rows, stride, j, b)];
      }
    }
    for (let i = 0; i < columns; i++) {
      const place = at(columns, stride, i, b);
      dx[place] = factor === null ? sums[i] : sums[i] * factor[place];
    }
  }
}

function applyGate(
  z: number,
  gate: Gate,
  row: number,
  sample: number,
  place: number,
  out: FloatArray,
  factor: FloatArray | null,
): void {
  let slope = z < 0 ? gate.slope : 1;
  if (gate.dropThreshold > 0) {
    slope = isDropped(gate, row, sample) ? 0 : slope * 65536 / (65536 - gate.dropThreshold);
  }
  out[place] = z * slope;
  if (factor !== null) factor[place] = slope;
}

/**
 * Returns `true` if a neuron is dropped for a sample. This depends on a hash of key, neuron and sample
 * alone, so it is the same for all threads, vector widths and back ends.
 */
function isDropped(gate: Gate, row: number, sample: number): boolean {
  const rowKey = hash((gate.dropKey + Math.imul(row, 0x9e3779b9)) >>> 0);
  const word = (sample >> 5) * 16 + (sample & 15);
  const bits = hash((Math.imul(word, 0x9e3779b9) ^ rowKey) >>> 0);
  return (sample & 16 ? bits >>> 16 : bits & 0xffff) < gate.dropThreshold;
}

/** The integer hash "lowbias32" of C. Wellons, https://nullprogram.com/blog/2018/07/31/. */
function hash(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function rowSum(a: FloatArray, rows: number, row: number, stride: number): number {
  let sum = 0;
  for (let b = 0; b < stride; b++) sum += a[at(rows, stride, row, b)];
  return sum;
}

function rowProduct(
  layer: { readonly rows: number; readonly columns: number },
  x: FloatArray,
  i: number,
  dz: FloatArray,
  j: number,
  stride: number,
): number {
  let sum = 0;
  for (let b = 0; b < stride; b++) {
    sum += x[at(layer.columns, stride, i, b)] * dz[at(layer.rows, stride, j, b)];
  }
  return sum;
}

function softmaxOfSample(
  classes: number,
  stride: number,
  z: FloatArray,
  p: FloatArray,
  sample: number,
): { logTotal: number; largest: number } {
  let largest = 0;
  for (let c = 1; c < classes; c++) {
    if (z[at(classes, stride, c, sample)] > z[at(classes, stride, largest, sample)]) largest = c;
  }
  const top = z[at(classes, stride, largest, sample)];
  let total = 0;
  for (let c = 0; c < classes; c++) total += Math.exp(z[at(classes, stride, c, sample)] - top);
  for (let c = 0; c < classes; c++) {
    p[at(classes, stride, c, sample)] = Math.exp(z[at(classes, stride, c, sample)] - top) / total;
  }
  return { logTotal: top + Math.log(total), largest };
}
