/**
 * The reference kernels once more, each floating-point operation a call that counts itself. Written
 * from the loops of lib/kernels/reference.ts and lib/kernels/c/kernels.c, and from no formula. Numbers
 * that do not depend on the loops are prepared before them, as in the compiled kernels.
 */
import { heapArena } from "../../lib/kernels/arena.ts";
import type { FloatArray } from "../../lib/kernels/float_array.ts";
import {
  activationIndex as at,
  type AdamStep,
  type Gate,
  type Kernels,
  type SgdStep,
  type SparseArrays,
} from "../../lib/kernels/kernels.ts";

/** Which phase an operation belongs to. */
export type Phase =
  | "forward"
  | "activation"
  | "softmax"
  | "inputGradient"
  | "weightGradient"
  | "update";

/** Kernels that count, and what they have counted. */
export interface CountingKernels extends Kernels {
  /** Operations so far, by phase. */
  readonly counted: Record<Phase, number>;
  /** How many columns hold samples; what is done to other columns is not counted. */
  samples: number;
}

const TINY = 1e-30;

export function countingReference(): CountingKernels {
  const counted: Record<Phase, number> = {
    forward: 0,
    activation: 0,
    softmax: 0,
    inputGradient: 0,
    weightGradient: 0,
    update: 0,
  };
  let phase: Phase = "forward";
  let counting = true;
  const one = (value: number): number => {
    if (counting) counted[phase]++;
    return value;
  };
  const add = (a: number, b: number) => one(a + b);
  const sub = (a: number, b: number) => one(a - b);
  const mul = (a: number, b: number) => one(a * b);
  const div = (a: number, b: number) => one(a / b);
  const exp = (a: number) => one(Math.exp(a));
  const log = (a: number) => one(Math.log(a));
  const sine = (a: number) => one(Math.sin(a));
  const cosine = (a: number) => one(Math.cos(a));
  const sqrt = (a: number) => one(Math.sqrt(a));

  /** Runs the loop body for every column, and counts where there is a sample. */
  function forColumns(stride: number, body: (column: number) => void): void {
    for (let b = 0; b < stride; b++) {
      counting = b < kernels.samples;
      body(b);
    }
    counting = true;
  }

  function gateOut(
    z: number,
    gate: Gate,
    row: number,
    b: number,
    place: number,
    out: FloatArray,
    factor: FloatArray | null,
  ): void {
    phase = "activation";
    const scale = 65536 / (65536 - gate.dropThreshold);
    const negative = gate.slope * scale;
    let slope = z < 0 ? negative : scale;
    if (gate.dropThreshold > 0 && isDropped(gate, row, b)) slope = 0;
    out[place] = mul(z, slope);
    if (factor !== null) factor[place] = slope;
  }

  function meanProduct(
    { rows, columns }: { readonly rows: number; readonly columns: number },
    x: FloatArray,
    i: number,
    dz: FloatArray,
    j: number,
    stride: number,
    mean: number,
  ): number {
    let sum = 0;
    forColumns(stride, (b) => {
      sum = add(sum, mul(x[at(columns, stride, i, b)], dz[at(rows, stride, j, b)]));
    });
    return mul(sum, mean);
  }

  function meanOfRow(
    rows: number,
    dz: FloatArray,
    j: number,
    stride: number,
    mean: number,
  ): number {
    let sum = 0;
    forColumns(stride, (b) => sum = add(sum, dz[at(rows, stride, j, b)]));
    return mul(sum, mean);
  }

  function softmaxOfSample(
    classes: number,
    stride: number,
    z: FloatArray,
    p: FloatArray,
    b: number,
  ): { total: number; largest: number } {
    const place = (c: number) => at(classes, stride, c, b);
    let largest = 0;
    for (let c = 1; c < classes; c++) {
      if (z[place(c)] > z[place(largest)]) largest = c;
    }
    const top = z[place(largest)];
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const e = exp(sub(z[place(c)], top));
      p[place(c)] = e;
      total = add(total, e);
    }
    const share = div(1, total);
    for (let c = 0; c < classes; c++) p[place(c)] = mul(p[place(c)], share);
    return { total, largest };
  }

  const kernels: CountingKernels = {
    name: "reference",
    description: "counting reference",
    counted,
    samples: Infinity,
    openArena: () => heapArena(64),

    sparseForward(layer, x, out, factor, gate, stride) {
      const { blockSize, columns, indptr, indices, weights } = layer;
      for (let j = 0; j < layer.rows; j++) {
        const [row, g] = [Math.floor(j / blockSize), j % blockSize];
        forColumns(stride, (b) => {
          phase = "forward";
          let z = layer.bias[j];
          for (let k = indptr[row]; k < indptr[row + 1]; k++) {
            z = add(z, mul(weights[k * blockSize + g], x[at(columns, stride, indices[k], b)]));
          }
          gateOut(z, gate, j, b, at(layer.rows, stride, j, b), out, factor);
        });
      }
    },

    sparseRow(layer, x, out, slope) {
      const { blockSize, indptr, indices, weights } = layer;
      for (let j = 0; j < layer.rows; j++) {
        const [row, g] = [Math.floor(j / blockSize), j % blockSize];
        phase = "forward";
        let z = layer.bias[j];
        for (let k = indptr[row]; k < indptr[row + 1]; k++) {
          z = add(z, mul(weights[k * blockSize + g], x[indices[k]]));
        }
        gateOut(z, { slope, dropThreshold: 0, dropKey: 0 }, j, 0, j, out, null);
      }
    },

    denseRow(layer, x, out, slope) {
      for (let j = 0; j < layer.rows; j++) {
        phase = "forward";
        let z = layer.bias[j];
        for (let i = 0; i < layer.columns; i++) {
          z = add(z, mul(layer.weights[j * layer.columns + i], x[i]));
        }
        gateOut(z, { slope, dropThreshold: 0, dropKey: 0 }, j, 0, j, out, null);
      }
    },

    sparseBackward(layer, dz, factor, dx, stride) {
      // Blocks have no transpose index: it is made for them.
      const { indptr, rows, entries } = layer.blockSize === 1 ? layer.transpose : indexOf(layer);
      for (let i = 0; i < layer.columns; i++) {
        forColumns(stride, (b) => {
          phase = "inputGradient";
          let sum = 0;
          for (let k = indptr[i]; k < indptr[i + 1]; k++) {
            sum = add(sum, mul(layer.weights[entries[k]], dz[at(layer.rows, stride, rows[k], b)]));
          }
          phase = "activation";
          const place = at(layer.columns, stride, i, b);
          dx[place] = factor === null ? sum : mul(sum, factor[place]);
        });
      }
    },

    sparseGradient(layer, x, dz, gradient, stride, batch, from = 0, to = layer.rows) {
      phase = "weightGradient";
      const mean = 1 / batch;
      const { blockSize, indptr, indices } = layer;
      for (let j = from; j < to; j++) {
        const [row, g] = [Math.floor(j / blockSize), j % blockSize];
        gradient.bias[j] = meanOfRow(layer.rows, dz, j, stride, mean);
        for (let k = indptr[row]; k < indptr[row + 1]; k++) {
          const place = k * blockSize + g;
          gradient.weights[place] = meanProduct(layer, x, indices[k], dz, j, stride, mean);
        }
      }
    },

    sparseGradientSgd(layer, x, dz, gradient, velocity, step, stride, batch) {
      this.sparseGradient(layer, x, dz, gradient, stride, batch);
      this.sgdUpdate(gradient.weights, layer.weights, velocity.weights, step);
      this.sgdUpdate(gradient.bias, layer.bias, velocity.bias, step);
    },

    denseForward(layer, x, out, factor, gate, stride) {
      for (let j = 0; j < layer.rows; j++) {
        forColumns(stride, (b) => {
          phase = "forward";
          let z = layer.bias[j];
          for (let i = 0; i < layer.columns; i++) {
            z = add(
              z,
              mul(layer.weights[j * layer.columns + i], x[at(layer.columns, stride, i, b)]),
            );
          }
          gateOut(z, gate, j, b, at(layer.rows, stride, j, b), out, factor);
        });
      }
    },

    denseBackward(layer, dz, factor, dx, stride) {
      for (let i = 0; i < layer.columns; i++) {
        forColumns(stride, (b) => {
          phase = "inputGradient";
          let sum = 0;
          for (let j = 0; j < layer.rows; j++) {
            sum = add(
              sum,
              mul(layer.weights[j * layer.columns + i], dz[at(layer.rows, stride, j, b)]),
            );
          }
          phase = "activation";
          const place = at(layer.columns, stride, i, b);
          dx[place] = factor === null ? sum : mul(sum, factor[place]);
        });
      }
    },

    denseGradient(layer, x, dz, gradient, _transposed, stride, batch) {
      phase = "weightGradient";
      const mean = 1 / batch;
      for (let j = 0; j < layer.rows; j++) {
        gradient.bias[j] = meanOfRow(layer.rows, dz, j, stride, mean);
        for (let i = 0; i < layer.columns; i++) {
          gradient.weights[j * layer.columns + i] = meanProduct(layer, x, i, dz, j, stride, mean);
        }
      }
    },

    sgdUpdate(gradient, weights, velocity, step: SgdStep) {
      phase = "update";
      for (let k = 0; k < weights.length; k++) {
        const g = add(gradient[k], mul(step.l2, weights[k]));
        const v = sub(mul(step.momentum, velocity[k]), mul(step.rate, g));
        velocity[k] = Math.abs(v) < TINY ? 0 : v;
        weights[k] = add(weights[k], sub(velocity[k], mul(step.decay, weights[k])));
      }
    },

    adamUpdate(gradient, weights, mean, square, step: AdamStep) {
      phase = "update";
      const rest1 = 1 - step.beta1;
      const rest2 = 1 - step.beta2;
      for (let k = 0; k < weights.length; k++) {
        const g = add(gradient[k], mul(step.l2, weights[k]));
        const m = add(mul(step.beta1, mean[k]), mul(rest1, g));
        const v = add(mul(step.beta2, square[k]), mul(mul(rest2, g), g));
        mean[k] = Math.abs(m) < TINY ? 0 : m;
        square[k] = v < TINY ? 0 : v;
        const root = add(div(sqrt(square[k]), step.correction), step.epsilon);
        const change = add(div(mul(step.rate, mean[k]), root), mul(step.decay, weights[k]));
        weights[k] = sub(weights[k], change);
      }
    },

    sine(rows, z, factor, stride, from = 0, to = rows) {
      phase = "activation";
      for (let j = from; j < to; j++) {
        forColumns(stride, (b) => {
          const place = at(rows, stride, j, b);
          const angle = z[place];
          z[place] = sine(angle);
          if (factor !== null) factor[place] = cosine(angle);
        });
      }
    },

    softmax(classes, batch, stride, z, p) {
      phase = "softmax";
      for (let b = 0; b < batch; b++) softmaxOfSample(classes, stride, z, p, b);
    },

    softmaxCrossEntropy(classes, batch, stride, z, labels, smoothing, dz, result, weights = null) {
      phase = "softmax";
      const likely = 1 - smoothing;
      const each = smoothing / classes;
      for (let b = 0; b < batch; b++) {
        const { total, largest } = softmaxOfSample(classes, stride, z, dz, b);
        const place = (c: number) => at(classes, stride, c, b);
        const logTotal = add(z[place(largest)], log(total));
        const label = labels[b];
        if (largest === label) result[1]++;
        let expected = mul(likely, z[place(label)]);
        if (smoothing !== 0) {
          for (let c = 0; c < classes; c++) {
            expected = add(expected, mul(each, z[place(c)]));
            dz[place(c)] = sub(dz[place(c)], each);
          }
        }
        dz[place(label)] = sub(dz[place(label)], likely);
        let loss = sub(logTotal, expected);
        if (weights !== null) {
          for (let c = 0; c < classes; c++) dz[place(c)] = mul(dz[place(c)], weights[b]);
          loss = mul(loss, weights[b]);
        }
        result[0] = add(result[0], loss);
      }
      for (let c = 0; c < classes; c++) {
        for (let b = batch; b < stride; b++) dz[at(classes, stride, c, b)] = 0;
      }
    },

    squaredError(outputs, batch, stride, z, targets, dz, result, weights = null) {
      phase = "softmax";
      dz.fill(0, 0, outputs * stride);
      let sum = 0;
      for (let output = 0; output < outputs; output++) {
        for (let b = 0; b < batch; b++) {
          const place = at(outputs, stride, output, b);
          const difference = sub(z[place], targets[place]);
          dz[place] = mul(2, difference);
          let loss = mul(difference, difference);
          if (weights !== null) {
            dz[place] = mul(dz[place], weights[b]);
            loss = mul(loss, weights[b]);
          }
          sum = add(sum, loss);
        }
      }
      // Once a call: not counted.
      result[0] += sum / outputs;
    },
  };
  return kernels;
}

