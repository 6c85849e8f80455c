/**
 * The reference of the exported integer arithmetic. It gives the same bits as the C program.
 *
 * @module
 */
import { type InputSteps, roundToEven, rowInputs } from "../inputs/mod.ts";
import type { PlannedActivation, PlannedOutput } from "../plan.ts";
import { logarithm, power, scaled, scaledUnsigned, shifted, sine } from "./fixed_point.ts";
import type { IntegerLayer, IntegerPlan } from "./quantize.ts";
import { decodeScale, exponentOf } from "./row_scale.ts";

/** log2(e) × 2^15. */
export const LOG2E = 47274;

/** Activations: integers times 2^exponent. */
interface Activations {
  readonly values: Int32Array;
  readonly exponent: number;
}

/**
 * Computes the answer to one raw row: probabilities, or a number.
 *
 * @param row Length columns; NaN is a missing value.
 * @returns 32-bit floats; or 1 + the first column whose value cannot be used; or −1 if the answer is beyond
 * 32-bit floats.
 */
export function predictIntegers(
  steps: InputSteps,
  plan: IntegerPlan,
  output: PlannedOutput,
  row: ArrayLike<number>,
): Float32Array | number {
  const inputs = rowInputs(steps, row);
  if (typeof inputs === "number") return inputs;
  const limit = 2 ** plan.activationBits - 1;
  const first = integerInputs(inputs, plan.activationBits);
  const outputs = plan.members.map(({ layers }) =>
    layers.reduce((before, layer) => layerOutputs(layer, before, limit, plan.activationBits), first)
  );
  if (output.kind === "number") {
    const number = outputs.reduce(
      (sum, { values, exponent }) =>
        Math.fround(sum + Math.fround(Math.fround(values[0]) * 2 ** exponent)),
      Math.fround(output.mean),
    );
    return Number.isFinite(number) ? Float32Array.of(number) : -1;
  }
  const totals = new Uint32Array(output.classes.length);
  outputs.forEach((own, m) => addSoftmax(own, totals, plan, plan.members[m].share));
  if (output.temperature === null) {
    return Float32Array.from(totals, (total) => Math.fround(total) * plan.unit);
  }
  return calibratedTotals(totals, output.temperature);
}

/** Converts inputs to integers. The largest input sets the exponent. */
export function integerInputs(inputs: Float32Array, bits: number): Activations {
  const limit = 2 ** bits - 1;
  const largest = inputs.reduce((most, input) => Math.max(most, Math.abs(input)), 0);
  const exponent = Math.max(-100, exponentOf(largest)) - bits;
  const values = Int32Array.from(
    inputs,
    (input) => Math.max(-limit, Math.min(limit, roundToEven(Math.fround(input * 2 ** -exponent)))),
  );
  return { values, exponent };
}

function layerOutputs(
  layer: IntegerLayer,
  { values, exponent }: Activations,
  limit: number,
  bits: number,
): Activations {
  const sums = sumsOf(layer, values);
  const common = addBiases(layer, sums, exponent + layer.exponent);
  const { activation } = layer;
  if (activation.kind === "none") return { values: sums, exponent: common };
  if (activation.kind === "sine") {
    return { values: sums.map((sum) => sineOf(sum, common, bits)), exponent: -bits };
  }
  for (let i = 0; i < sums.length; i++) if (sums[i] < 0) sums[i] = belowZero(sums[i], activation);
  return narrowed(sums, common, limit);
}

function sumsOf(layer: IntegerLayer, values: Int32Array): Int32Array {
  const sums = new Int32Array(layer.outputs);
  if (layer.kind === "dense") {
    layer.weights.forEach((weight, at) =>
      sums[Math.floor(at / layer.inputs)] += weight * values[at % layer.inputs]
    );
    return sums;
  }
  const { blockSize, indptr, indices, data } = layer;
  for (let row = 0; row < indptr.length - 1; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      for (let g = 0; g < blockSize; g++) {
        sums[row * blockSize + g] += data[entry * blockSize + g] * values[indices[entry]];
      }
    }
  }
  return sums;
}

/** Multiplies sums by their scales and adds biases, in place. Returns the exponent of the sums. */
function addBiases(
  { scales, bias, biasExponent }: IntegerLayer,
  sums: Int32Array,
  exponent: number,
): number {
  const common = Math.max(exponent, biasExponent - 14);
  const up = biasExponent - common;
  for (let i = 0; i < sums.length; i++) {
    const { factor, shift } = decodeScale(scales[i]);
    const sum = shifted(scaled(sums[i], factor), shift);
    const own = up >= 0 ? bias[i] * 2 ** up : shifted(bias[i], -up);
    sums[i] = shifted(sum, common - exponent + 1) + shifted(own, 1);
  }
  return common + 1;
}

function belowZero(sum: number, activation: PlannedActivation & { kind: "rectified" }): number {
  const { slope } = activation;
  if (slope === 0) return 0;
  const value = scaled(-sum, slopeFactor(slope));
  return slope < 0 ? value : -value;
}

/** The magnitude of a slope × 2^16, within 16 bits. */
export function slopeFactor(slope: number): number {
  return Math.min(65535, Math.round(Math.abs(slope) * 65536));
}

/** Reduces values to the bits of activations. */
function narrowed(sums: Int32Array, exponent: number, limit: number): Activations {
  const most = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0);
  let n = 0;
  while (shifted(most, n) > limit) n++;
  const half = n > 0 ? 2 ** (n - 1) : 0;
  const values = sums.map((sum) => Math.max(-limit, Math.min(limit, shifted(sum + half, n))));
  return { values, exponent: exponent + n };
}

/** The sine of a sum in turns, as an activation of `bits` bits. */
function sineOf(sum: number, exponent: number, bits: number): number {
  const up = exponent + 16;
  const phase = up >= 16 ? 0 : up >= 0 ? sum << up : shifted(sum, -up);
  const value = sine(phase & 0xffff);
  // Rounds towards 0, so that no magnitude exceeds the limit of activations.
  return value < 0 ? -shifted(-value, 15 - bits) : shifted(value, 15 - bits);
}

/** Adds a member's probabilities × 2^24 to totals. */
function addSoftmax(
  { values, exponent }: Activations,
  totals: Uint32Array,
  { equalShares }: IntegerPlan,
  share: number,
): void {
  const most = values.reduce((most, value) => Math.max(most, value));
  const spare = spareBits(values.length);
  const powers = Array.from(values, (value) => {
    // In units of half of log2, because LOG2E has 15 bits after the point.
    const distance = scaledUnsigned(most - value, LOG2E);
    return power(shiftedBy(distance, exponent + 17)) >>> spare;
  });
  const sum = powers.reduce((sum, power) => sum + power, 0);
  powers.forEach((power, c) => {
    const probability = probabilityOf(power, sum);
    totals[c] += equalShares ? probability : scaledUnsigned(probability, share);
  });
}

/** The share of a power in the sum, × 2^24. */
function probabilityOf(power: number, sum: number): number {
  return roundToEven(Math.fround(Math.fround(power) / Math.fround(sum)) * 2 ** 24);
}

/** The number of bits that powers lose, so that their sum fits into 32 bits. */
export function spareBits(classes: number): number {
  let bits = 0;
  while (classes > 255 << bits) bits++;
  return bits;
}

/** Beyond this, 2^−x is 0. */
const FAR = 25 * 2 ** 16;

/** value × 2^n for an unsigned value, at most {@linkcode FAR}. */
function shiftedBy(value: number, n: number): number {
  if (n < 0) return n <= -32 ? 0 : Math.min(FAR, value >>> -n);
  return n >= 32 || value > FAR >>> n ? value === 0 ? 0 : FAR : value << n;
}

/** The inverse of a temperature in 16 bits: factor × 2^(shift − 16). */
export function inverseTemperature(temperature: number): { factor: number; shift: number } {
  const shift = exponentOf(1 / temperature);
  return { factor: Math.min(65535, Math.round(2 ** (16 - shift) / temperature)), shift };
}

/** Probabilities to the power of 1 / T, normalised. */
function calibratedTotals(totals: Uint32Array, temperature: number): Float32Array {
  const { factor, shift } = inverseTemperature(temperature);
  const spare = spareBits(totals.length);
  const most = logarithm(totals.reduce((most, total) => Math.max(most, total), 1));
  const powers = Array.from(totals, (total) => {
    const distance = total === 0 ? most + 65536 : most - logarithm(total);
    return power(shiftedBy(scaledUnsigned(distance, factor), shift)) >>> spare;
  });
  const sum = Math.fround(powers.reduce((sum, power) => sum + power, 0));
  return Float32Array.from(powers, (power) => Math.fround(power) / sum);
}