/** As in lib/kernels/reference.ts: integers only. */
function isDropped(gate: Gate, row: number, sample: number): boolean {
  const rowKey = hash((gate.dropKey + Math.imul(row, 0x9e3779b9)) >>> 0);
  const word = (sample >> 5) * 16 + (sample & 15);
  const bits = hash((Math.imul(word, 0x9e3779b9) ^ rowKey) >>> 0);
  return (sample & 16 ? bits >>> 16 : bits & 0xffff) < gate.dropThreshold;
}

function hash(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The weights of a layer in blocks by their input neurons. */
function indexOf({ rows, columns, blockSize, indptr, indices }: SparseArrays) {
  const all: { row: number; column: number; entry: number }[] = [];
  for (let row = 0; row < rows; row++) {
    const block = Math.floor(row / blockSize);
    for (let k = indptr[block]; k < indptr[block + 1]; k++) {
      all.push({ row, column: indices[k], entry: k * blockSize + row % blockSize });
    }
  }
  all.sort((a, b) => a.column - b.column || a.row - b.row);
  return {
    indptr: Int32Array.from(
      { length: columns + 1 },
      (_, i) => all.filter(({ column }) => column < i).length,
    ),
    rows: all.map(({ row }) => row),
    entries: all.map(({ entry }) => entry),
  };
}
